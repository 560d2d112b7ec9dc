using System.Globalization;
using ModelCollapse.Generations;
using ModelCollapse.Metrics;

namespace ModelCollapse.Language;

/// <summary>
/// What a generation's model gives to each token of the human test text, its lower tail above all. Under collapse the tail falls before the mean does, see
/// <see cref="LogProbabilities"/>.
/// </summary>
/// <param name="text">The test text.</param>
public sealed class TestLogProbabilities(TestText text) : IMetric<int[]>
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "log-probabilities";

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <summary><c>mean</c>, <c>tail-mean</c> and quantiles, <c>quantile-0.05</c> for example, in nats.</summary>
    public IReadOnlyDictionary<string, double> Measure(GenerationContext<int[]> c)
    {
        var found = LogProbabilities.Of(text.Under(c).TokenLogLikelihoods.SelectMany(t => t));
        var numbers = new Dictionary<string, double> { ["mean"] = found.Mean, ["tail-mean"] = found.TailMean };
        foreach (var (level, value) in LogProbabilities.QuantileLevels.Zip(found.Quantiles))
            numbers[string.Create(CultureInfo.InvariantCulture, $"quantile-{level:0.00}")] = value;
        return numbers;
    }
}
