using System.Globalization;
using System.Text.Json;
using ModelCollapse.Generations;
using ModelCollapse.Metrics;

namespace ModelCollapse.Language;

/// <summary>
/// Perplexity of each block of a generation's training set under model 0, the model fitted to real text: the left panels of figure 1b
/// and 1c of Shumailov et al. (Nature 631, 2024). The histogram goes into <c>training-perplexity.json</c>; read both of its ends.
/// Under collapse most blocks fall to low perplexity while a tail of improbable ones rises (literature.md, Shumailov et al. 2024, Histograms).
/// </summary>
public sealed class TrainingPerplexity : IMetric<int[]>
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "training-perplexity";

    /// <summary>The file with the <see cref="PerplexityHistogram"/>.</summary>
    public const string HistogramFile = "training-perplexity.json";

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <summary><c>ofMeanLoss</c>, <c>meanLogProbability</c> (nats per token) and the quantiles of the blocks' perplexities, <c>quantile-0.05</c> for example.</summary>
    public IReadOnlyDictionary<string, double> Measure(GenerationContext<int[]> c)
    {
        var found = TextMetrics.Language(c.Model0).Evaluate(c.TrainingSet, c.Progress, c.Cancellation);
        var histogram = PerplexityHistogram.Of([.. found.Perplexities]);
        File.WriteAllText(c.ArtifactPath(HistogramFile), JsonSerializer.Serialize(histogram, JsonSerializerOptions.Web) + "\n");
        var numbers = new Dictionary<string, double> { ["ofMeanLoss"] = found.TokenPerplexity, ["meanLogProbability"] = -found.MeanLoss };
        foreach (var (level, value) in PerplexityHistogram.QuantileLevels.Zip(histogram.Quantiles))
            numbers[string.Create(CultureInfo.InvariantCulture, $"quantile-{level:0.00}")] = value;
        return numbers;
    }
}
