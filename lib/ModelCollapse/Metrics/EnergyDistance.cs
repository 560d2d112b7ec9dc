using ModelCollapse.Statistics;

namespace ModelCollapse.Metrics;

/// <summary>
/// Energy distance (Székely and Rizzo 2004): 2 E|X − Y| − E|X − X'| − E|Y − Y'| with all pairs, those of a point with itself included. 0 for
/// equal distributions; rises under collapse, with every lost tail and every shift, as <see cref="Wasserstein"/> does; needs no bandwidth and no fit.
/// </summary>
public static class EnergyDistance
{
    /// <summary>The squared distance of two sets of vectors, at least 0. Time grows with the square of their sizes: take a sample of large ones.</summary>
    /// <param name="x">First set; at least one vector.</param>
    /// <param name="y">Second set.</param>
    public static double Squared(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y)
    {
        Vectors.Check(x, y);
        return Math.Max(0, 2 * Mean(x, y) - Mean(x, x) - Mean(y, y));
    }

    /// <summary>The squared distance of two samples of numbers.</summary>
    /// <param name="x">First sample; at least one value.</param>
    /// <param name="y">Second sample.</param>
    public static double Squared(IEnumerable<double> x, IEnumerable<double> y) => Squared([.. x.Select(v => new[] { v })], [.. y.Select(v => new[] { v })]);

    static double Mean(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y) => Vectors.SumOverPairs(x, y, Math.Sqrt) / ((double)x.Count * y.Count);
}
