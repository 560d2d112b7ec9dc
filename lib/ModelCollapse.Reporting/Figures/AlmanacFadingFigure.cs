using ModelCollapse.Generations;
using ModelCollapse.Metrics;
using ModelCollapse.Recipes;
using ModelCollapse.Results;
using ModelCollapse.Results.Claims;
using ModelCollapse.Results.Stages;
using ModelCollapse.Store;

namespace ModelCollapse.Reporting.Figures;

/// <summary>The same over generations for the most frequent decile and for the others, with intervals: which of both goes first.</summary>
[Kind("almanac-fading")]
sealed class AlmanacFadingFigure : IRunFigure
{
    static readonly MetricKey Chance = new(AlmanacCloze.MetricName, "chance"), Probability = new(AlmanacCloze.MetricName, "probability");

    /// <summary>Derived from the deciles: mean probability of the correct answer above chance.</summary>
    static readonly MetricLabel Frequent = new("frequent", "most frequent decile of the facts", "probability above chance", "F2"), Rare = new("rare", "the other nine deciles", "probability above chance", "F2");

    public int Order => 30;

    public IEnumerable<Figure> Of(RunResults part)
    {
        MetricRow[] averages = [.. part.Metrics.Where(m => m.Metric.Metric == AlmanacCloze.MetricName).GroupBy(m => (m.Recipe, m.Arm, m.Seed, m.Generation)).SelectMany(Averages)];
        return AlmanacFigure.Of(part with { Metrics = averages }, "fading", "knowledge of frequent and of rare facts", [Frequent, Rare],
            $"Mean probability of the correct answer, above chance. Early collapse: the lower row falls below the control before the upper one does. {AlmanacFigure.Lines}");
    }

    static IEnumerable<MetricRow> Averages(IGrouping<(string Recipe, string Arm, long Seed, int Generation), MetricRow> probes)
    {
        var values = probes.ToDictionary(p => p.Metric, p => p.Value);
        var (recipe, arm, seed, t) = probes.Key;
        yield return new(recipe, arm, seed, t, Frequent.Metric, Mean(StageSign.FrequentDeciles));
        yield return new(recipe, arm, seed, t, Rare.Metric, Mean(StageSign.RareDeciles));

        double Mean(IEnumerable<int> deciles) => deciles.Average(d => values.GetValueOrDefault(Probability.OfDecile(d), double.NaN)) - values[Chance];
    }
}
