using ModelCollapse.Results;
using ModelCollapse.Results.Claims;

namespace ModelCollapse.Reporting.Figures;

/// <summary>How much of the world is stated in free generation, and how much of it is the rare half.</summary>
[Kind("almanac-recall")]
sealed class AlmanacRecallFigure : IRunFigure
{
    public int Order => 50;

    public IEnumerable<Figure> Of(RunResults part) => AlmanacFigure.Of(part, "recall", "how much of the world is still stated", [MetricLabel.Recall, MetricLabel.TailMass],
        "Recall: share of all facts that are stated at least once, each weighted by its probability. Tail: share of the true statements that are about the rarer facts, which make up half of human text. "
        + $"{AlmanacFigure.Grey} {AlmanacFigure.Lines}");
}
