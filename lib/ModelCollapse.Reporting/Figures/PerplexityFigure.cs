using ModelCollapse.Results;
using ModelCollapse.Results.Claims;

namespace ModelCollapse.Reporting.Figures;

/// <summary>Perplexity of real test text over generations.</summary>
[Kind("perplexity")]
sealed class PerplexityFigure : IRunFigure
{
    public int Order => 10;

    public IEnumerable<Figure> Of(RunResults part)
    {
        MetricRow[] rows = [.. part.Metrics.Where(m => m.Metric == MetricLabel.Perplexity.Metric)];
        double[] values = [.. rows.Select(m => m.Value).Where(double.IsFinite)];
        if (values.Length == 0) yield break;
        var logarithmic = values.Min() > 0 && values.Max() > 10 * values.Min();
        var panels = ArmPanels.Of(part).OverGenerations(part, MetricLabel.Perplexity, "", seeds: true);
        yield return new($"{rows[0].Recipe}-perplexity", $"{rows[0].Recipe}: perplexity on real test data{ArmPanels.SeedsInWords(rows)}", [.. panels.Select(panel => panel with { Y = panel.Y with { Logarithmic = logarithmic } })])
        {
            Caption = "How badly each generation predicts human text: the exponential of the mean loss per token, lower is better. Generation 0 is fitted to real text. " + MetricFigure.Reading,
        };
    }
}
