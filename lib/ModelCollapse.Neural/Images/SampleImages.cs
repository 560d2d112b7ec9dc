using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ModelCollapse.Generations;
using ModelCollapse.Metrics;
using ModelCollapse.Store;

namespace ModelCollapse.Images;

/// <summary>
/// Some images that each generation draws, to be looked at side by side, as in figure 7 of the supplement of Shumailov et al. (2024). They go into
/// <c>images.json</c> as <see cref="DrawnImages"/>; there is no number.
/// </summary>
[Kind(MetricName)]
public sealed record SampleImages : IMetric<float[]>
{
    /// <summary>Its name.</summary>
    public const string MetricName = "images";

    /// <summary>Images of each generation. Range: at least 1.</summary>
    [Range(1, int.MaxValue)]
    public int Images { get; init; } = 20;

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <inheritdoc/>
    public IReadOnlyList<MetricNumber> Numbers => [];

    /// <inheritdoc/>
    public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<float[]> c)
    {
        var drawn = c.Model.Sample(Images, new(c.Generation, c.SeedFor(MetricName), Cancellation: c.Cancellation));
        DrawnImages images = new([.. drawn.Select(image => Array.ConvertAll(image, pixel => (byte)MathF.Round(255 * Math.Clamp(pixel, 0, 1))))]);
        File.WriteAllText(c.ArtifactPath(DrawnImages.FileName), JsonSerializer.Serialize(images, JsonSerializerOptions.Web) + "\n");
        return new Dictionary<NumberKey, double>();
    }
}
