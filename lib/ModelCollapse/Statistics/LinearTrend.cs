namespace ModelCollapse.Statistics;

/// <summary>A straight line by least squares, with Student intervals of slope and intercept: the change of a measure per generation.</summary>
/// <param name="Slope">Test and interval of the slope against 0.</param>
/// <param name="Intercept">Test and interval of the intercept against 0.</param>
/// <param name="Correlation">Pearson's r; NaN where a side is constant.</param>
/// <param name="ResidualVariance">Residual sum of squares over n − 2.</param>
public sealed record LinearTrend(TTest Slope, TTest Intercept, double Correlation, double ResidualVariance)
{
    /// <summary>The line through points.</summary>
    /// <param name="x">Abscissae; two or more, not all equal.</param>
    /// <param name="y">Ordinates, in the same order.</param>
    /// <param name="confidence">Confidence of the intervals. Range: above 0, below 1.</param>
    public static LinearTrend Of(IReadOnlyList<double> x, IReadOnlyList<double> y, double confidence = 0.95)
    {
        if (x.Count != y.Count || x.Distinct().Count() < 2)
            throw new ArgumentException($"A line needs two or more different abscissae and as many ordinates: there are {x.Count} and {y.Count} values.", nameof(x));
        var (n, mx, my) = (x.Count, x.Average(), y.Average());
        var (sxx, sxy, syy) = (x.Sum(v => (v - mx) * (v - mx)), x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum(), y.Sum(v => (v - my) * (v - my)));
        var slope = sxy / sxx;
        var variance = x.Zip(y, (a, b) => b - my - slope * (a - mx)).Sum(r => r * r) / (n - 2);
        return new(
            TTest.Of(slope, Math.Sqrt(variance / sxx), n - 2, confidence),
            TTest.Of(my - slope * mx, Math.Sqrt(variance * (1.0 / n + mx * mx / sxx)), n - 2, confidence),
            syy == 0 ? double.NaN : sxy / Math.Sqrt(sxx * syy), variance);
    }
}
