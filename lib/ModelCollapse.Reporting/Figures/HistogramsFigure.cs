using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Metrics;
using ModelCollapse.Results;
using ModelCollapse.Results.Claims;

namespace ModelCollapse.Reporting.Figures;

/// <summary>Perplexity of each generation's training set under model 0, one panel for each arm: figure 1b of Shumailov et al. (2024), left.</summary>
[Kind("histograms")]
sealed class HistogramsFigure : IRunFigure
{
    static readonly int[] Generations = [0, 1, 2, 3, 5, 9];

    public int Order => 70;

    public IEnumerable<Figure> Of(RunResults part)
    {
        Panel[] panels = [.. ByArm(part).Select(arm => Outlines(arm.Label, arm.Rows)).Where(panel => panel.Series.Count > 0)];
        if (panels.Length == 0) return [];
        return
        [
            new($"{part.Recipes[0]}-histograms", $"{part.Recipes[0]}: perplexity of each generation's training set", panels)
            {
                SharedAxes = true,
                Caption = "Each block of a generation's training text under model 0, which was fitted to real text; seeds pooled. To the left lies text that model 0 finds likely, to the right text that it finds very unlikely (Shumailov et al. 2024, figure 1, left).",
            },
        ];
    }

    /// <summary>The same as maps of all generations, where a small tail shows as well as the bulk; null where there are no histograms.</summary>
    public static Figure? Maps(RunResults part)
    {
        Panel[] panels = [.. ByArm(part).Select(arm => Map(arm.Label, arm.Rows))];
        return panels.Length == 0 ? null : new($"{part.Recipes[0]}-histogram-maps", $"{part.Recipes[0]}: each generation's training set under model 0", panels) { SharedAxes = true };
    }

    static IEnumerable<(string Label, Artifact<PerplexityHistogram>[] Rows)> ByArm(RunResults part)
    {
        var histograms = part.Artifacts<PerplexityHistogram>(TrainingPerplexity.HistogramFile).ToLookup(h => h.Arm);
        return part.Recipes.SelectMany(part.Arms).Where(arm => histograms.Contains(arm.Name)).Select(arm => (arm.Label, histograms[arm.Name].ToArray()));
    }

    static Panel Outlines(string arm, Artifact<PerplexityHistogram>[] rows) => new(arm, new("perplexity under model 0", Logarithmic: true), new("share of blocks"),
    [
        .. Generations.Index().Select(g => (Step: g.Index, Generation: g.Item, Rows: rows.Where(h => h.Generation == g.Item).ToArray()))
            .Where(g => g.Rows.Any(h => h.Value.Counts.Sum() > 0))
            .Select(g => Outline($"generation {g.Generation}", ArmColors.OfStep(g.Step), g.Rows)),
    ]);

    /// <summary>Columns are generations, rows the bins of perplexity between the lowest and the highest that is not empty.</summary>
    static Panel Map(string arm, Artifact<PerplexityHistogram>[] rows)
    {
        var shares = rows.GroupBy(r => r.Generation).OrderBy(g => g.Key).Select(g => (Generation: g.Key, Shares: Shares([.. g]))).ToArray();
        var (first, last) = (shares.Min(s => Array.FindIndex(s.Shares, v => v > 0)), shares.Max(s => Array.FindLastIndex(s.Shares, v => v > 0)));
        int[] generations = [.. Enumerable.Range(shares[0].Generation, shares[^1].Generation - shares[0].Generation + 1)];
        var map = new HeatMapSeries("share of blocks",
            [.. generations.Append(generations[^1] + 1).Select(t => t - 0.5)],
            rows[0].Value.Edges[first..(last + 2)],
            [
                .. Enumerable.Range(first, last - first + 1).Select(bin => (double[])
                    [.. generations.Select(t => shares.FirstOrDefault(s => s.Generation == t).Shares is { } found && found[bin] > 0 ? found[bin] : double.NaN)]),
            ]);
        return new(arm, new("generation", Integers: true), new("perplexity under model 0", Logarithmic: true), [map]);
    }

    /// <summary>One outline of all seeds, without the empty bins at both ends.</summary>
    static StepSeries Outline(string name, string color, Artifact<PerplexityHistogram>[] rows)
    {
        var shares = Shares(rows);
        var (first, last) = (Array.FindIndex(shares, c => c > 0), Array.FindLastIndex(shares, c => c > 0));
        return new(name, color, rows[0].Value.Edges[first..(last + 2)], shares[first..(last + 1)]);
    }

    /// <summary>Share of blocks in each bin, seeds pooled.</summary>
    static double[] Shares(Artifact<PerplexityHistogram>[] rows)
    {
        var edges = rows[0].Value.Edges;
        var counts = new double[edges.Length - 1];
        foreach (var histogram in rows.Select(r => r.Value))
        {
            if (!histogram.Edges.SequenceEqual(edges)) throw new InputException($"Histograms of {rows[0].Recipe}, {rows[0].Arm} have different bins and cannot be pooled.");
            for (var i = 0; i < counts.Length; i++) counts[i] += histogram.Counts[i];
        }

        var total = counts.Sum();
        return [.. counts.Select(c => c / total)];
    }
}
