using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.Results;

/// <summary>One number of one generation.</summary>
/// <param name="Recipe">Name of the recipe.</param>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Generation">The generation: 0 is the fit to real data.</param>
/// <param name="Metric">Full name, for example <c>perplexity.mean</c>.</param>
/// <param name="Value">The number; may be NaN or infinite.</param>
public sealed record MetricRow(string Recipe, string Arm, long Seed, int Generation, MetricKey Metric, double Value) : IRunRow
{
    /// <summary>All numbers of all finished generations of all runs in a folder: a store, a recipe, an arm or a single run.</summary>
    /// <exception cref="InputException">The folder does not exist, or a file in it cannot be read.</exception>
    public static IReadOnlyList<MetricRow> ReadAll(string folder) =>
        [.. new RunStore(folder).Runs().SelectMany(run => Of(run, run.Description!))];

    /// <summary>All numbers of all finished generations of one run.</summary>
    internal static IEnumerable<MetricRow> Of(RunFolder run, RunDescription description) =>
        from generation in Enumerable.Range(0, run.Completed)
        from metric in run.Metrics(generation)
        select new MetricRow(description.Recipe, description.Arm, description.Seed, generation, metric.Key, metric.Value);
}
