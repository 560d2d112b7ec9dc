using ModelCollapse.Results;

namespace ModelCollapse.Reporting;

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
        var format = label.FormatFor(rows.Select(r => r.Value));
        return new(label.Title, ["generation", .. arms.Select(LabelsOf(results))],
        [
            .. rows.Select(r => r.Generation).Distinct().Order().Select(generation => (string[])
                [$"{generation}", .. arms.Select(arm => IntervalText.Of([.. rows.Where(r => r.Arm == arm && r.Generation == generation).Select(r => r.Value)], format))]),
        ]);
    }

    /// <summary>All that has a label of one arm: generations are rows, metrics columns.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <param name="arm">The arm.</param>
    public static Table OfArm(RunResults results, string arm)
    {
        MetricRow[] rows = [.. results.Metrics.Where(m => m.Arm == arm)];
        (MetricLabel Label, string Format)[] labels = [.. MetricLabel.Of(results).Select(l => (Label: l, Values: rows.Where(r => r.Metric == l.Metric).Select(r => r.Value))).Where(l => l.Values.Any()).Select(l => (l.Label, l.Label.FormatFor(l.Values)))];
        var cells = rows.ToLookup(r => (r.Metric, r.Generation), r => r.Value);
        return new($"Arm {LabelsOf(results)(arm)}", ["generation", .. labels.Select(l => l.Label.Axis)],
            [.. rows.Select(r => r.Generation).Distinct().Order().Select(t => (string[])[$"{t}", .. labels.Select(l => IntervalText.Of([.. cells[(l.Label.Metric, t)]], l.Format))])]);
    }

    /// <summary>By arm: the last generation minus generation 0, the ratio of both where all values are positive, and the difference from another arm, paired by seed.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <param name="label">The metric.</param>
    /// <param name="against">The other arm; null for the first.</param>
    /// <exception cref="InputException">There is no arm of that name.</exception>
    public static Table Changes(RunResults results, MetricLabel label, string? against = null)
    {
        var changes = ArmChange.Of(results.Metrics.Where(m => m.Metric == label.Metric));
        if (changes.Count == 0) return new(label.Title, ["arm"], []);
        var reference = against is null ? changes[0] : changes.FirstOrDefault(c => c.Arm == against)
            ?? throw new InputException($"There is no finished arm '{against}': choose one of {string.Join(", ", changes.Select(c => c.Arm))}.");
        var format = label.FormatFor(changes.SelectMany(c => c.Seeds.Values).SelectMany(v => (double[])[v.First, v.Last]));
        var positive = changes.All(c => c.Seeds.Values.All(v => v is { First: > 0, Last: > 0 }));
        var labelOf = LabelsOf(results);
        return new($"{label.Title}: generation {reference.Generation}",
            ["arm", "seeds", "minus generation 0", .. positive ? ["over generation 0"] : (string[])[], $"minus arm {labelOf(reference.Arm)}"],
            [
                .. changes.Select(c => (string[])
                [
                    labelOf(c.Arm), $"{c.Seeds.Count}", IntervalText.Of(c.Differences, format), .. positive ? [IntervalText.OfRatio(c.Ratios)] : (string[])[],
                    c == reference ? "" : IntervalText.Of(c.Minus(reference), format),
                ]),
            ]);
    }

    /// <summary>What each arm is called.</summary>
    static Func<string, string> LabelsOf(RunResults results)
    {
        var labels = results.Recipes.SelectMany(results.Arms).DistinctBy(a => a.Name).ToDictionary(a => a.Name, a => a.Label);
        return arm => labels.GetValueOrDefault(arm, arm);
    }
}
