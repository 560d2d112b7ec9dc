using ModelCollapse.Results;
using ModelCollapse.Results.Claims;

namespace ModelCollapse.Reporting.Figures;

/// <summary>Four measures of how varied the model's own text is, over generations.</summary>
[Kind("diversity")]
sealed class DiversityFigure : IRunFigure
{
    public int Order => 80;

    public IEnumerable<Figure> Of(RunResults part) => Of(part, "diversity", "diversity of each generation's own text", MetricLabel.Diversity,
        "How varied the text is that each generation writes from the same prompts: different pairs of tokens, repeated runs of four tokens, different tokens, and their entropy. Generation 0 is trained on real text. ");

    /// <summary>A row of panels for each of several numbers; nothing where there is none.</summary>
    internal static IEnumerable<Figure> Of(RunResults part, string name, string title, IReadOnlyList<MetricLabel> labels, string caption)
    {
        MetricLabel[] taken = [.. labels.Where(d => part.Metrics.Any(m => m.Metric == d.Metric && double.IsFinite(m.Value)))];
        if (taken.Length == 0) yield break;
        var (arms, recipe) = (ArmPanels.Of(part), part.Metrics[0].Recipe);
        Panel[] panels = [.. taken.SelectMany(d => arms.OverGenerations(part, d, d.Title, seeds: true))];
        yield return new($"{recipe}-{name}", $"{recipe}: {title}{ArmPanels.SeedsInWords(part.Metrics.Where(m => taken.Any(d => d.Metric == m.Metric)))}", panels)
        {
            Columns = panels.Length > taken.Length ? panels.Length / taken.Length : null,
            Caption = caption + MetricFigure.Reading,
        };
    }
}
