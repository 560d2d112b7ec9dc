using ModelCollapse.Results;
using ModelCollapse.Store;

namespace ModelCollapse.Reporting.Figures;

/// <summary>What the figures of an Almanac run share: a row of panels for each number, a column for each decoding, a grey line for human text.</summary>
static class AlmanacFigure
{
    /// <summary>How lines are read, for captions.</summary>
    public const string Lines = "Bands are 95 % intervals over seeds.";

    /// <summary>How the grey line is read, for captions.</summary>
    public const string Grey = "Grey: human text of the same size, with the band that holds 95 % of such samples where it was measured.";

    const string People = "people", PeopleColor = "#7F7F7F";

    /// <summary>A figure of several numbers; nothing where there is none.</summary>
    public static IEnumerable<Figure> Of(RunResults part, string name, string title, IReadOnlyList<MetricLabel> labels, string caption)
    {
        MetricLabel[] taken = [.. labels.Where(l => part.Metrics.Any(m => m.Metric == l.Metric))];
        if (taken.Length == 0) yield break;
        var (arms, recipe) = (ArmPanels.Of(part), part.Metrics[0].Recipe);
        yield return new($"{recipe}-{name}", $"{recipe}: {title}", [.. taken.SelectMany(label => arms.OverGenerations(part, label, label.Title, seeds: false, panel => Human(part, label, panel)))])
        {
            Columns = arms.Panels.Count,
            Caption = caption,
        };
    }

    /// <summary>People's text is the same for every arm: one line, of the mean over all that measured it, with the band in which such samples lie where it was measured.</summary>
    static IEnumerable<Series> Human(RunResults part, MetricLabel label, ArmPanel panel)
    {
        if (label.Metric.Number.Part != NumberPart.Value) return [];
        HashSet<string> arms = [.. panel.Arms.Select(a => a.Arm.Name)];
        var (low, high) = (ByGeneration(NumberPart.HumanLow), ByGeneration(NumberPart.HumanHigh));
        LinePoint[] points = [.. ByGeneration(NumberPart.Human).OrderBy(g => g.Key).Select(g => new LinePoint(g.Key, g.Value, low.GetValueOrDefault(g.Key, double.NaN), high.GetValueOrDefault(g.Key, double.NaN)))];
        return points.Length == 0 ? [] : [new LineSeries(People, PeopleColor, points)];

        Dictionary<int, double> ByGeneration(NumberPart of) =>
            part.Metrics.Where(m => m.Metric == label.Metric.Of(of) && arms.Contains(m.Arm)).GroupBy(r => r.Generation).ToDictionary(g => g.Key, g => g.Average(r => r.Value));
    }
}
