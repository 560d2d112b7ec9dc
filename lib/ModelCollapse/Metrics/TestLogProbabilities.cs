using System.Globalization;
using ModelCollapse.Generations;
using ModelCollapse.Statistics;
using ModelCollapse.Store;

namespace ModelCollapse.Metrics;

/// <summary>
/// What a generation's model gives to each token of the human test text, its lower tail above all. Under collapse the tail falls before the mean does, see
/// <see cref="LogProbabilities"/>.
/// </summary>
[Kind(MetricName)]
public sealed record TestLogProbabilities : IMetric<int[]>
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "log-probabilities";

    const string Unit = "nats per token", Source = "Shumailov et al. 2024, definition of early collapse";

    static readonly MetricNumber[] Described =
    [
        new("mean", "Log-probability of test tokens, mean", Unit, UnderCollapse.Falls, Source),
        new("tail-mean", "Log-probability of the least probable twentieth of test tokens", Unit, UnderCollapse.Falls, Source),
        .. LogProbabilities.QuantileLevels.Select(q => new MetricNumber(Quantiles.NameOf(q), string.Create(CultureInfo.InvariantCulture, $"Log-probability of test tokens, {100 * q:0} % quantile"), Unit, UnderCollapse.Falls, Source)),
    ];

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <inheritdoc/>
    public IReadOnlyList<MetricNumber> Numbers => Described;

    /// <inheritdoc/>
    public void Check(LoopSetting setting) => TestText.Check(setting, MetricName);

    /// <summary><c>mean</c>, <c>tail-mean</c> and quantiles, <c>quantile-0.05</c> for example, in nats.</summary>
    public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<int[]> c)
    {
        var found = LogProbabilities.Of(TestText.Under(c, MetricName).TokenLogLikelihoods.SelectMany(t => t));
        var numbers = new Dictionary<NumberKey, double> { ["mean"] = found.Mean, ["tail-mean"] = found.TailMean };
        foreach (var (level, value) in LogProbabilities.QuantileLevels.Zip(found.Quantiles)) numbers[Quantiles.NameOf(level)] = value;
        return numbers;
    }
}
