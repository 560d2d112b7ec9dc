using System.ComponentModel.DataAnnotations;
using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.Images;

/// <summary>
/// How widely a VAE's images are spread in the latent space of VAE 0: the standard deviation of the posterior means of images that the
/// model draws, over images and latent numbers. Falls under collapse (values of the paper's notebook: literature.md, Shumailov et al. 2024, Toy experiments).
/// </summary>
[Kind(MetricName)]
public sealed record LatentDeviation : IMetric<float[]>
{
    /// <summary>Its name.</summary>
    public const string MetricName = "latent";

    /// <summary>The number that the paper's notebook prints for each generation.</summary>
    public const string Headline = "latent.deviation";

    const string Source = "Shumailov et al. 2024, supplement, VAE";

    static readonly MetricNumber[] Described =
    [
        new("deviation", "Latent standard deviation of drawn images", "", UnderCollapse.Falls, Source),
        new("deviation-of-training-set", "Latent standard deviation of the training set", "", UnderCollapse.Falls, Source),
    ];

    /// <summary>Images that are drawn. Range: at least 2.</summary>
    [Range(2, int.MaxValue)]
    public int Images { get; init; } = 10_000;

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <inheritdoc/>
    public IReadOnlyList<MetricNumber> Numbers => Described;

    /// <inheritdoc/>
    public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<float[]> c)
    {
        var encoder = (Vae)c.Model0;
        return new Dictionary<NumberKey, double>
        {
            ["deviation"] = Of(encoder.Encode(c.Model.Sample(Images, new(c.Generation, c.SeedFor("latent deviation"), Cancellation: c.Cancellation)))),
            ["deviation-of-training-set"] = Of(encoder.Encode(c.TrainingSet.Take(Images))),
        };
    }

    /// <summary>Standard deviation over all latent numbers of all images.</summary>
    static double Of(float[][] latent)
    {
        var (n, mean) = (latent.Length * (double)latent[0].Length, latent.Average(z => z.Average(x => (double)x)));
        return Math.Sqrt(latent.Sum(z => z.Sum(x => (x - mean) * (x - mean))) / n);
    }
}
