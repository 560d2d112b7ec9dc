using MathNet.Numerics;
using MathNet.Numerics.Statistics;

namespace ModelCollapse.Statistics;

/// <summary>
/// Standardised difference of two independent samples: Cohen's d with the pooled standard deviation, and Hedges' g, which removes its
/// bias in small samples (Hedges, Journal of Educational Statistics 1981).
/// </summary>
/// <param name="CohensD">(mean of x − mean of y) / pooled standard deviation (divisor n₁ + n₂ − 2); 0 where nothing differs.</param>
/// <param name="HedgesCorrection">The exact factor J, from gamma functions.</param>
/// <param name="DegreesOfFreedom">n₁ + n₂ − 2.</param>
public sealed record EffectSize(double CohensD, double HedgesCorrection, double DegreesOfFreedom)
{
    /// <summary>Hedges' g with the exact factor.</summary>
    public double HedgesG => CohensD * HedgesCorrection;

    /// <summary>Hedges' g with the usual approximation 1 − 3 / (4 df − 1) of the factor.</summary>
    public double HedgesGApproximate => CohensD * (1 - 3 / (4 * DegreesOfFreedom - 1));

    /// <summary>The effect size of two samples.</summary>
    /// <param name="x">First sample; two or more values.</param>
    /// <param name="y">Second sample; two or more values.</param>
    public static EffectSize Of(IReadOnlyCollection<double> x, IReadOnlyCollection<double> y)
    {
        double freedom = x.Count + y.Count - 2;
        var pooled = Math.Sqrt(((x.Count - 1) * x.Variance() + (y.Count - 1) * y.Variance()) / freedom);
        var difference = x.Mean() - y.Mean();
        var correction = Math.Exp(SpecialFunctions.GammaLn(freedom / 2) - SpecialFunctions.GammaLn((freedom - 1) / 2)) / Math.Sqrt(freedom / 2);
        return new(difference == 0 ? 0 : difference / pooled, correction, freedom);
    }
}
