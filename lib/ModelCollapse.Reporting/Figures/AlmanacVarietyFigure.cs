using ModelCollapse.Results;
using ModelCollapse.Results.Claims;

namespace ModelCollapse.Reporting.Figures;

/// <summary>Effective numbers of facts and phrases, and how far the facts stated are from their true distribution.</summary>
[Kind("almanac-variety")]
sealed class AlmanacVarietyFigure : IRunFigure
{
    public int Order => 60;

    public IEnumerable<Figure> Of(RunResults part) => AlmanacFigure.Of(part, "variety", "variety, and distance from the truth", [MetricLabel.Support, MetricLabel.Phrases, MetricLabel.FactDivergence],
        "Effective numbers (exponentials of entropies) of the facts stated and of runs of four tokens; and the divergence of the facts stated from their true distribution, minus that of an equal number of human statements. "
        + $"{AlmanacFigure.Grey} {AlmanacFigure.Lines}");
}
