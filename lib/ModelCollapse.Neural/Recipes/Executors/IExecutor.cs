using ModelCollapse.Store;

namespace ModelCollapse.Recipes.Executors;

/// <summary>Carries out a list of independent runs, on this machine or on others.</summary>
public interface IExecutor
{
    /// <summary>Runs all of <paramref name="work"/>; one that fails does not stop the others.</summary>
    /// <param name="work">What to run; begun in this order.</param>
    /// <param name="progress">Told how each goes on, one call at a time; may be null.</param>
    /// <param name="cancellation">Stops all of them; finished generations stay.</param>
    /// <returns>One result for each item, in the same order.</returns>
    Task<IReadOnlyList<WorkResult>> RunAsync(IReadOnlyList<WorkItem> work, Action<RunStatus>? progress, CancellationToken cancellation);
}

/// <summary>One independent run of a recipe.</summary>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Seed">Seed of the run.</param>
public sealed record WorkItem(string Arm, long Seed)
{
    /// <summary>All pairs, arm by arm, so that the first arm is complete first.</summary>
    public static IReadOnlyList<WorkItem> ListOf(IEnumerable<string> arms, IReadOnlyCollection<long> seeds) =>
        [.. from arm in arms from seed in seeds select new WorkItem(arm, seed)];
}

/// <summary>How a run ended.</summary>
/// <param name="Item">The run.</param>
/// <param name="Outcome">Finished, failed or interrupted.</param>
/// <param name="Reason">Why it failed, in a sentence; empty where it did not.</param>
public sealed record WorkResult(WorkItem Item, RunPhase Outcome, string Reason = "")
{
    /// <summary>Whether the user can mend why it failed, by other input or by running it again; else it is a defect.</summary>
    public bool IsMendable { get; init; }
}
