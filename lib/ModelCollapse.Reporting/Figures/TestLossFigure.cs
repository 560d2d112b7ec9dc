using ModelCollapse.Results;
using ModelCollapse.Results.Claims;

namespace ModelCollapse.Reporting.Figures;

/// <summary>Loss of each generation on real test images.</summary>
[Kind("test-loss")]
sealed class TestLossFigure : IRunFigure
{
    public int Order => 110;

    public IEnumerable<Figure> Of(RunResults part) => MetricFigure.Of(part, ImageFigures.Loss) is { } figure ? [figure] : [];
}
