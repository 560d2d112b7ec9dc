using ModelCollapse.Results;
using ModelCollapse.Results.Claims;

namespace ModelCollapse.Reporting.Figures;

/// <summary>Spread of the images that each generation draws.</summary>
[Kind("latent-deviation")]
sealed class LatentDeviationFigure : IRunFigure
{
    public int Order => 100;

    public IEnumerable<Figure> Of(RunResults part) => MetricFigure.Of(part, ImageFigures.Deviation) is { } figure ? [figure] : [];
}
