using ModelCollapse.Recipes.Executors;
using ModelCollapse.Store;

namespace ModelCollapse.Cli;

/// <summary>
/// How long a list of runs will still take. Arms differ in what a generation costs, so each is judged by its own generations, and by the mean
/// of all where it has none yet. Generation 0 is left out: arms share it, and only one of them works for it.
/// </summary>
/// <param name="work">All runs.</param>
/// <param name="generations">Number of the last generation of an arm.</param>
sealed class TimeLeft(IReadOnlyList<WorkItem> work, Func<string, int> generations)
{
    readonly Dictionary<WorkItem, (int Completed, TimeSpan At)> seen = [];
    readonly Dictionary<string, (int Count, TimeSpan Sum)> taken = [];
    readonly Dictionary<WorkItem, (int Completed, RunPhase Phase)> now = [];
    int working = 1;

    /// <summary>Notes how far a run is.</summary>
    /// <param name="status">What it said.</param>
    /// <param name="at">When, since the start.</param>
    public void Note(RunStatus status, TimeSpan at)
    {
        var item = new WorkItem(status.Arm, status.Seed);
        // What was finished before this session, and generation 0, say nothing about the speed of the rest.
        if (seen.TryGetValue(item, out var before) && before.Completed >= 1 && status.Completed > before.Completed)
        {
            var (count, sum) = taken.GetValueOrDefault(item.Arm);
            taken[item.Arm] = (count + status.Completed - before.Completed, sum + (at - before.At));
        }

        if (!seen.ContainsKey(item) ? status.Phase == RunPhase.Working : status.Completed > before.Completed) seen[item] = (status.Completed, at);
        now[item] = (status.Completed, status.Phase);
        working = Math.Max(working, now.Values.Count(f => f.Phase == RunPhase.Working));
    }

    /// <summary>The estimate; null before the first generation after 0.</summary>
    public TimeSpan? Estimate()
    {
        if (taken.Count == 0) return null;
        var mean = taken.Values.Aggregate(TimeSpan.Zero, (sum, t) => sum + t.Sum) / taken.Values.Sum(t => t.Count);
        var left = TimeSpan.Zero;
        foreach (var item in work)
        {
            var (completed, phase) = now.GetValueOrDefault(item);
            if (phase is RunPhase.Failed or RunPhase.Finished) continue;
            var each = taken.TryGetValue(item.Arm, out var own) ? own.Sum / own.Count : mean;
            left += each * Math.Max(0, generations(item.Arm) + 1 - Math.Max(1, completed));
        }

        return left / Math.Max(1, working);
    }
}
