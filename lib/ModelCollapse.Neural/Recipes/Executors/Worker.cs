using System.Text.Json;
using ModelCollapse.Store;

namespace ModelCollapse.Recipes.Executors;

/// <summary>
/// The side of a worker process: sends one line of JSON per <see cref="RunStatus"/> on its output, and stops when its input is
/// closed, which also happens when the process that started it is killed.
/// </summary>
public static class Worker
{
    /// <summary>Exit code of a run that cannot go on for a reason that the user can mend.</summary>
    public const int InputExitCode = 2;

    /// <summary>Exit code of a run that was stopped.</summary>
    public const int InterruptedExitCode = 130;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs one item and reports it.</summary>
    /// <param name="item">What is run.</param>
    /// <param name="run">The run itself: reports through its first argument and obeys its second.</param>
    /// <param name="input">The worker's standard input.</param>
    /// <param name="output">The worker's standard output.</param>
    /// <returns>The exit code: 0, 1 for a defect, <see cref="InputExitCode"/> or <see cref="InterruptedExitCode"/>.</returns>
    public static async Task<int> RunAsync(WorkItem item, Func<Action<RunStatus>, CancellationToken, Task> run, TextReader input, TextWriter output)
    {
        using var stop = new CancellationTokenSource();
        WatchParent(input, stop);
        var last = new RunStatus { Arm = item.Arm, Seed = item.Seed, Phase = RunPhase.Starting };
        var sent = DateTime.MinValue;
        try
        {
            await run(Report, stop.Token);
            Send(last with { Phase = RunPhase.Finished });
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Send(last with { Phase = RunPhase.Interrupted });
            return InterruptedExitCode;
        }
        catch (Exception e)
        {
            var mendable = InputException.Of(e);
            Send(last with { Phase = RunPhase.Failed, Note = mendable?.Message ?? e.ToString() });
            return mendable is null ? 1 : InputExitCode;
        }

        void Report(RunStatus status)
        {
            var news = status.Phase != last.Phase || status.Completed != last.Completed || status.What != last.What;
            last = status;
            if (news || DateTime.UtcNow - sent >= Pause) Send(status);
        }

        void Send(RunStatus status)
        {
            sent = DateTime.UtcNow;
            output.WriteLine(JsonSerializer.Serialize(status, StrictJson.OneLine));
            output.Flush();
        }
    }

    /// <summary>Reads a line of a worker; null if it is not a status.</summary>
    public static RunStatus? Parse(string line)
    {
        try
        {
            return line.StartsWith('{') ? JsonSerializer.Deserialize<RunStatus>(line, StrictJson.OneLine) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static void WatchParent(TextReader input, CancellationTokenSource stop) => new Thread(() =>
    {
        try
        {
            while (input.ReadLine() is not null) { }
            stop.Cancel();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The run is over: nobody is left to be stopped.
        }
    })
    { IsBackground = true, Name = "watch parent" }.Start();
}
