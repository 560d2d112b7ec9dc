using ModelCollapse.Generations;
using ModelCollapse.Statistics;
using ModelCollapse.Store;

namespace ModelCollapse.Results;

/// <summary>Mean and 95 % confidence interval of a number over seeds, from Student's t distribution.</summary>
/// <param name="Recipe">Name of the recipe.</param>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Generation">The generation.</param>
/// <param name="Metric">Full name of the metric.</param>
/// <param name="Seeds">Number of seeds.</param>
/// <param name="Mean">Mean over seeds.</param>
/// <param name="StandardDeviation">Standard deviation over seeds (n − 1); NaN for one seed.</param>
/// <param name="Low">Lower end of the interval; NaN for one seed.</param>
/// <param name="High">Upper end of the interval; NaN for one seed.</param>
public sealed record Summary(
    string Recipe, string Arm, int Generation, MetricKey Metric, int Seeds, double Mean, double StandardDeviation, double Low, double High)
{
    /// <summary>One summary for each recipe, arm, generation and metric, in the order of first appearance.</summary>
    public static IReadOnlyList<Summary> Of(IEnumerable<MetricRow> rows) =>
    [
        .. rows.GroupBy(r => (r.Recipe, r.Arm, r.Generation, r.Metric)).Select(g =>
        {
            var found = MeanInterval.Of([.. g.Select(r => r.Value)]);
            return new Summary(g.Key.Recipe, g.Key.Arm, g.Key.Generation, g.Key.Metric, found.Count, found.Mean, found.StandardDeviation, found.Low, found.High);
        }),
    ];
}
