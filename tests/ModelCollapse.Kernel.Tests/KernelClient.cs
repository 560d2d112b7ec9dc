using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace ModelCollapse.Kernel.Tests;

/// <summary>A kernel process and the front end's side of the protocol. Disposing it ends the process, whatever state it is in.</summary>
public sealed class KernelClient : IDisposable
{
    /// <summary>The longest that anything here takes on a machine with much else to do.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    readonly string session = Guid.NewGuid().ToString();
    readonly DirectoryInfo folder;
    readonly DealerSocket shell = new(), control = new(), stdin = new();
    readonly SubscriberSocket iopub = new();
    readonly RequestSocket heartbeat = new();
    readonly JsonObject connection;
    readonly Queue<Received> shellReplies = [], controlReplies = [];

    /// <summary>A kernel of this repository.</summary>
    /// <param name="work">Its working directory: the notebook's folder.</param>
    public KernelClient(string? work = null) : this(["dotnet", Program], work) { }

    /// <param name="command">Program and arguments, to which the path of the connection file is added.</param>
    public KernelClient(string[] command, string? work = null)
    {
        folder = Directory.CreateTempSubdirectory("kernel-");
        var listeners = Enumerable.Range(0, 5).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners) listener.Stop();
        connection = new()
        {
            ["transport"] = "tcp", ["ip"] = "127.0.0.1", ["key"] = Guid.NewGuid().ToString(), ["signature_scheme"] = "hmac-sha256",
            ["shell_port"] = ports[0], ["iopub_port"] = ports[1], ["stdin_port"] = ports[2], ["control_port"] = ports[3], ["hb_port"] = ports[4],
        };
        var file = Path.Combine(folder.FullName, "connection.json");
        File.WriteAllText(file, connection.ToJsonString());

