using ModelCollapse.Statistics;

namespace ModelCollapse.Metrics;

/// <summary>
/// Wasserstein distances on the line: how far mass must be moved to turn one distribution into the other, in the unit of the values. Rises under
/// collapse with every lost tail and every shift, and may go on rising when KL has stopped (Borji, arXiv 2410.12954).
/// </summary>
public static class Wasserstein
{
    /// <summary>W_p of two samples: (∫ |F⁻¹(u) − G⁻¹(u)|^p du)^(1/p).</summary>
    /// <param name="x">First sample; at least one value.</param>
    /// <param name="y">Second sample; at least one value. Sizes may differ.</param>
    /// <param name="order">Order p. Range: at least 1.</param>
    public static double OfSamples(IReadOnlyCollection<double> x, IReadOnlyCollection<double> y, double order = 1)
    {
        if (x.Count == 0 || y.Count == 0) throw new ArgumentException("A distance of two samples needs values in both.");
        if (!(order >= 1)) throw new ArgumentOutOfRangeException(nameof(order), order, "An order is at least 1.");
        double[] a = [.. x.Order()], b = [.. y.Order()];
        var (sum, i, j, done) = (0.0, 0L, 0L, 0L);

        // Mass in units of 1 / (|x| |y|): each value of x has |y| of them.
        while (i < a.Length && j < b.Length)
        {
            var next = Math.Min((i + 1) * b.Length, (j + 1) * a.Length);
            sum += (next - done) * Math.Pow(Math.Abs(a[i] - b[j]), order);
            if (next == (i + 1) * b.Length) i++;
            if (next == (j + 1) * a.Length) j++;
            done = next;
        }

        return Math.Pow(sum / ((double)a.Length * b.Length), 1 / order);
    }

    /// <summary>W₁ of two distributions on the positions 0, 1, 2, …: the sum of the absolute differences of their cumulative sums.</summary>
    /// <param name="p">Probabilities, summing to 1.</param>
    /// <param name="q">Probabilities of the same positions.</param>
    public static double OnIndices(IReadOnlyList<double> p, IReadOnlyList<double> q)
    {
        Divergence.CheckSame(p, q);
        var (sum, cumulative) = (0.0, 0.0);
        for (var i = 0; i < p.Count - 1; i++) sum += Math.Abs(cumulative += p[i] - q[i]);
        return sum;
    }
}
