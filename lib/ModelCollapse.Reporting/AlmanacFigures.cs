using ModelCollapse.Generations;
using ModelCollapse.Language;
using ModelCollapse.Recipes;
using ModelCollapse.Results;
using ModelCollapse.Results.Stages;
using static ModelCollapse.Monitoring.CollapseStages;

namespace ModelCollapse.Reporting;

/// <summary>
/// The figures of an Almanac run: what each generation knows of the world by frequency, what it writes, and how varied that is. Arms that are called
/// <c>POLICY-DECODING</c> are drawn with a panel for each decoding and a line for each policy.
/// </summary>
public static class AlmanacFigures
{
    const string Cloze = AlmanacCloze.MetricName, Text = AlmanacText.MetricName, People = "#7F7F7F", PeopleName = "people";

    const string Lines = "Bands are 95 % intervals over seeds.", Grey = "Grey: human text of the same size, with the band that holds 95 % of such samples where it was measured.";

    /// <summary>Derived from the tenths: mean probability of the correct answer above chance.</summary>
    static readonly MetricLabel Frequent = new("frequent", "most frequent decile of the facts", "probability above chance", "F2"), Rare = new("rare", "the other nine deciles", "probability above chance", "F2");

    /// <summary>Every figure whose data exist.</summary>
    /// <param name="results">Results of one recipe.</param>
    public static IReadOnlyList<Figure> Of(RunResults results) =>
        [.. ((Func<RunResults, Figure?>[])[OfKnowledge, OfFading, OfSentences, OfRecall, OfVariety]).Select(figure => figure(results)).OfType<Figure>()];

    /// <summary>How sure each generation is of the correct answer, by tenths of the facts: a map for each arm, generations from left to right, the rarest facts on top.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <param name="arms">Which arms; all if none is given.</param>
    /// <exception cref="InputException">The results have no cloze probes.</exception>
    public static Figure Knowledge(RunResults results, params IReadOnlyList<string> arms) =>
        OfKnowledge(arms.Count == 0 ? results : results with { Metrics = [.. results.Metrics.Where(m => arms.Contains(m.Arm))] }) ?? throw Nothing(Cloze);

    /// <summary>The same over generations for the most frequent tenth and for the others, with intervals: which of both goes first.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <exception cref="InputException">The results have no cloze probes.</exception>
    public static Figure Fading(RunResults results) => OfFading(results) ?? throw Nothing(Cloze);

    /// <summary>Shares of the statements that are false and of the sentences that are broken or uninformative.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <exception cref="InputException">The results have no readings of text.</exception>
    public static Figure Sentences(RunResults results) => OfSentences(results) ?? throw Nothing(Text);

    /// <summary>How much of the world is stated in free generation, and how much of it is the rare half.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <exception cref="InputException">The results have no readings of text.</exception>
    public static Figure Recall(RunResults results) => OfRecall(results) ?? throw Nothing(Text);

    /// <summary>Effective numbers of facts and phrases, and how far the facts stated are from their true distribution.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <exception cref="InputException">The results have no readings of text.</exception>
    public static Figure Variety(RunResults results) => OfVariety(results) ?? throw Nothing(Text);

    static InputException Nothing(string metric) => new($"The results have no metric '{metric}': give those of a recipe on the corpus almanac that names it.");

    static Figure? OfKnowledge(RunResults results)
    {
        var arms = results.Metrics.Where(m => m.Metric.StartsWith($"{Cloze}.probability.decile-", StringComparison.Ordinal)).GroupBy(m => m.Arm).ToArray();
        if (arms.Length == 0) return null;
        var byDecoding = AreByDecoding(arms.Select(a => a.Key));
        if (byDecoding) arms = [.. arms.GroupBy(a => PolicyOf(a.Key)).SelectMany(policy => policy.OrderByDescending(a => DecodingOf(a.Key), StringComparer.Ordinal))];
        return new($"{arms[0].First().Recipe}-knowledge", $"{arms[0].First().Recipe}: probability of the correct answer, by deciles of the facts", [.. arms.Select(arm => Map(arm.Key, [.. arm]))])
        {
            SharedAxes = true,
            Columns = byDecoding ? arms.Select(a => DecodingOf(a.Key)).Distinct().Count() : null,
            Caption = "Each row is a decile of the facts, the most frequent at the bottom; each column a generation; bright is known, dark is guessed. Means over seeds. Early collapse would appear as darkness that spreads from the top.",
        };
    }

    static Panel Map(string arm, MetricRow[] rows)
    {
        var (last, cells) = (rows.Max(r => r.Generation), rows.GroupBy(r => (r.Metric, r.Generation)).ToDictionary(g => g.Key, g => g.Average(r => r.Value)));
        return new(arm, new("generation", Integers: true), new("decile of the facts", Integers: true),
        [
            new HeatMapSeries("probability of the correct answer", [.. Enumerable.Range(0, last + 2).Select(t => t - 0.5)], [.. Enumerable.Range(0, 11).Select(d => d - 0.5)],
                [.. Enumerable.Range(0, 10).Select(d => (double[])[.. Enumerable.Range(0, last + 1).Select(t => Math.Round(cells.GetValueOrDefault(($"{Cloze}.probability.decile-{d}", t), double.NaN), 3))])]),
        ]);
    }