        var watch = Stopwatch.StartNew();
        Process = Process.Start(new ProcessStartInfo(command[0], [.. command[1..], file]) { WorkingDirectory = work ?? folder.FullName })!;
        // A name for all sockets: the kernel asks for input where the request came from.
        var identity = Encoding.ASCII.GetBytes(session);
        foreach (var (socket, port) in new (NetMQSocket, int)[] { (shell, ports[0]), (iopub, ports[1]), (stdin, ports[2]), (control, ports[3]), (heartbeat, ports[4]) })
        {
            if (socket is DealerSocket) socket.Options.Identity = identity;
            socket.Options.Linger = TimeSpan.Zero;
            socket.Options.ReceiveHighWatermark = 0;
            socket.Connect($"tcp://127.0.0.1:{port}");
        }
        iopub.SubscribeToAnyTopic();
        // Until both the shell and the subscription work.
        var asked = new HashSet<string>();
        for (var answered = false; !answered;)
        {
            asked.Add(Send(shell, "kernel_info_request", []));
            answered = Receive(iopub, TimeSpan.FromMilliseconds(100)) is { } message && asked.Contains(message.Parent);
            Assert.False(Process.HasExited, "The kernel ended at its start.");
            Assert.True(watch.Elapsed < Patience, "The kernel does not answer.");
        }
        StartTime = watch.Elapsed;
        while (Receive(shell, TimeSpan.FromMilliseconds(300)) is not null) { }
        while (Receive(iopub, TimeSpan.FromMilliseconds(100)) is not null) { }
    }

    /// <summary>The repository's kernel as `dotnet build` makes it.</summary>
    public static string Program { get; } = Path.Combine(Root, "environment", "kernel", "bin", "Release", "net10.0", "ModelCollapse.Kernel.dll");

    public static string Root
    {
        get
        {
            var root = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(root, "Research.sln"))) root = Path.GetDirectoryName(root)!;
            return root;
        }
    }

    public Process Process { get; }

    /// <summary>From the start of the process to its first answer.</summary>
    public TimeSpan StartTime { get; }

    /// <summary>Runs a cell to its end.</summary>
    public Execution Execute(string code, bool silent = false, bool storeHistory = true, bool stopOnError = true, Func<string, string>? input = null, JsonObject? userExpressions = null) =>
        Finish(Begin(code, silent, storeHistory, stopOnError, input is not null, userExpressions), input);

    /// <summary>Sends a cell.</summary>
    /// <returns>The id of the request.</returns>
    public string Begin(string code, bool silent = false, bool storeHistory = true, bool stopOnError = true, bool allowStdin = false, JsonObject? userExpressions = null) =>
        Send(shell, "execute_request", new()
        {
            ["code"] = code, ["silent"] = silent, ["store_history"] = storeHistory, ["stop_on_error"] = stopOnError, ["allow_stdin"] = allowStdin, ["user_expressions"] = userExpressions ?? [],
        });

    /// <summary>Waits for the end of a cell that was sent, and for its reply.</summary>
    public Execution Finish(string id, Func<string, string>? input = null)
    {
        var (outputs, watch) = (new List<Received>(), Stopwatch.StartNew());
        while (true)
        {
            Assert.True(watch.Elapsed < Patience, "The cell does not end.");
            if (input is not null && Receive(stdin, TimeSpan.Zero) is { Type: "input_request" } request)
                Send(stdin, "input_reply", new() { ["value"] = input(request.Content.GetProperty("prompt").GetString()!) }, request.Header);
            if (Receive(iopub, TimeSpan.FromMilliseconds(input is null ? 1000 : 20)) is not { } message || message.Parent != id) continue;
            if (message.Type == "status" && message.Content.GetProperty("execution_state").GetString() == "idle") break;
            outputs.Add(message);
        }
        return new(outputs, Reply(shell, shellReplies, id));
    }

    /// <summary>The next message about request <paramref name="id"/> that <paramref name="wanted"/> accepts; others before it are lost.</summary>
    public Received Next(string id, Func<Received, bool> wanted)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience;)
            if (Receive(iopub, TimeSpan.FromSeconds(1)) is { } message && message.Parent == id && wanted(message)) return message;
        throw new TimeoutException("That output does not come.");
    }

    /// <summary>The content of the answer to any other request.</summary>
    public JsonElement Ask(string type, JsonObject content, bool onControl = false)
    {
        var (socket, replies) = onControl ? (control, controlReplies) : (shell, shellReplies);
        return Reply(socket, replies, Send(socket, type, content)).Content;
    }

    public string Send(string type, JsonObject content, string? key = null) => Send(shell, type, content, key: key);

    /// <summary>The reply to <paramref name="id"/> if it comes within <paramref name="time"/>.</summary>
    public Received? TryReply(string id, TimeSpan time)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < time;)
            if (Receive(shell, TimeSpan.FromMilliseconds(50)) is { } message && message.Parent == id) return message;
        return null;
    }

    public Received ShellReply(string id) => Reply(shell, shellReplies, id);

    public byte[] Beat(byte[] data)
    {
        heartbeat.SendFrame(data);
        Assert.True(heartbeat.TryReceiveFrameBytes(Patience, out var echo));
        return echo!;
    }

    public void Dispose()
    {
        try { Process.Kill(entireProcessTree: true); } catch (InvalidOperationException) { }
        Process.WaitForExit();
        Process.Dispose();
        foreach (var socket in new NetMQSocket[] { shell, control, stdin, iopub, heartbeat }) socket.Dispose();
        folder.Delete(recursive: true);
    }

    Received Reply(NetMQSocket socket, Queue<Received> early, string id)
    {
        for (var i = early.Count; i > 0; i--)
        {
            var reply = early.Dequeue();
            if (reply.Parent == id) return reply;
            early.Enqueue(reply);
        }
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience;)
            if (Receive(socket, TimeSpan.FromSeconds(1)) is { } message)
            {
                if (message.Parent == id) return message;
                early.Enqueue(message);
            }
        throw new TimeoutException("The kernel does not reply.");
    }

    string Send(NetMQSocket socket, string type, JsonObject content, JsonElement? parent = null, string? key = null)
    {
        var id = Guid.NewGuid().ToString();
        var header = new JsonObject { ["msg_id"] = id, ["session"] = session, ["username"] = "test", ["msg_type"] = type, ["date"] = DateTime.UtcNow.ToString("O"), ["version"] = "5.3" };
        byte[][] parts = [.. new[] { header.ToJsonString(), parent?.GetRawText() ?? "{}", "{}", content.ToJsonString() }.Select(Encoding.UTF8.GetBytes)];
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key ?? (string)connection["key"]!), parts.SelectMany(p => p).ToArray()));
        var message = new NetMQMessage();
        message.Append("<IDS|MSG>");
        message.Append(signature);
        foreach (var part in parts) message.Append(part);
        socket.SendMultipartMessage(message);
        return id;
    }

    Received? Receive(NetMQSocket socket, TimeSpan time)
    {
        var message = new NetMQMessage();
        if (!socket.TryReceiveMultipartMessage(time, ref message)) return null;
        var frames = message.Select(f => f.ToByteArray()).ToArray();
        var start = Array.FindIndex(frames, f => f.AsSpan().SequenceEqual("<IDS|MSG>"u8));
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes((string)connection["key"]!), frames[(start + 2)..].SelectMany(p => p).ToArray()));
        Assert.Equal(signature, Encoding.ASCII.GetString(frames[start + 1]));
        JsonElement Json(int part) => JsonDocument.Parse(frames[start + part]).RootElement;
        return new(Json(2), Json(3), Json(5));
    }
}

/// <summary>A message of the kernel.</summary>
public sealed record Received(JsonElement Header, JsonElement ParentHeader, JsonElement Content)
{
    public string Type { get; } = Header.GetProperty("msg_type").GetString()!;
    public string Parent { get; } = ParentHeader.TryGetProperty("msg_id", out var id) ? id.GetString()! : "";

    /// <summary>A text of the content, by its path.</summary>
    public string Text(params string[] path) => path.Aggregate(Content, (e, name) => e.GetProperty(name)).GetString()!;

    public string Plain => Text("data", "text/plain");
}

/// <summary>What came of one cell: everything on iopub between busy and idle, and the reply.</summary>
public sealed record Execution(IReadOnlyList<Received> Messages, Received Reply)
{
    public IReadOnlyList<Received> Outputs { get; } = [.. Messages.Where(m => m.Type is not ("status" or "execute_input"))];
    public string Status => Reply.Text("status");
    public string Stdout => Stream("stdout");
    public string Stderr => Stream("stderr");

    /// <summary>The value of the cell as text.</summary>
    public string? Result => Outputs.FirstOrDefault(m => m.Type == "execute_result")?.Plain;

    public Received Error => Outputs.Single(m => m.Type == "error");

    public IReadOnlyList<string> Trace => [.. Error.Content.GetProperty("traceback").EnumerateArray().Select(e => e.GetString()!)];

    public Execution Ok()
    {
        Assert.True(Status == "ok", string.Join('\n', Outputs.Where(m => m.Type == "error").SelectMany(_ => Trace)));
        return this;
    }

    string Stream(string name) => string.Concat(Outputs.Where(m => m.Type == "stream" && m.Text("name") == name).Select(m => m.Text("text")));
}
