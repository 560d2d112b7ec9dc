using System.Globalization;
using ModelCollapse.Generations;

namespace ModelCollapse.Metrics;

/// <summary>What a generation's model gives to each token of the human test text, its lower tail above all. See <see cref="LogProbabilities"/>.</summary>
/// <param name="blocks">The test text, blocks of two or more tokens.</param>
public sealed class TestLogProbabilities(IReadOnlyList<int[]> blocks) : IMetric<int[]>
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "log-probabilities";

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <summary><c>mean</c>, <c>tail-mean</c> and quantiles, <c>quantile-0.05</c> for example, in nats.</summary>
    public IReadOnlyDictionary<string, double> Measure(GenerationContext<int[]> c)
    {
        var tokens = TextMetrics.Language(c.Model).Evaluate(blocks, c.Progress, c.Cancellation).TokenLogLikelihoods;
        var found = LogProbabilities.Of(tokens.SelectMany(t => t));
        var numbers = new Dictionary<string, double> { ["mean"] = found.Mean, ["tail-mean"] = found.TailMean };
        foreach (var (level, value) in LogProbabilities.QuantileLevels.Zip(found.Quantiles))
            numbers[string.Create(CultureInfo.InvariantCulture, $"quantile-{level:0.00}")] = value;
        return numbers;
    }
}
