using System.Globalization;
using System.Text.Json;
using ModelCollapse.Generations;
using ModelCollapse.Statistics;
using ModelCollapse.Store;
using ModelCollapse.Text;

namespace ModelCollapse.Metrics;

/// <summary>
/// Perplexity of each block of a generation's training set under model 0, the model fitted to real text: the left panels of figure 1b
/// and 1c of Shumailov et al. (Nature 631, 2024). The histogram goes into <c>training-perplexity.json</c>; read both of its ends.
/// Under collapse most blocks fall to low perplexity while a tail of improbable ones rises (literature.md, Shumailov et al. 2024, Histograms).
/// </summary>
[Kind(MetricName)]
public sealed record TrainingPerplexity : IMetric<int[]>
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "training-perplexity";

    /// <summary>The file with the <see cref="PerplexityHistogram"/>.</summary>
    public const string HistogramFile = "training-perplexity.json";

    const string Source = "Shumailov et al. 2024, figure 1b and 1c";

    static readonly MetricNumber[] Described =
    [
        new("ofMeanLoss", "Training set under model 0, exponential of the mean loss", "", UnderCollapse.Falls, Source),
        new("meanLogProbability", "Training set under model 0, log-probability", "nats per token", UnderCollapse.Rises, Source),
        .. PerplexityHistogram.QuantileLevels.Select(q => new MetricNumber(Quantiles.NameOf(q), LabelOf(q), "", q > 0.5 ? UnderCollapse.Varies : UnderCollapse.Falls, Source)),
    ];

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <inheritdoc/>
    public IReadOnlyList<MetricNumber> Numbers => Described;

    /// <summary><c>ofMeanLoss</c>, <c>meanLogProbability</c> (nats per token) and the quantiles of the blocks' perplexities, <c>quantile-0.05</c> for example.</summary>
    public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<int[]> c)
    {
        var found = Evaluation.Of(c.TextModel0(MetricName), c.TrainingSet, c.Progress, c.Cancellation);
        var histogram = PerplexityHistogram.Of([.. found.Perplexities]);
        File.WriteAllText(c.ArtifactPath(HistogramFile), JsonSerializer.Serialize(histogram, JsonSerializerOptions.Web) + "\n");
        var numbers = new Dictionary<NumberKey, double> { ["ofMeanLoss"] = found.TokenPerplexity, ["meanLogProbability"] = -found.MeanLoss };
        foreach (var (level, value) in PerplexityHistogram.QuantileLevels.Zip(histogram.Quantiles)) numbers[Quantiles.NameOf(level)] = value;
        return numbers;
    }

    static string LabelOf(double level) => level == 0.5 ? "Training set under model 0, median" : string.Create(CultureInfo.InvariantCulture, $"Training set under model 0, {100 * level:0} % quantile");
}
