using MathNet.Numerics.Distributions;

namespace ModelCollapse.Statistics;

/// <summary>Student's t test of a difference of means, two-sided, with its confidence interval.</summary>
/// <param name="Difference">The estimated difference.</param>
/// <param name="StandardError">Its standard error.</param>
/// <param name="DegreesOfFreedom">Degrees of freedom.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
public sealed record TTest(double Difference, double StandardError, double DegreesOfFreedom, double Low, double High)
{
    /// <summary>The test statistic; 0 where nothing differs, infinite where all values differ by the same amount.</summary>
    public double T => Difference == 0 ? 0 : Difference / StandardError;

    /// <summary>Two-sided p value; NaN where there are too few values.</summary>
    public double P => StudentP(T, DegreesOfFreedom);

    /// <summary>A test from an estimate and its standard error.</summary>
    /// <param name="difference">The estimate.</param>
    /// <param name="standardError">Its standard error.</param>
    /// <param name="degreesOfFreedom">Degrees of freedom; without any, interval and p are NaN.</param>
    /// <param name="confidence">Confidence of the interval. Range: above 0, below 1.</param>
    public static TTest Of(double difference, double standardError, double degreesOfFreedom, double confidence = 0.95)
    {
        var level = MeanInterval.UpperLevel(confidence);
        var half = degreesOfFreedom > 0 ? StudentT.InvCDF(0, 1, degreesOfFreedom, level) * standardError : double.NaN;
        return new(difference, standardError, degreesOfFreedom, difference - half, difference + half);
    }

    /// <summary>Welch's test: two independent samples of different variance, first minus second (Welch, Biometrika 1947).</summary>
    /// <param name="x">First sample; two or more values.</param>
    /// <param name="y">Second sample; two or more values.</param>
    /// <param name="confidence">Confidence of the interval. Range: above 0, below 1.</param>
    public static TTest Welch(IReadOnlyCollection<double> x, IReadOnlyCollection<double> y, double confidence = 0.95)
    {
        var (a, b) = (MeanInterval.Of(x), MeanInterval.Of(y));
        var (va, vb) = (a.StandardDeviation * a.StandardDeviation / a.Count, b.StandardDeviation * b.StandardDeviation / b.Count);
        var freedom = va + vb == 0
            ? a.Count + b.Count - 2
            : (va + vb) * (va + vb) / (va * va / (a.Count - 1) + vb * vb / (b.Count - 1));
        return Of(a.Mean - b.Mean, Math.Sqrt(va + vb), freedom, confidence);
    }

    /// <summary>Two-sided p value of a t statistic.</summary>
    internal static double StudentP(double t, double freedom) => !(freedom > 0) || double.IsNaN(t) ? double.NaN : 2 * StudentT.CDF(0, 1, freedom, -Math.Abs(t));
}
