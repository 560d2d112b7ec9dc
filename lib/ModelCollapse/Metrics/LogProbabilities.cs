using ModelCollapse.Statistics;

namespace ModelCollapse.Metrics;

/// <summary>
/// The log-probabilities that a model gives to the tokens of human text: their mean and their lower tail. A model that forgets rare words loses the
/// tail first: the low quantiles and the tail mean fall while the mean hardly moves (early collapse, literature.md, Shumailov et al. 2024, Definitions).
/// </summary>
/// <param name="Mean">Mean in nats per token; minus the loss.</param>
/// <param name="Quantiles">Quantiles at <see cref="QuantileLevels"/>.</param>
/// <param name="TailMean">Mean of the lowest <see cref="Tail"/> of the tokens.</param>
public sealed record LogProbabilities(double Mean, IReadOnlyList<double> Quantiles, double TailMean)
{
    /// <summary>Share of tokens that count as the tail.</summary>
    public const double Tail = 0.05;

    /// <summary>The quantiles that are kept: the lower tail and the middle.</summary>
    public static IReadOnlyList<double> QuantileLevels { get; } = [0.01, 0.05, 0.10, 0.25, 0.50];

    /// <summary>Sums up log-probabilities.</summary>
    /// <param name="values">Log-probability of each token in nats; −∞ is allowed.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static LogProbabilities Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0) throw new ArgumentException("There are no log-probabilities to sum up.", nameof(values));
        var tail = Math.Max(1, (int)Math.Round(Tail * sorted.Length));
        return new(sorted.Average(), [.. QuantileLevels.Select(level => Statistics.Quantiles.OfSorted(sorted, level))], sorted.Take(tail).Average());
    }
}
