using ModelCollapse.Statistics;

namespace ModelCollapse.Metrics;

/// <summary>
/// Squared maximum mean discrepancy with the Gaussian kernel exp(−d² / (2 σ²)) (Gretton et al., JMLR 2012). 0 for equal distributions; rises
/// under collapse towards a bound, as the kernel is bounded. It depends on σ: fix it once, for example by <see cref="MedianDistance"/> of the human texts.
/// </summary>
/// <param name="Biased">With all pairs, those of a point with itself included; at least 0.</param>
/// <param name="Unbiased">Without pairs of a point with itself; may be negative.</param>
public sealed record MaximumMeanDiscrepancy(double Biased, double Unbiased)
{
    /// <summary>The discrepancy of two sets of vectors. Time grows with the square of their sizes: take a sample of large ones.</summary>
    /// <param name="x">First set; two or more vectors.</param>
    /// <param name="y">Second set.</param>
    /// <param name="sigma">Width σ of the kernel. Range: above 0.</param>
    public static MaximumMeanDiscrepancy Of(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y, double sigma)
    {
        Vectors.Check(x, y, least: 2);
        if (!(sigma > 0)) throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "A width is above 0.");
        double n = x.Count, m = y.Count, xx = Sum(x, x), yy = Sum(y, y), xy = Sum(x, y) / (n * m);
        return new(Math.Max(0, xx / (n * n) + yy / (m * m) - 2 * xy), (xx - n) / (n * (n - 1)) + (yy - m) / (m * (m - 1)) - 2 * xy);

        double Sum(IReadOnlyList<double[]> a, IReadOnlyList<double[]> b) => Vectors.SumOverPairs(a, b, square => Math.Exp(-square / (2 * sigma * sigma)));
    }

    /// <summary>Median distance of all pairs of the pooled sets, the usual σ; 0 where most points coincide. Keeps all distances: take a sample of some thousand.</summary>
    /// <param name="x">First set; at least one vector.</param>
    /// <param name="y">Second set.</param>
    public static double MedianDistance(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y)
    {
        Vectors.Check(x, y);
        double[][] all = [.. x, .. y];
        return Quantiles.Median(all.SelectMany((a, i) => all.Skip(i + 1).Select(b => Vectors.Distance(a, b))));
    }
}
