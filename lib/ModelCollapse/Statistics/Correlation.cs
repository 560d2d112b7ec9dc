namespace ModelCollapse.Statistics;

/// <summary>A coefficient of correlation of pairs and its two-sided p value.</summary>
/// <param name="Coefficient">−1 to 1; NaN where a side is constant.</param>
/// <param name="P">Two-sided p value.</param>
public sealed record Correlation(double Coefficient, double P)
{
    /// <summary>Sizes up to which <see cref="Kendall"/> counts all orders, as SciPy does.</summary>
    const int MostExact = 33;

    /// <summary>Pearson's r, with p from Student's t distribution.</summary>
    /// <param name="x">First values; three or more.</param>
    /// <param name="y">Second values, in the same order.</param>
    public static Correlation Pearson(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        Check(x, y);
        var r = MathNet.Numerics.Statistics.Correlation.Pearson(x, y);
        return new(r, double.IsNaN(r) ? double.NaN : TTest.StudentP(r * Math.Sqrt((x.Count - 2) / Math.Max(0, (1 - r) * (1 + r))), x.Count - 2));
    }

    /// <summary>Spearman's ρ: <see cref="Pearson"/> of the ranks.</summary>
    /// <param name="x">First values; three or more.</param>
    /// <param name="y">Second values, in the same order.</param>
    public static Correlation Spearman(IReadOnlyList<double> x, IReadOnlyList<double> y) => Pearson(RankTest.Ranks([.. x]), RankTest.Ranks([.. y]));

    /// <summary>Kendall's τ-b. p is exact for up to 33 pairs without ties and unless asked otherwise, else normal with the variance corrected for ties.</summary>
    /// <param name="x">First values; three or more.</param>
    /// <param name="y">Second values, in the same order.</param>
    /// <param name="normal">Whether p is from the normal approximation in every case.</param>
    public static Correlation Kendall(IReadOnlyList<double> x, IReadOnlyList<double> y, bool normal = false)
    {
        Check(x, y);
        double n = x.Count, pairs = n * (n - 1) / 2, s = 0;
        for (var i = 0; i < x.Count; i++)
            for (var j = i + 1; j < x.Count; j++) s += Math.Sign(x[j] - x[i]) * Math.Sign(y[j] - y[i]);
        double xTies = TiedPairs(x), yTies = TiedPairs(y);
        var tau = s / Math.Sqrt(pairs - xTies) / Math.Sqrt(pairs - yTies);
        if (double.IsNaN(tau)) return new(double.NaN, double.NaN);
        if (!normal && xTies == 0 && yTies == 0 && n <= MostExact) return new(tau, Exact(x.Count, (int)((pairs - Math.Abs(s)) / 2)));
        var variance = (n * (n - 1) * (2 * n + 5) - Sum(x, t => t * (t - 1) * (2 * t + 5)) - Sum(y, t => t * (t - 1) * (2 * t + 5))) / 18
            + 2 * xTies * yTies / (n * (n - 1)) + Sum(x, t => t * (t - 1) * (t - 2)) * Sum(y, t => t * (t - 1) * (t - 2)) / (9 * n * (n - 1) * (n - 2));
        return new(tau, RankTest.TwoSidedNormal(Math.Abs(s) / Math.Sqrt(variance)));

        static double TiedPairs(IReadOnlyList<double> values) => Sum(values, t => t * (t - 1) / 2);
        static double Sum(IReadOnlyList<double> values, Func<double, double> of) => RankTest.Ties(values).Sum(of);
    }

    /// <summary>Probability that a random order has at most some number of inversions, doubled.</summary>
    static double Exact(int n, int inversions)
    {
        double[] share = [1];
        for (var size = 2; size <= n; size++)
        {
            var next = new double[share.Length + size - 1];
            for (var i = 0; i < share.Length; i++)
                for (var add = 0; add < size; add++) next[i + add] += share[i] / size;
            share = next;
        }

        return Math.Min(1, 2 * share.Take(inversions + 1).Sum());
    }

    static void Check(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count || x.Count < 3) throw new ArgumentException($"A correlation needs three or more pairs: there are {x.Count} and {y.Count} values.", nameof(y));
    }
}
