using ModelCollapse.Store;

namespace ModelCollapse.Generations;

/// <summary>Tells the status file and the caller how a run goes on, and turns what stops it into a sentence.</summary>
sealed class RunReporter<TSample> : IProgress<WorkProgress>, IDisposable
{
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    readonly RecursiveExperiment<TSample> experiment;
    readonly RunFolder folder;
    readonly List<double?> headline = [];
    RunStatus status;
    CostClock? cost;
    DateTime written;

    public RunReporter(RecursiveExperiment<TSample> experiment, RunFolder folder)
    {
        (this.experiment, this.folder) = (experiment, folder);
        status = new()
        {
            Arm = experiment.Store?.Description.Arm ?? RunDescription.OnlyArm,
            Seed = experiment.Seed,
            Phase = RunPhase.Starting,
            Generations = experiment.Generations,
        };
        Tell(status, now: true);
    }

    /// <summary>A generation begins; its work is counted by <paramref name="clock"/>.</summary>
    public void Begin(int generation, CostClock clock)
    {
        cost = clock;
        Tell(status with { Phase = RunPhase.Working, Generation = generation, What = "", Done = 0, Total = 0, Note = "" });
    }

    public void Measuring(string metric) => Tell(status with { What = metric, Done = 0, Total = 0, Unit = "", Rate = 0, SecondsLeft = 0, Note = "" });

    public void Waiting(LockOwner owner) =>
        Tell(status with { Phase = RunPhase.Waiting, Note = $"{owner} trains the shared generation 0" });

    public void Report(WorkProgress value)
    {
        if (cost is not null) cost.Latest = value;
        Tell(status with
        {
            Phase = RunPhase.Working,
            What = value.What,
            Done = value.Done,
            Total = value.Total,
            Unit = value.Unit,
            Rate = value.Rate,
            SecondsLeft = value.Left.TotalSeconds,
            Note = value.Note,
        });
    }

    public void Completed(int generation, IReadOnlyDictionary<MetricKey, double> metrics)
    {
        if (experiment.Headline is { } name)
            headline.Add(metrics.TryGetValue(name, out var value) && double.IsFinite(value) ? value : null);
        Tell(status with { Generation = generation, Completed = generation + 1, Headline = [.. headline] }, now: true);
    }

    public void Finished() => Tell(status with { Phase = RunPhase.Finished, What = "", Note = "" }, now: true);

    /// <summary>Runs a step; what stops it is recorded, and a full disk is explained.</summary>
    public async Task GuardAsync(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception e) when (Stopped(e) is { } sentence)
        {
            throw sentence;
        }
    }

    /// <summary>A run that is left before its end, for example by a caller that asks for no more generations, is interrupted.</summary>
    public void Dispose()
    {
        if (status.IsWorking) Tell(status with { Phase = RunPhase.Interrupted }, now: true);
    }

    /// <summary>Records why the run stops; gives the sentence that is to replace the exception, or null to let it through.</summary>
    InputException? Stopped(Exception e)
    {
        var sentence = e is TrainingDivergedException ? new InputException(e.Message, e)
            : IsDiskFull(e) ? new InputException($"The disk of {folder.Path} is full: free some space and run again, finished generations are kept.", e)
            : null;
        Tell(status with { Phase = e is OperationCanceledException ? RunPhase.Interrupted : RunPhase.Failed, Note = (sentence ?? e).Message }, now: true);
        return sentence;
    }

    // ENOSPC on Unix, ERROR_DISK_FULL on Windows.
    static bool IsDiskFull(Exception e) => e is IOException { HResult: 28 or unchecked((int)0x80070070) };

    void Tell(RunStatus next, bool now = false)
    {
        status = next with { At = DateTime.UtcNow };
        experiment.Progress?.Invoke(status);
        if (experiment.Store is null || (!now && status.At - written < Pause)) return;
        written = status.At;
        folder.WriteStatus(status);
    }
}
