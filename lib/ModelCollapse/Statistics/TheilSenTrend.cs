using MathNet.Numerics.Distributions;

namespace ModelCollapse.Statistics;

/// <summary>
/// A line whose slope is the median of the slopes of all pairs of points (Theil 1950; Sen, JASA 1968): up to 29 % of the points may be
/// arbitrary. The limits follow from the variance of Kendall's S, with ties.
/// </summary>
/// <param name="Slope">Median of the slopes.</param>
/// <param name="Intercept">Median of y − slope · median of x.</param>
/// <param name="Low">Lower limit of the slope.</param>
/// <param name="High">Upper limit of the slope.</param>
public sealed record TheilSenTrend(double Slope, double Intercept, double Low, double High)
{
    /// <summary>The line through points.</summary>
    /// <param name="x">Abscissae; two or more, not all equal.</param>
    /// <param name="y">Ordinates, in the same order.</param>
    /// <param name="confidence">Confidence of the limits. Range: above 0, below 1.</param>
    public static TheilSenTrend Of(IReadOnlyList<double> x, IReadOnlyList<double> y, double confidence = 0.95)
    {
        if (x.Count != y.Count || x.Distinct().Count() < 2)
            throw new ArgumentException($"A line needs two or more different abscissae and as many ordinates: there are {x.Count} and {y.Count} values.", nameof(x));
        double[] slopes =
        [
            .. (from i in Enumerable.Range(0, x.Count)
                from j in Enumerable.Range(0, x.Count)
                where x[i] > x[j]
                select (y[i] - y[j]) / (x[i] - x[j])).Order(),
        ];
        var slope = Quantiles.OfSorted(slopes, 0.5);
        var deviation = Math.Sqrt(MannKendall.Variance(y.Count, y) - RankTest.Ties(x).Sum(t => t * (t - 1) * (2 * t + 5)) / 18);
        var shift = Normal.InvCDF(0, 1, MeanInterval.UpperLevel(confidence)) * deviation;
        var high = Math.Min((int)Math.Round((slopes.Length + shift) / 2), slopes.Length - 1);
        var low = Math.Max((int)Math.Round((slopes.Length - shift) / 2) - 1, 0);
        return new(slope, Quantiles.Median(y) - slope * Quantiles.Median(x), slopes[low], slopes[high]);
    }
}
