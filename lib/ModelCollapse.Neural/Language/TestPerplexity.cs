using ModelCollapse.Generations;

namespace ModelCollapse.Language;

/// <summary>
/// Perplexity of the human test text, each block on its own without context: the right panels of figure 1b and 1c of Shumailov et al.
/// (Nature 631, 2024). Rises as the model forgets how people write.
/// </summary>
/// <param name="text">The test text.</param>
public sealed class TestPerplexity(TestText text) : IMetric<int[]>
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "perplexity";

    /// <summary>The number that stands for a generation in tables and figures: the exponential of the mean loss.</summary>
    public const string Headline = "perplexity.ofMeanLoss";

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <summary>
    /// <c>ofMeanLoss</c>: exponential of the mean loss per token; <c>mean</c> and <c>standardDeviation</c>: of the blocks' perplexities,
    /// which weighs hard blocks more; <c>meanLogProbability</c>: nats per token.
    /// </summary>
    public IReadOnlyDictionary<string, double> Measure(GenerationContext<int[]> c)
    {
        var found = text.Under(c);
        var numbers = new Dictionary<string, double> { ["ofMeanLoss"] = found.TokenPerplexity, ["mean"] = found.MeanPerplexity, ["meanLogProbability"] = -found.MeanLoss };
        if (found.Perplexities.Count > 1) numbers["standardDeviation"] = found.StandardDeviation;
        return numbers;
    }
}