    static Figure? OfFading(RunResults results)
    {
        MetricRow[] rows = [.. results.Metrics.Where(m => m.Metric.StartsWith($"{Cloze}.", StringComparison.Ordinal)).GroupBy(m => (m.Recipe, m.Arm, m.Seed, m.Generation)).SelectMany(Averages)];
        return Panels(rows, "fading", "knowledge of frequent and of rare facts", [Frequent, Rare],
            $"Mean probability of the correct answer, above chance. Early collapse: the lower row falls below the control before the upper one does. {Lines}");

        static IEnumerable<MetricRow> Averages(IGrouping<(string Recipe, string Arm, long Seed, int Generation), MetricRow> probes)
        {
            var values = probes.ToDictionary(p => p.Metric[(Cloze.Length + 1)..], p => p.Value);
            double Mean(IEnumerable<int> deciles) => deciles.Average(d => values.GetValueOrDefault($"probability.decile-{d}", double.NaN)) - values["chance"];
            var (recipe, arm, seed, t) = probes.Key;
            yield return new(recipe, arm, seed, t, Frequent.Metric, Mean(StageSign.FrequentDeciles));
            yield return new(recipe, arm, seed, t, Rare.Metric, Mean(StageSign.RareDeciles));
        }
    }

    static Figure? OfSentences(RunResults results) => Panels(results.Metrics, "sentences", "false statements and uninformative sentences", [MetricLabel.Hallucination, MetricLabel.SaysNothing, MetricLabel.Unparseable],
        $"Each generation's text, checked sentence by sentence against the known truth: false statements among all statements; sentences that are broken, empty or without a known subject; those of them that are broken. {Grey} {Lines}");

    static Figure? OfRecall(RunResults results) => Panels(results.Metrics, "recall", "how much of the world is still stated", [MetricLabel.Recall, MetricLabel.TailMass],
        $"Recall: share of all facts that are stated at least once, each weighted by its probability. Tail: share of the true statements that are about the rarer facts, which make up half of human text. {Grey} {Lines}");

    static Figure? OfVariety(RunResults results) => Panels(results.Metrics, "variety", "variety, and distance from the truth", [MetricLabel.Support, MetricLabel.Phrases, MetricLabel.FactDivergence],
        $"Effective numbers (exponentials of entropies) of the facts stated and of runs of four tokens; and the divergence of the facts stated from their true distribution, minus that of an equal number of human statements. {Grey} {Lines}");

    /// <summary>A row for each metric, a column for each decoding; null where there is nothing to draw.</summary>
    static Figure? Panels(IReadOnlyList<MetricRow> metrics, string name, string title, IReadOnlyList<MetricLabel> labels, string caption)
    {
        MetricRow[] rows = [.. metrics.Where(m => labels.Any(l => l.Metric == m.Metric))];
        if (rows.Length == 0) return null;
        var decodings = rows.Select(r => DecodingOf(r.Arm)).Distinct().OrderDescending(StringComparer.Ordinal).ToArray();
        var colors = ArmColors.OfPolicies(rows.Select(r => r.Arm));
        var human = metrics.Where(m => labels.Any(l => m.Metric.StartsWith($"{l.Metric}.human", StringComparison.Ordinal))).ToLookup(m => (DecodingOf(m.Arm), m.Metric));
        return new($"{rows[0].Recipe}-{name}", $"{rows[0].Recipe}: {title}",
        [
            .. from label in labels.Where(l => rows.Any(r => r.Metric == l.Metric))
               from decoding in decodings
               select new Panel(decoding == "" ? label.Title : $"{label.Title}, {decoding}", new("generation", Integers: true), new(label.Axis),
               [
                   .. PeopleLine(name => human[(decoding, $"{label.Metric}.{name}")]),
                   .. rows.Where(r => r.Metric == label.Metric && DecodingOf(r.Arm) == decoding).GroupBy(r => r.Arm).Select(arm => new LineSeries(PolicyOf(arm.Key), colors[PolicyOf(arm.Key)],
                       [.. Summary.Of(arm).OrderBy(s => s.Generation).Select(s => new LinePoint(s.Generation, s.Mean, Math.Max(label.Range.Least, s.Low), Math.Min(label.Range.Most, s.High)))])),
               ]),
        ])
        {
            Columns = decodings.Length,
            Caption = caption,
        };
    }

    /// <summary>People's text is the same for every arm: one line, of the mean over all that measured it, with the band in which such samples lie where it was measured.</summary>
    static IEnumerable<Series> PeopleLine(Func<string, IEnumerable<MetricRow>> rows)
    {
        var (low, high) = (ByGeneration("human-low"), ByGeneration("human-high"));
        LinePoint[] points = [.. ByGeneration("human").OrderBy(g => g.Key).Select(g => new LinePoint(g.Key, g.Value, low.GetValueOrDefault(g.Key, double.NaN), high.GetValueOrDefault(g.Key, double.NaN)))];
        Dictionary<int, double> ByGeneration(string name) => rows(name).GroupBy(r => r.Generation).ToDictionary(g => g.Key, g => g.Average(r => r.Value));
        return points.Length == 0 ? [] : [new LineSeries(PeopleName, People, points)];
    }
}
