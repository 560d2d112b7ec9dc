using ModelCollapse.Data;
using ModelCollapse.Data.Almanac;
using ModelCollapse.Generations;
using ModelCollapse.Language;
using ModelCollapse.Metrics;
using ModelCollapse.Results;
using ModelCollapse.Results.Stages;

namespace ModelCollapse.Reporting;

/// <summary>The figures of recipes: perplexity, histograms of perplexity, and diversity over generations.</summary>
public static class RunFigures
{
    static readonly int[] HistogramGenerations = [0, 1, 2, 3, 5, 9];

    const string Reading = "Thick lines are means over seeds with their 95 % interval, thin lines single seeds.";

    /// <summary>Draws every figure whose data exist, as PNG and SVG.</summary>
    /// <param name="results">The results, of one recipe or several.</param>
    /// <param name="folder">Where to; created where missing. Files of the same names are replaced.</param>
    /// <returns>The paths written.</returns>
    public static IReadOnlyList<string> Write(RunResults results, string folder)
    {
        var paths = new List<string>();
        foreach (var figure in Of(results))
            foreach (var extension in (string[])[".png", ".svg"])
            {
                var path = Path.Combine(folder, figure.Name + extension);
                ScottPlotRenderer.Write(figure, path);
                paths.Add(path);
            }

        return paths;
    }

    /// <summary>The figures whose data exist, recipe by recipe.</summary>
    public static IReadOnlyList<Figure> Of(RunResults results)
    {
        results = results.ByStart();
        return
        [
            .. results.Metrics.Select(m => m.Recipe).Concat(results.Histograms.Select(h => h.Recipe)).Distinct()
                .Select(recipe => results with { Metrics = [.. results.Metrics.Where(m => m.Recipe == recipe)], Histograms = [.. results.Histograms.Where(h => h.Recipe == recipe)] })
                .SelectMany(part => (Figure?[])
                    [OfPerplexity(part), .. AlmanacFigures.Of(part), OfHistograms(part), OfDiversity(part), OfMetric(part, ImageFigures.Deviation), OfMetric(part, ImageFigures.Loss)]).OfType<Figure>(),
        ];
    }

    /// <summary>Perplexity of real test text over generations, one line for each arm.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <exception cref="InputException">The results have none.</exception>
    public static Figure Perplexity(RunResults results) => OfPerplexity(results) ?? throw Nothing("test perplexity");

    /// <summary>Perplexity of each generation's training set under model 0, one panel for each arm: figure 1b of Shumailov et al. (2024), left.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <exception cref="InputException">The results have none.</exception>
    public static Figure Histograms(RunResults results) => OfHistograms(results) ?? throw Nothing("histograms");

    /// <summary>The same as <see cref="Histograms"/> as maps of all generations, where a small tail shows as well as the bulk.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <exception cref="InputException">The results have none.</exception>
    public static Figure HistogramMaps(RunResults results)
    {
        Panel[] panels = [.. results.Histograms.GroupBy(h => h.Arm).Select(arm => MapOf(arm.Key, [.. arm]))];
        return panels.Length == 0 ? throw Nothing("histograms")
            : new($"{results.Histograms[0].Recipe}-histogram-maps", $"{results.Histograms[0].Recipe}: each generation's training set under model 0", panels) { SharedAxes = true };
    }

    /// <summary>Four measures of diversity of each generation's training text.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <exception cref="InputException">The results have none.</exception>
    public static Figure Diversity(RunResults results) => OfDiversity(results) ?? throw Nothing("diversity");

    /// <summary>Any metric over generations, each arm as its mean with the 95 % interval.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <param name="label">The metric.</param>
    /// <param name="extra">Lines to draw with it, a law for example.</param>
    /// <exception cref="InputException">The results have none.</exception>
    public static Figure OverGenerations(RunResults results, MetricLabel label, params IReadOnlyList<LineSeries> extra) =>
        OfMetric(results, label, extra) ?? throw Nothing(label.Metric);

