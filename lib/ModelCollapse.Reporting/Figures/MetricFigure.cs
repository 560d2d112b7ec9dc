using ModelCollapse.Data.Almanac;
using ModelCollapse.Results;

namespace ModelCollapse.Reporting.Figures;

/// <summary>One number over generations: each arm as its mean with the 95 % interval, over thin lines for its seeds.</summary>
static class MetricFigure
{
    /// <summary>How such figures are read, for captions.</summary>
    public const string Reading = "Thick lines are means over seeds with their 95 % interval, thin lines single seeds.";

    /// <summary>The figure; null where the results do not have the number.</summary>
    /// <param name="part">Results of one recipe.</param>
    /// <param name="label">The number.</param>
    /// <param name="extra">Lines to draw with it.</param>
    public static Figure? Of(RunResults part, MetricLabel label, params IReadOnlyList<LineSeries> extra)
    {
        MetricRow[] rows = [.. part.Metrics.Where(m => m.Metric == label.Metric)];
        if (rows.Length == 0) return null;
        return new($"{rows[0].Recipe}-{label.Metric}", $"{label.Title}{ArmPanels.SeedsInWords(rows)}",
            [.. ArmPanels.Of(part).OverGenerations(part, label, "", seeds: true).Select(panel => panel with { Series = [.. panel.Series, .. extra] })]);
    }
}
