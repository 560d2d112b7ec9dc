using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ModelCollapse.Tests.Data;

/// <summary>A web server on the loopback interface that serves one content, as well or as badly as it is told.</summary>
sealed class FileServer : IDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly byte[] content;

    public FileServer(byte[] content)
    {
        this.content = content;
        listener.Start();
        _ = Task.Run(ServeAsync);
    }

    /// <summary>Whether range requests are answered with the range.</summary>
    public bool KnowsRanges { get; set; } = true;

    /// <summary>Whether the length of a response is announced.</summary>
    public bool SendsLength { get; set; } = true;

    /// <summary>After how many bytes of a response the connection is cut; null for never.</summary>
    public int? CutAfter { get; set; }

    /// <summary>How many responses are cut.</summary>
    public int Cuts { get; set; } = int.MaxValue;

    public string Status { get; set; } = "200 OK";

    /// <summary>The value of the Range header of each request, "" where there was none.</summary>
    public List<string> Ranges { get; } = [];

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/revision/file.bin");

    public void Dispose() => listener.Dispose();

    async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await listener.AcceptTcpClientAsync();
                await AnswerAsync(connection.GetStream());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The test is over.
        }
    }

    async Task AnswerAsync(NetworkStream stream)
    {
        using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
        var range = "";
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
            if (line.StartsWith("Range: ", StringComparison.Ordinal)) range = line["Range: ".Length..];
        lock (Ranges) Ranges.Add(range);
        var from = KnowsRanges && range.Length > 0 ? int.Parse(range["bytes=".Length..^1]) : 0;
        var unsatisfiable = KnowsRanges && range.Length > 0 && from >= content.Length;
        var body = Status.StartsWith('2') && !unsatisfiable ? content[from..] : [];
        var head = unsatisfiable ? "416 Range Not Satisfiable" : Status.StartsWith('2') && KnowsRanges && range.Length > 0 ? "206 Partial Content" : Status;
        StringBuilder headers = new($"HTTP/1.1 {head}\r\nConnection: close\r\n");
        if (head.StartsWith("206")) headers.Append($"Content-Range: bytes {from}-{content.Length - 1}/{content.Length}\r\n");
        if (SendsLength) headers.Append($"Content-Length: {body.Length}\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(headers + "\r\n"));
        var cut = CutAfter is { } limit && limit < body.Length && Cuts-- > 0;
        await stream.WriteAsync(cut ? body.AsMemory(0, CutAfter!.Value) : body);
    }
}