    static Figure? OfMetric(RunResults results, MetricLabel label, params IReadOnlyList<LineSeries> extra)
    {
        MetricRow[] metrics = [.. results.Metrics.Where(m => m.Metric == label.Metric)];
        if (metrics.Length == 0) return null;
        return new($"{metrics[0].Recipe}-{label.Metric}", $"{label.Title}{Shown(metrics, label.Metric)}",
            [.. ByDecoding("", new(label.Axis), metrics, label.Metric, ColorsOf(results)).Select(panel => panel with { Series = [.. panel.Series, .. extra] })]);
    }

    static InputException Nothing(string what) => new($"The results have no {what}: give those of a recipe with that metric.");

    static IReadOnlyDictionary<string, string> ColorsOf(RunResults results) => ArmColors.Of(results.Metrics.Select(m => m.Arm).Concat(results.Histograms.Select(h => h.Arm)));

    static Figure? OfPerplexity(RunResults results)
    {
        MetricRow[] metrics = [.. results.Metrics.Where(m => m.Metric == TestPerplexity.Headline)];
        double[] values = [.. metrics.Where(m => double.IsFinite(m.Value)).Select(m => m.Value)];
        if (values.Length == 0) return null;
        var (recipe, logarithmic) = (metrics[0].Recipe, values.Min() > 0 && values.Max() > 10 * values.Min());
        return new($"{recipe}-perplexity", $"{recipe}: perplexity on real test data{Shown(metrics, TestPerplexity.Headline)}",
            ByDecoding("", new("perplexity", logarithmic), metrics, TestPerplexity.Headline, ColorsOf(results)))
        {
            Caption = "How badly each generation predicts human text: the exponential of the mean loss per token, lower is better. Generation 0 is fitted to real text. " + Reading,
        };
    }

    static Figure? OfDiversity(RunResults results)
    {
        MetricRow[] metrics = [.. results.Metrics];
        MetricLabel[] taken = [.. MetricLabel.Diversity.Where(d => metrics.Any(m => m.Metric == d.Metric && double.IsFinite(m.Value)))];
        Panel[] panels =
        [
            .. taken.SelectMany(d => ByDecoding(d.Title, new(d.Axis), metrics, d.Metric, ColorsOf(results))),
        ];
        return panels.Length == 0 ? null
            : new($"{metrics[0].Recipe}-diversity", $"{metrics[0].Recipe}: diversity of each generation's training text{Shown(metrics, "diversity.")}", panels)
            {
                Columns = panels.Length > taken.Length ? panels.Length / taken.Length : null,
                Caption = "How varied each generation's training text is, over samples of equal size: different pairs of tokens, repeated runs of four tokens, different tokens, and their entropy. Generation 0 is trained on real text. " + Reading,
            };
    }

    static Figure? OfHistograms(RunResults results)
    {
        Panel[] panels =
        [
            .. results.Histograms.GroupBy(h => h.Arm).Select(arm => new Panel(arm.Key, new("perplexity under model 0", Logarithmic: true), new("share of blocks"),
            [
                .. HistogramGenerations.Index().Select(g => (Step: g.Index, Generation: g.Item, Rows: arm.Where(h => h.Generation == g.Item).ToArray()))
                    .Where(g => g.Rows.Any(h => h.Histogram.Counts.Sum() > 0))
                    .Select(g => Outline($"generation {g.Generation}", ArmColors.OfStep(g.Step), g.Rows)),
            ])).Where(panel => panel.Series.Count > 0),
        ];
        return panels.Length == 0 ? null
            : new($"{results.Histograms[0].Recipe}-histograms", $"{results.Histograms[0].Recipe}: perplexity of each generation's training set", panels)
            {
                SharedAxes = true,
                Caption = "Each block of a generation's training text under model 0, which was fitted to real text; seeds pooled. To the left lies text that model 0 finds likely, to the right text that it finds very unlikely (Shumailov et al. 2024, figure 1, left).",
            };
    }

