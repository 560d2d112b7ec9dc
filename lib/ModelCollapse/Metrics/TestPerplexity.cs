using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.Metrics;

/// <summary>
/// Perplexity of the human test text, each block on its own without context: the right panels of figure 1b and 1c of Shumailov et al.
/// (Nature 631, 2024). Rises as the model forgets how people write.
/// </summary>
[Kind(MetricName)]
public sealed record TestPerplexity : IMetric<int[]>
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "perplexity";

    /// <summary>The number that stands for a generation in tables and figures: the exponential of the mean loss.</summary>
    public const string Headline = "perplexity.ofMeanLoss";

    const string Source = "Shumailov et al. 2024, figure 1b and 1c";

    static readonly MetricNumber[] Described =
    [
        new("ofMeanLoss", "Test perplexity (exponential of the mean loss)", "", UnderCollapse.Rises, Source),
        new("mean", "Test perplexity, mean over blocks", "", UnderCollapse.Rises, Source),
        new("meanLogProbability", "Log-probability of test tokens", "nats per token", UnderCollapse.Falls, Source),
        new("standardDeviation", "Test perplexity, standard deviation over blocks", "", UnderCollapse.Rises, Source),
    ];

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <inheritdoc/>
    public IReadOnlyList<MetricNumber> Numbers => Described;

    /// <inheritdoc/>
    public void Check(LoopSetting setting) => TestText.Check(setting, MetricName);

    /// <summary>
    /// <c>ofMeanLoss</c>: exponential of the mean loss per token; <c>mean</c> and <c>standardDeviation</c>: of the blocks' perplexities,
    /// which weighs hard blocks more; <c>meanLogProbability</c>: nats per token.
    /// </summary>
    public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<int[]> c)
    {
        var found = TestText.Under(c, MetricName);
        var numbers = new Dictionary<NumberKey, double> { ["ofMeanLoss"] = found.TokenPerplexity, ["mean"] = found.MeanPerplexity, ["meanLogProbability"] = -found.MeanLoss };
        if (found.Perplexities.Count > 1) numbers["standardDeviation"] = found.StandardDeviation;
        return numbers;
    }
}
