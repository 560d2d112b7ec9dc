using ModelCollapse.Runs;

namespace ModelCollapse.Notebooks;

/// <summary>Results as tables, with 95 % intervals over seeds.</summary>
public static class RunTables
{
    /// <summary>A metric by generation (rows) and arm (columns).</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <param name="label">The metric.</param>
    /// <param name="generations">Which generations; all if none is given.</param>
    public static Table OverGenerations(RunResults results, MetricLabel label, params IReadOnlyList<int> generations)
    {
        MetricRow[] rows = [.. results.Metrics.Where(m => m.Metric == label.Metric && (generations.Count == 0 || generations.Contains(m.Generation)))];
        string[] arms = [.. rows.Select(r => r.Arm).Distinct()];
        return new(label.Title, ["generation", .. arms],
        [
            .. rows.Select(r => r.Generation).Distinct().Order().Select(generation => (string[])
                [$"{generation}", .. arms.Select(arm => IntervalText.Of([.. rows.Where(r => r.Arm == arm && r.Generation == generation).Select(r => r.Value)], label.Format))]),
        ]);
    }

    /// <summary>By arm: the last generation against generation 0, and against the first arm, paired by seed.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <param name="label">The metric.</param>
    public static Table Changes(RunResults results, MetricLabel label)
    {
        var changes = ArmChange.Of(results.Metrics.Where(m => m.Metric == label.Metric));
        if (changes.Count == 0) return new(label.Title, ["arm"], []);
        var (first, last) = (changes[0], changes[0].Generation);
        return new($"{label.Title}: generation {last}",
            ["arm", "seeds", "minus generation 0", "over generation 0", $"minus arm {first.Arm}"],
            [
                .. changes.Select(c => (string[])
                [
                    c.Arm, $"{c.Seeds.Count}", IntervalText.Of(c.Differences, label.Format), IntervalText.OfRatio(c.Ratios),
                    c == first ? "" : IntervalText.Of(c.Minus(first), label.Format),
                ]),
            ]);
    }
}
