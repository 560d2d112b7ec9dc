using MathNet.Numerics.Statistics;

namespace ModelCollapse.Statistics;

/// <summary>
/// Tests on ranks, two-sided: they ask nothing of the shape of the values. Exact p values count all arrangements and hold without ties;
/// the normal ones correct the variance for ties.
/// </summary>
/// <param name="Statistic">The test statistic.</param>
/// <param name="Exact">p from the exact distribution; NaN where there are ties or zeros, for which it does not hold.</param>
/// <param name="Normal">p from the normal approximation.</param>
/// <param name="NormalCorrected">p from the normal approximation with continuity correction.</param>
public sealed record RankTest(double Statistic, double Exact, double Normal, double NormalCorrected)
{
    /// <summary>Wilcoxon's signed-rank test of pairs (Biometrics Bulletin 1945). The statistic is the smaller sum of ranks; pairs without difference are dropped.</summary>
    /// <param name="x">First values.</param>
    /// <param name="y">Second values, in the same order.</param>
    /// <returns>All NaN but the statistic 0 where no pair differs.</returns>
    public static RankTest SignedRank(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count) throw new ArgumentException($"Pairs need as many values on both sides: there are {x.Count} and {y.Count}.", nameof(y));
        double[] differences = [.. x.Zip(y, (a, b) => a - b).Where(d => d != 0)];
        var n = differences.Length;
        if (n == 0) return new(0, double.NaN, double.NaN, double.NaN);
        double[] sizes = [.. differences.Select(Math.Abs)], ranks = Ranks(sizes);
        var positive = differences.Zip(ranks, (d, r) => d > 0 ? r : 0).Sum();
        var statistic = Math.Min(positive, n * (n + 1) / 2.0 - positive);
        var variance = n * (n + 1) * (2.0 * n + 1) / 24 - TieSum(sizes) / 48;
        var exact = n == x.Count && Distinct(sizes) ? Math.Min(1, 2 * SumsOfRanks(n).Take((int)statistic + 1).Sum()) : double.NaN;
        return new(statistic, exact, P(0), P(0.5));

        double P(double correction) => TwoSidedNormal((n * (n + 1) / 4.0 - statistic - correction) / Math.Sqrt(variance));
    }

    /// <summary>The rank-sum test of two independent samples (Mann and Whitney 1947). The statistic is U of the first.</summary>
    /// <param name="x">First sample; at least one value.</param>
    /// <param name="y">Second sample; at least one value.</param>
    public static RankTest MannWhitney(IReadOnlyCollection<double> x, IReadOnlyCollection<double> y)
    {
        if (x.Count == 0 || y.Count == 0) throw new ArgumentException("A comparison of two samples needs values in both.");
        double[] pooled = [.. x, .. y];
        double n1 = x.Count, n2 = y.Count, n = n1 + n2;
        var u = Ranks(pooled).Take(x.Count).Sum() - n1 * (n1 + 1) / 2;
        var larger = Math.Max(u, n1 * n2 - u);
        var deviation = Math.Sqrt(n1 * n2 / 12 * (n + 1 - TieSum(pooled) / (n * (n - 1))));
        var exact = Distinct(pooled) ? Math.Min(1, 2 * UCounts(x.Count, y.Count).Skip((int)larger).Sum()) : double.NaN;
        return new(u, exact, P(0), P(0.5));

        double P(double correction) => TwoSidedNormal((larger - n1 * n2 / 2 - correction) / deviation);
    }

    /// <summary>Ranks from 1, equal values sharing the mean of theirs.</summary>
    internal static double[] Ranks(double[] values) => values.Ranks(RankDefinition.Average);

    /// <summary>Σ t³ − t over groups of t equal values.</summary>
    internal static double TieSum(IEnumerable<double> values) => Ties(values).Sum(t => t * t * t - t);

    /// <summary>Sizes of the groups of equal values.</summary>
    internal static IEnumerable<double> Ties(IEnumerable<double> values) => values.GroupBy(v => v).Select(g => (double)g.Count());

    /// <summary>p of a standard normal value; at most 1, NaN for 0/0.</summary>
    internal static double TwoSidedNormal(double z) => Math.Min(1, 2 * MathNet.Numerics.Distributions.Normal.CDF(0, 1, -z));

    static bool Distinct(double[] values) => values.Distinct().Count() == values.Length;

    /// <summary>Probability of each sum of a random subset of the ranks 1 … n.</summary>
    static double[] SumsOfRanks(int n)
    {
        var share = new double[n * (n + 1) / 2 + 1];
        share[0] = 1;
        for (var rank = 1; rank <= n; rank++)
            for (var sum = share.Length - 1; sum >= 0; sum--) share[sum] = (share[sum] + (sum >= rank ? share[sum - rank] : 0)) / 2;
        return share;
    }

    /// <summary>Probability of each value of U for samples of m and n: the last of m + n ranks is in the first sample with chance m / (m + n), and then adds n.</summary>
    static double[] UCounts(int m, int n)
    {
        var table = new double[m + 1, n + 1][];
        for (var i = 0; i <= m; i++)
            for (var j = 0; j <= n; j++)
            {
                var row = table[i, j] = new double[i * j + 1];
                if (i == 0 || j == 0) row[0] = 1;
                else
                    for (var u = 0; u < row.Length; u++)
                        row[u] = (u >= j && u - j <= (i - 1) * j ? table[i - 1, j][u - j] * i : 0) / (i + j) + (u <= i * (j - 1) ? table[i, j - 1][u] * j : 0) / (i + j);
            }

        return table[m, n];
    }
}
