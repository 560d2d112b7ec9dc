using ModelCollapse.Metrics;
using ModelCollapse.Results;
using ModelCollapse.Results.Claims;
using ModelCollapse.Store;

namespace ModelCollapse.Reporting.Figures;

/// <summary>How sure each generation is of the correct answer, by deciles of the facts: a map for each arm, generations from left to right, the rarest facts on top.</summary>
[Kind("almanac-knowledge")]
sealed class AlmanacKnowledgeFigure : IRunFigure
{
    const int Deciles = 10;

    static readonly MetricKey Probability = new(AlmanacCloze.MetricName, "probability");

    public int Order => 20;

    public IEnumerable<Figure> Of(RunResults part)
    {
        var rows = part.Metrics.Where(m => m.Metric.Number.Decile is not null && m.Metric == Probability.OfDecile(m.Metric.Number.Decile.Value)).ToLookup(m => m.Arm);
        if (rows.Count == 0) return [];
        var recipe = part.Metrics[0].Recipe;
        ArmInfo[] arms = [.. part.Arms(recipe).Where(a => rows.Contains(a.Name))];
        var byDecoding = arms.All(a => a[ArmInfo.Decoding] is not null);
        // Arms that differ in nothing but how they write stand side by side.
        if (byDecoding) arms = [.. arms.GroupBy(a => a.Without(ArmInfo.Decoding)).SelectMany(same => same)];
        return
        [
            new($"{recipe}-knowledge", $"{recipe}: probability of the correct answer, by deciles of the facts", [.. arms.Select(arm => Map(arm.Label, [.. rows[arm.Name]]))])
            {
                SharedAxes = true,
                Columns = byDecoding ? arms.Select(a => a[ArmInfo.Decoding]).Distinct().Count() : null,
                Caption = "Each row is a decile of the facts, the most frequent at the bottom; each column a generation; bright is known, dark is guessed. Means over seeds. Early collapse would appear as darkness that spreads from the top.",
            },
        ];
    }

    static Panel Map(string arm, MetricRow[] rows)
    {
        var (last, cells) = (rows.Max(r => r.Generation), rows.GroupBy(r => (r.Metric, r.Generation)).ToDictionary(g => g.Key, g => g.Average(r => r.Value)));
        return new(arm, new("generation", Integers: true), new("decile of the facts", Integers: true),
        [
            new HeatMapSeries("probability of the correct answer", [.. Enumerable.Range(0, last + 2).Select(t => t - 0.5)], [.. Enumerable.Range(0, Deciles + 1).Select(d => d - 0.5)],
                [.. Enumerable.Range(0, Deciles).Select(d => (double[])[.. Enumerable.Range(0, last + 1).Select(t => Math.Round(cells.GetValueOrDefault((Probability.OfDecile(d), t), double.NaN), 3))])]),
        ]);
    }
}
