using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.DotNet.Interactive.Formatting;
using ModelCollapse.Kernel.Cells;
using ModelCollapse.Kernel.Editor;
using ModelCollapse.Kernel.Execution;
using ModelCollapse.Kernel.Output;
using ModelCollapse.Kernel.References;
using ModelCollapse.Kernel.Wire;

namespace ModelCollapse.Kernel;

/// <summary>Answers requests: those of the shell one after the other on one thread, those of the control channel at once.</summary>
sealed class Shell
{
    readonly Sockets sockets;
    readonly BlockingCollection<Message> requests = [];
    readonly OutputCapture capture;
    readonly Displays displays;
    readonly FrontEndInput input;
    readonly CellReferences references = new();
    readonly ScriptSession session = new("Cell");
    readonly CodeAssistant assistant;
    readonly Task root;
    readonly History history = new();
    readonly ManualResetEventSlim ended = new();
    readonly HashSet<Message> aborted = new(ReferenceEqualityComparer.Instance);
    Message? parent;
    CellThread? running;
    int count;
    volatile bool silent, exiting;

    public Shell(Sockets sockets)
    {
        this.sockets = sockets;
        capture = new(Publish);
        displays = new(capture, Publish);
        input = new(sockets, capture);
        assistant = new(references);
        // The first cell is ours. It reads the references and gets the compiler going while the front end still says hello.
        root = Task.Run(() =>
        {
            session.Compile(new("0", "Cell [0]"), references.Pending, CancellationToken.None)();
            references.Compiled();
            MimeBundle.Of(0);
        });
        Console.SetIn(input);
        Formatters.Register();
        CellFunctions.Show = displays.Show;
        CellFunctions.Clear = wait =>
        {
            capture.FlushAll();
            Publish("clear_output", new() { ["wait"] = wait });
        };
        sockets.ShellRequest += requests.Add;
        // Not by the thread pool, which a cell may keep busy: an interrupt would wait for the very loops that it is to stop.
        sockets.ControlRequest += request => OnOwnThread(() => Control(request));
        sockets.InputReply += input.Answer;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => SayThatCellExits();
        // A thread that a cell started must not take the kernel with it.
        System.Runtime.ExceptionServices.ExceptionHandling.SetUnhandledExceptionHandler(e =>
        {
            capture.Write("stderr", "A background thread ended with an error.\n" + string.Join('\n', CellError.From(e).Trace) + "\n");
            return true;
        });
    }

    /// <summary>Runs until a shutdown request.</summary>
    public void Run()
    {
        sockets.Start();
        Publish("status", new() { ["execution_state"] = "starting" });
        new Thread(() => { foreach (var request in requests.GetConsumingEnumerable()) Serve(request, () => Answer(request)); }) { IsBackground = true, Name = "shell" }.Start();
        ended.Wait();
    }

    /// <summary>Stops the running cell, if there is one.</summary>
    public void Interrupt() => running?.Interrupt(sentence => capture.Write("stderr", sentence + "\n"));

    /// <summary>Ends <see cref="Run"/>.</summary>
    public void Stop()
    {
        exiting = true;
        ended.Set();
    }

    void Publish(string type, JsonObject content)
    {
        if (!silent) sockets.Publish(type, content, Volatile.Read(ref parent));
    }

    void Serve(Message request, Action answer)
    {
        sockets.Publish("status", new() { ["execution_state"] = "busy" }, request);
        try { answer(); }
        catch (Exception e) { NativeOutput.Original.WriteLine($"csharp kernel: {request.Type} failed: {e}"); }
        sockets.Publish("status", new() { ["execution_state"] = "idle" }, request);
    }

    void Control(Message request) => Serve(request, () =>
    {
        switch (request.Type)
        {
            case "interrupt_request":
                Interrupt();
                sockets.Reply(request, "interrupt_reply", Ok(), onControl: true);
                break;
            case "shutdown_request": ShutDown(request, onControl: true); break;
            case "kernel_info_request": sockets.Reply(request, "kernel_info_reply", KernelInfo(), onControl: true); break;
        }
    });

    void Answer(Message request)
    {
        void Reply(string type, JsonObject content) => sockets.Reply(request, type, content);
        switch (request.Type)
        {
            case "execute_request" when aborted.Remove(request): Reply("execute_reply", new() { ["status"] = "aborted", ["execution_count"] = count }); break;
            case "execute_request": Execute(request); break;
            case "kernel_info_request": Reply("kernel_info_reply", KernelInfo()); break;
            case "complete_request": Reply("complete_reply", assistant.Complete(request.Text("code"), request.Number("cursor_pos", 0))); break;
            case "inspect_request": Reply("inspect_reply", assistant.Inspect(request.Text("code"), request.Number("cursor_pos", 0))); break;
            case "is_complete_request": Reply("is_complete_reply", IsComplete(request.Text("code"))); break;
            case "history_request": Reply("history_reply", history.Answer(request)); break;
            case "comm_info_request": Reply("comm_info_reply", Ok(new() { ["comms"] = new JsonObject() })); break;
            case "comm_open": sockets.Publish("comm_close", new() { ["comm_id"] = request.Text("comm_id"), ["data"] = new JsonObject() }, request); break;
            case "shutdown_request": ShutDown(request, onControl: false); break;
        }
    }

