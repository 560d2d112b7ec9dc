using ModelCollapse.Reporting;
using ModelCollapse.Reporting.Figures;
using ModelCollapse.Results;
using ModelCollapse.Results.Claims;

namespace ModelCollapse.Tests.Extensions;

/// <summary>A figure from another assembly than the library: one file.</summary>
[Kind("own-figure")]
public sealed class OwnFigure : IRunFigure
{
    public int Order => 15;

    public IEnumerable<Figure> Of(RunResults part)
    {
        var label = MetricLabel.Of(part, "own.share");
        if (part.Metrics.All(m => m.Metric != label.Metric)) yield break;
        yield return new($"{part.Recipes[0]}-own", "An own figure", ArmPanels.Of(part).OverGenerations(part, label, "", seeds: false));
    }
}
