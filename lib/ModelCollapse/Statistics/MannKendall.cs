namespace ModelCollapse.Statistics;

/// <summary>Test for a monotone trend over time (Mann 1945; Kendall), with the variance corrected for ties and z for continuity.</summary>
/// <param name="S">Pairs that rise minus pairs that fall.</param>
/// <param name="SVariance">Variance of S without trend.</param>
/// <param name="Z">S towards 0 by 1, over its standard deviation; 0 for a constant series.</param>
/// <param name="P">Two-sided p value.</param>
/// <param name="Tau">S over the number of pairs; NaN for fewer than two values.</param>
public sealed record MannKendall(double S, double SVariance, double Z, double P, double Tau)
{
    /// <summary>The test of a series.</summary>
    /// <param name="series">Values in the order of time.</param>
    public static MannKendall Of(IReadOnlyList<double> series)
    {
        var s = 0.0;
        for (var i = 0; i < series.Count; i++)
            for (var j = i + 1; j < series.Count; j++) s += Math.Sign(series[j] - series[i]);
        var variance = Variance(series.Count, series);
        var z = s == 0 ? 0 : (s - Math.Sign(s)) / Math.Sqrt(variance);
        return new(s, variance, z, RankTest.TwoSidedNormal(Math.Abs(z)), s / (series.Count * (series.Count - 1) / 2.0));
    }

    /// <summary>Variance of S for n values, corrected for ties.</summary>
    internal static double Variance(double n, IEnumerable<double> values) => (n * (n - 1) * (2 * n + 5) - RankTest.Ties(values).Sum(t => t * (t - 1) * (2 * t + 5))) / 18;
}
