using System.Text.Json;
using ModelCollapse.Generations;
using ModelCollapse.Metrics;

namespace ModelCollapse.Images;

/// <summary>
/// Some images that each generation draws, to be looked at side by side, as in figure 7 of the supplement of Shumailov et al. (2024). They go into
/// <c>images.json</c>; there is no number.
/// </summary>
/// <param name="count">Images of each generation. Range: at least 1.</param>
public sealed class SampleImages(int count) : IMetric<float[]>
{
    /// <summary>The file with <see cref="DrawnImages"/>.</summary>
    public const string FileName = "images.json";

    /// <inheritdoc/>
    public string Name => "images";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Measure(GenerationContext<float[]> c)
    {
        var drawn = c.Model.Sample(count, new(c.Generation, c.SeedFor(Name), Cancellation: c.Cancellation));
        DrawnImages images = new([.. drawn.Select(image => Array.ConvertAll(image, pixel => (byte)MathF.Round(255 * Math.Clamp(pixel, 0, 1))))]);
        File.WriteAllText(c.ArtifactPath(FileName), JsonSerializer.Serialize(images, JsonSerializerOptions.Web) + "\n");
        return new Dictionary<string, double>();
    }
}
