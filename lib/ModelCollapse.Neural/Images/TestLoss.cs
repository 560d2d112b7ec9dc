using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.Images;

/// <summary>
/// Loss of a VAE on real test images, in nats per image: the negative evidence lower bound, which is what test perplexity is for a language
/// model. Rises under collapse, as the perplexity of Shumailov et al. 2024 does.
/// </summary>
[Kind(MetricName)]
public sealed record TestLoss : IMetric<float[]>
{
    /// <summary>Its name.</summary>
    public const string MetricName = "test-loss";

    static readonly MetricNumber[] Described =
        [new("", "Loss on test images", "nats per image", UnderCollapse.Rises, "negative evidence lower bound (Kingma and Welling 2014)")];

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <inheritdoc/>
    public IReadOnlyList<MetricNumber> Numbers => Described;

    /// <inheritdoc/>
    public void Check(LoopSetting setting)
    {
        if (setting.Get<ImageSetting>().Test.Count == 0) throw new InputException($"The metric '{MetricName}' needs test images, but there are none: give some.");
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<float[]> c) =>
        new Dictionary<NumberKey, double> { [""] = ((Vae)c.Model).LossOn(c.Setting.Get<ImageSetting>().Test, c.SeedFor(MetricName)) };
}

/// <summary>What an experiment on images works with, for metrics: part of <see cref="LoopSetting"/>.</summary>
public sealed record ImageSetting
{
    /// <summary>Real images that no model was fitted to.</summary>
    public required IReadOnlyList<float[]> Test { get; init; }
}
