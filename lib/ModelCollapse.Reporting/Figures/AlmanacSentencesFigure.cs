using ModelCollapse.Results;
using ModelCollapse.Results.Claims;

namespace ModelCollapse.Reporting.Figures;

/// <summary>Shares of the statements that are false and of the sentences that are broken or uninformative.</summary>
[Kind("almanac-sentences")]
sealed class AlmanacSentencesFigure : IRunFigure
{
    public int Order => 40;

    public IEnumerable<Figure> Of(RunResults part) => AlmanacFigure.Of(part, "sentences", "false statements and uninformative sentences", [MetricLabel.Hallucination, MetricLabel.SaysNothing, MetricLabel.Unparseable],
        "Each generation's text, checked sentence by sentence against the known truth: false statements among all statements; sentences that are broken, empty or without a known subject; those of them that are broken. "
        + $"{AlmanacFigure.Grey} {AlmanacFigure.Lines}");
}