    /// <summary>Columns are generations, rows the bins of perplexity between the lowest and the highest that is not empty.</summary>
    static Panel MapOf(string arm, HistogramRow[] rows)
    {
        var shares = rows.GroupBy(r => r.Generation).OrderBy(g => g.Key).Select(g => (Generation: g.Key, Shares: Shares([.. g]))).ToArray();
        var (first, last) = (shares.Min(s => Array.FindIndex(s.Shares, v => v > 0)), shares.Max(s => Array.FindLastIndex(s.Shares, v => v > 0)));
        var map = new HeatMapSeries("share of blocks",
            [.. Enumerable.Range(shares[0].Generation, shares[^1].Generation - shares[0].Generation + 2).Select(t => t - 0.5)],
            rows[0].Histogram.Edges[first..(last + 2)],
            [
                .. Enumerable.Range(first, last - first + 1).Select(bin => (double[])
                    [.. Enumerable.Range(shares[0].Generation, shares[^1].Generation - shares[0].Generation + 1)
                        .Select(t => shares.FirstOrDefault(s => s.Generation == t).Shares is { } found && found[bin] > 0 ? found[bin] : double.NaN)]),
            ]);
        return new(arm, new("generation", Integers: true), new("perplexity under model 0", Logarithmic: true), [map]);
    }

    /// <summary>One outline of all seeds, without the empty bins at both ends.</summary>
    static StepSeries Outline(string name, string color, HistogramRow[] rows)
    {
        var shares = Shares(rows);
        var (first, last) = (Array.FindIndex(shares, c => c > 0), Array.FindLastIndex(shares, c => c > 0));
        return new(name, color, rows[0].Histogram.Edges[first..(last + 2)], shares[first..(last + 1)]);
    }

    /// <summary>Share of blocks in each bin, seeds pooled.</summary>
    static double[] Shares(HistogramRow[] rows)
    {
        var edges = rows[0].Histogram.Edges;
        var counts = new double[edges.Length - 1];
        foreach (var histogram in rows.Select(r => r.Histogram))
        {
            if (!histogram.Edges.SequenceEqual(edges)) throw new InputException($"Histograms of {rows[0].Recipe}, {rows[0].Arm} have different bins and cannot be pooled.");
            for (var i = 0; i < counts.Length; i++) counts[i] += histogram.Counts[i];
        }

        var total = counts.Sum();
        return [.. counts.Select(c => c / total)];
    }

    /// <summary>One panel of all arms; of arms that each have a control of their decoding, one panel for each decoding, in which they are called by their policy.</summary>
    static IReadOnlyList<Panel> ByDecoding(string title, Axis y, MetricRow[] metrics, string metric, IReadOnlyDictionary<string, string> colors)
    {
        if (!CollapseStages.AreByDecoding(metrics.Select(m => m.Arm))) return [OverGenerations(title, y, metrics, metric, colors)];
        var policies = ArmColors.OfPolicies(metrics.Select(m => m.Arm));
        return
        [
            .. metrics.GroupBy(m => CollapseStages.DecodingOf(m.Arm)).Select(group =>
                OverGenerations(title == "" ? group.Key : $"{title}, {group.Key}", y, [.. group.Select(m => m with { Arm = CollapseStages.PolicyOf(m.Arm) })], metric, policies)),
        ];
    }

    /// <summary>Each arm as its mean with the 95 % interval, over thin lines for its seeds.</summary>
    static Panel OverGenerations(string title, Axis y, MetricRow[] metrics, string metric, IReadOnlyDictionary<string, string> colors)
    {
        var arms = metrics.Where(m => m.Metric == metric).GroupBy(m => m.Arm).ToArray();
        var seeds = arms.SelectMany(arm => arm.GroupBy(m => m.Seed) is var each && each.Count() > 1 ? each : [])
            .Select(seed => new LineSeries("", colors[seed.First().Arm], [.. seed.OrderBy(m => m.Generation).Select(m => new LinePoint(m.Generation, m.Value))], Thin: true));
        var means = arms.Select(arm => new LineSeries(arm.Key, colors[arm.Key],
            [.. Summary.Of(arm).OrderBy(s => s.Generation).Select(s => new LinePoint(s.Generation, s.Mean, s.Low, s.High))]));
        return new(title, new("generation", Integers: true), y, [.. seeds, .. means]);
    }

    static string Shown(MetricRow[] metrics, string prefix) =>
        metrics.Where(m => m.Metric.StartsWith(prefix, StringComparison.Ordinal)).GroupBy(m => m.Arm).Any(arm => arm.Select(m => m.Seed).Distinct().Count() > 1)
            ? " (mean, 95 % interval, single seeds)"
            : "";
}
