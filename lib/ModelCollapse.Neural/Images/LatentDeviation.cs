using ModelCollapse.Generations;

namespace ModelCollapse.Images;

/// <summary>
/// How widely a VAE's images are spread in the latent space of VAE 0: the standard deviation of the posterior means of images that the
/// model draws, over images and latent numbers. Falls under collapse (values of the paper's notebook: literature.md, Shumailov et al. 2024, Toy experiments).
/// </summary>
/// <param name="count">Images that are drawn. Range: at least 2.</param>
public sealed class LatentDeviation(int count = 10_000) : IMetric<float[]>
{
    /// <summary>The number that the paper's notebook prints for each generation.</summary>
    public const string Headline = "latent.deviation";

    /// <inheritdoc/>
    public string Name => "latent";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Measure(GenerationContext<float[]> c)
    {
        var encoder = (Vae)c.Model0;
        return new Dictionary<string, double>
        {
            ["deviation"] = Of(encoder.Encode(c.Model.Sample(count, new(c.Generation, c.SeedFor("latent deviation"), Cancellation: c.Cancellation)))),
            ["deviation-of-training-set"] = Of(encoder.Encode(c.TrainingSet.Take(count))),
        };
    }

    /// <summary>Standard deviation over all latent numbers of all images.</summary>
    static double Of(float[][] latent)
    {
        var (n, mean) = (latent.Length * (double)latent[0].Length, latent.Average(z => z.Average(x => (double)x)));
        return Math.Sqrt(latent.Sum(z => z.Sum(x => (x - mean) * (x - mean))) / n);
    }
}
