using ModelCollapse.Metrics;
using ModelCollapse.Runs;

namespace ModelCollapse.Notebooks;

/// <summary>The figures that every finished recipe gets: perplexity, histograms of perplexity, and diversity over generations.</summary>
public static class RunFigures
{
    static readonly int[] HistogramGenerations = [0, 1, 2, 3, 5, 9];

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
        var figures = new List<Figure?>();
        foreach (var recipe in results.Metrics.Select(m => m.Recipe).Concat(results.Histograms.Select(h => h.Recipe)).Distinct())
        {
            MetricRow[] metrics = [.. results.Metrics.Where(m => m.Recipe == recipe)];
            HistogramRow[] histograms = [.. results.Histograms.Where(h => h.Recipe == recipe)];
            var colors = ArmColors.Of(metrics.Select(m => m.Arm).Concat(histograms.Select(h => h.Arm)));
            figures.Add(OfPerplexity(recipe, metrics, colors));
            figures.Add(OfHistograms(recipe, histograms));
            figures.Add(OfDiversity(recipe, metrics, colors));
        }

        return [.. figures.OfType<Figure>()];
    }

    static Figure? OfPerplexity(string recipe, MetricRow[] metrics, IReadOnlyDictionary<string, string> colors)
    {
        double[] values = [.. metrics.Where(m => m.Metric == TestPerplexity.Headline && double.IsFinite(m.Value)).Select(m => m.Value)];
        if (values.Length == 0) return null;
        var logarithmic = values.Min() > 0 && values.Max() > 10 * values.Min();
        return new($"{recipe}-perplexity", $"{recipe}: perplexity on real test data{Shown(metrics, TestPerplexity.Headline)}",
            [OverGenerations("", new("perplexity", logarithmic), metrics, TestPerplexity.Headline, colors)]);
    }

    static Figure? OfDiversity(string recipe, MetricRow[] metrics, IReadOnlyDictionary<string, string> colors)
    {
        Panel[] panels =
        [
            .. MetricLabel.Diversity.Where(d => metrics.Any(m => m.Metric == d.Metric && double.IsFinite(m.Value)))
                .Select(d => OverGenerations(d.Title, new(d.Axis), metrics, d.Metric, colors)),
        ];
        return panels.Length == 0 ? null : new($"{recipe}-diversity", $"{recipe}: diversity of each generation's training text{Shown(metrics, "diversity.")}", panels);
    }

    /// <summary>As figure 1b of Shumailov et al. (2024), left: training sets under model 0, seeds pooled.</summary>
    static Figure? OfHistograms(string recipe, HistogramRow[] histograms)
    {
        Panel[] panels =
        [
            .. histograms.GroupBy(h => h.Arm).Select(arm => new Panel(arm.Key, new("perplexity under model 0", Logarithmic: true), new("share of blocks"),
            [
                .. HistogramGenerations.Index().Select(g => (Step: g.Index, Generation: g.Item, Rows: arm.Where(h => h.Generation == g.Item).ToArray()))
                    .Where(g => g.Rows.Any(h => h.Histogram.Counts.Sum() > 0))
                    .Select(g => Pooled($"generation {g.Generation}", ArmColors.OfStep(g.Step), g.Rows)),
            ])).Where(panel => panel.Series.Count > 0),
        ];
        return panels.Length == 0 ? null : new($"{recipe}-histograms", $"{recipe}: perplexity of each generation's training set", panels) { SharedAxes = true };
    }

    /// <summary>One outline of all seeds, without the empty bins at both ends.</summary>
    static StepSeries Pooled(string name, string color, HistogramRow[] rows)
    {
        var edges = rows[0].Histogram.Edges;
        var counts = new double[edges.Length - 1];
        foreach (var histogram in rows.Select(r => r.Histogram))
        {
            if (!histogram.Edges.SequenceEqual(edges)) throw new InputException($"Histograms of {rows[0].Recipe}, {rows[0].Arm} have different bins and cannot be pooled.");
            for (var i = 0; i < counts.Length; i++) counts[i] += histogram.Counts[i];
        }

        var total = counts.Sum();
        var (first, last) = (Array.FindIndex(counts, c => c > 0), Array.FindLastIndex(counts, c => c > 0));
        return new(name, color, edges[first..(last + 2)], [.. counts[first..(last + 1)].Select(c => c / total)]);
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