    void Execute(Message request)
    {
        silent = request.Flag("silent", false);
        var stored = !silent && request.Flag("store_history", true);
        var code = request.Text("code");
        if (stored) count++;
        Volatile.Write(ref parent, request);
        capture.StartCell();
        Publish("execute_input", new() { ["code"] = code, ["execution_count"] = count });
        if (stored) history.Add(count, code);

        var cell = new Cell(request, count);
        Cell.Running = cell;
        var reply = Ok(new() { ["execution_count"] = count, ["payload"] = new JsonArray(), ["user_expressions"] = new JsonObject() });
        try
        {
            var watch = Stopwatch.StartNew();
            var (value, has) = Evaluate(cell, code, out var timed);
            capture.FlushAll();
            displays.Flush();
            if (timed) Publish("display_data", new() { ["data"] = new JsonObject { ["text/plain"] = $"Wall time: {watch.Elapsed.TotalMilliseconds:0.###} ms" }, ["metadata"] = new JsonObject() });
            if (has && value is not DisplayedValue && !silent)
                Publish("execute_result", new() { ["execution_count"] = count, ["data"] = MimeBundle.Of(value), ["metadata"] = new JsonObject() });
            reply["user_expressions"] = UserExpressions(cell, request);
        }
        catch (Exception e)
        {
            capture.FlushAll();
            displays.Flush();
            var error = CellError.From(e);
            Publish("error", error.Content());
            reply = Failed(error, count);
        }
        Cell.Running = null;
        if ((string?)reply["status"] == "error" && request.Flag("stop_on_error", true)) AbortWaiting();
        sockets.Reply(request, "execute_reply", reply);
    }

    /// <summary>Compiles and runs <paramref name="code"/> as the next cell.</summary>
    (object? Value, bool Has) Evaluate(Cell cell, string code, out bool timed)
    {
        timed = false;
        var source = new CellSource(code, $"Cell [{cell.Number}]");
        timed = source.Timed;
        if (source.Cleaned.AsSpan().Trim().IsEmpty && source.References.Count == 0) return (null, false);
        root.GetAwaiter().GetResult();
        running = new(cell, () =>
        {
            if (source.References.Count > 0) references.Resolve(source.References, sentence => capture.Write("stderr", sentence + "\n"), cell.Cancellation.Token);
            var start = session.Compile(source, references.Pending, cell.Cancellation.Token);
            references.Compiled();
            assistant.Add(session.Last!);
            return start();
        });
        var value = running.Run();
        running = null;
        return (value, value is not null || session.HasValue(source));
    }

    JsonObject UserExpressions(Cell cell, Message request)
    {
        var results = new JsonObject();
        if (request.Content.TryGetProperty("user_expressions", out var expressions) && expressions.ValueKind == JsonValueKind.Object)
            foreach (var expression in expressions.EnumerateObject())
                try { results[expression.Name] = Ok(new() { ["data"] = MimeBundle.Of(Evaluate(cell, expression.Value.GetString() ?? "", out _).Value), ["metadata"] = new JsonObject() }); }
                catch (Exception e)
                {
                    results[expression.Name] = Failed(CellError.From(e));
                }
        return results;
    }

    /// <summary>What was sent before the front end could know of an error is not run.</summary>
    void AbortWaiting()
    {
        var waiting = new List<Message>();
        while (requests.TryTake(out var next)) waiting.Add(next);
        foreach (var next in waiting)
        {
            if (next.Type == "execute_request") aborted.Add(next);
            requests.Add(next);
        }
    }

    /// <summary>A cell that ends the process still gets its answer: a front end would wait for it.</summary>
    void SayThatCellExits()
    {
        if (exiting || Cell.Running is not { } cell) return;
        exiting = true;
        capture.FlushAll();
        displays.Flush();
        var error = new CellError("KernelExit", $"The cell ended the kernel with code {Environment.ExitCode}: variables are lost.", [$"The cell ended the kernel with code {Environment.ExitCode}: variables are lost."]);
        Publish("error", error.Content());
        sockets.Reply(cell.Request, "execute_reply", Failed(error, count));
        sockets.Publish("status", new() { ["execution_state"] = "idle" }, cell.Request);
        sockets.Drain();
    }

    void ShutDown(Message request, bool onControl)
    {
        sockets.Reply(request, "shutdown_reply", Ok(new() { ["restart"] = request.Flag("restart", false) }), onControl);
        // Serve says idle first.
        OnOwnThread(() => { Thread.Sleep(50); Stop(); });
    }

    static void OnOwnThread(Action work) => new Thread(() => work()) { IsBackground = true, Name = "control" }.Start();

    static JsonObject IsComplete(string code)
    {
        var tree = new CellSource(code, "").Tree;
        if (!SyntaxFactory.IsCompleteSubmission(tree)) return new() { ["status"] = "incomplete", ["indent"] = "    " };
        return new() { ["status"] = tree.GetDiagnostics().Any(d => d.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error) ? "invalid" : "complete" };
    }

    static JsonObject KernelInfo() => Ok(new()
    {
        ["protocol_version"] = "5.3",
        ["implementation"] = "csharp-kernel",
        ["implementation_version"] = "1.0.0",
        ["banner"] = $"C# 14 on .NET {Environment.Version}",
        ["language_info"] = new JsonObject
        {
            ["name"] = "C#", ["version"] = "14.0", ["mimetype"] = "text/x-csharp", ["file_extension"] = ".cs", ["pygments_lexer"] = "csharp", ["codemirror_mode"] = "text/x-csharp",
        },
        ["help_links"] = new JsonArray(),
    });

    static JsonObject Failed(CellError error, int? count = null)
    {
        var content = error.Content();
        content["status"] = "error";
        if (count is { } number) content["execution_count"] = number;
        return content;
    }

    static JsonObject Ok(JsonObject? content = null)
    {
        content ??= [];
        content["status"] = "ok";
        return content;
    }
}
