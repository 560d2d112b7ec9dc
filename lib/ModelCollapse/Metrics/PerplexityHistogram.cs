using System.Text.Json.Serialization;
using ModelCollapse.Statistics;

namespace ModelCollapse.Metrics;

/// <summary>
/// Histogram of per-sequence perplexity on a logarithmic axis, the left panels of figure 1b and 1c of Shumailov et al.
/// (Nature 631, 2024): each generation's training set scored by model 0. Under collapse mass moves to low perplexity and, in
/// later generations, a tail grows at high perplexity (literature.md, Shumailov et al. 2024, Histograms); so read both ends.
/// </summary>
/// <param name="Edges">Edges of the bins in perplexity, ascending, one more than bins; the first is 1.</param>
/// <param name="Counts">Sequences in each bin; the last bin also takes what lies above the last edge.</param>
/// <param name="Quantiles">Perplexity at the quantiles of <see cref="QuantileLevels"/>.</param>
public sealed record PerplexityHistogram(double[] Edges, int[] Counts, double[] Quantiles)
{
    const int BinsPerDecade = 10, Decades = 6;

    /// <summary>The quantiles that are kept: both tails and the middle.</summary>
    public static IReadOnlyList<double> QuantileLevels { get; } = [0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99];

    /// <summary>The middle one of <see cref="Quantiles"/>.</summary>
    [JsonIgnore]
    public double Median => Quantiles[QuantileLevels.ToList().IndexOf(0.50)];

    /// <summary>The histogram of <paramref name="perplexities"/>, ten bins per decade from 1 to 10⁶.</summary>
    /// <exception cref="ArgumentException">There are no values, or one is below 1 or not a number.</exception>
    public static PerplexityHistogram Of(IReadOnlyCollection<double> perplexities)
    {
        if (perplexities.Count == 0 || perplexities.Any(p => !(p >= 1)))
            throw new ArgumentException("Perplexities are at least 1, and a histogram needs one or more.", nameof(perplexities));
        var edges = Enumerable.Range(0, BinsPerDecade * Decades + 1).Select(i => Math.Pow(10, (double)i / BinsPerDecade)).ToArray();
        var counts = new int[BinsPerDecade * Decades];
        foreach (var p in perplexities)
            counts[(int)Math.Min(Math.Log10(p) * BinsPerDecade, counts.Length - 1)]++;
        double[] sorted = [.. perplexities.Order()];
        return new(edges, counts, [.. QuantileLevels.Select(q => Statistics.Quantiles.OfSorted(sorted, q))]);
    }
}
