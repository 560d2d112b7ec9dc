using ModelCollapse.Generations;

namespace ModelCollapse.Images;

/// <summary>
/// Loss of a VAE on real test images, in nats per image: the negative evidence lower bound, which is what test perplexity is for a language
/// model. Rises under collapse, as the perplexity of Shumailov et al. 2024 does.
/// </summary>
/// <param name="test">Real images that no model was fitted to.</param>
public sealed class TestLoss(IReadOnlyList<float[]> test) : IMetric<float[]>
{
    /// <inheritdoc/>
    public string Name => "test-loss";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Measure(GenerationContext<float[]> c) =>
        new Dictionary<string, double> { [""] = ((Vae)c.Model).LossOn(test, c.SeedFor(Name)) };
}
