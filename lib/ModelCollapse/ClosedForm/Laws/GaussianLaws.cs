using System.Numerics;
using MathNet.Numerics;
using MathNet.Numerics.Integration;
using ModelCollapse.Generations;

namespace ModelCollapse.ClosedForm.Laws;

/// <summary>
/// Exact expected values of the recursion of one-dimensional Gaussians that starts from N(0, 1). Fits are counted from 1: fit 1 is on M real
/// samples, and fit n is what the loop calls generation n − 1.
/// </summary>
public static class GaussianLaws
{
    /// <summary>Every fit sees M samples of the fit before it.</summary>
    /// <remarks>
    /// σ_n² is σ_{n−1}² times a chi-square number over the divisor, so all moments are products. Theorem 3.1 of Shumailov et al. 2024
    /// follows: E ln σ² falls by the same amount with every fit, so σ² → 0 almost surely even where E σ² stays.
    /// </remarks>
    /// <param name="estimator">How the variance is estimated.</param>
    /// <param name="samples">Number M of samples. Range: at least 2.</param>
    /// <param name="fits">Number n of fits. Range: at least 1.</param>
    /// <param name="samplingBias">λ: samples come from N(μ, λσ²), but for the first fit (Alemohammad et al. 2024, section 3.1).</param>
    public static GaussianExpectation Replace(VarianceEstimator estimator, int samples, int fits, double samplingBias = 1)
    {
        var (divisor, freedom) = (estimator.Divisor(samples), samples - 1.0);
        var variance = freedom / divisor; // E of one factor
        var deviation = Math.Sqrt(2 / divisor) * Math.Exp(SpecialFunctions.GammaLn((freedom + 1) / 2) - SpecialFunctions.GammaLn(freedom / 2));
        var logVariance = SpecialFunctions.DiGamma(freedom / 2) + Math.Log(2 / divisor);
        var meanSquare = 0.0;
        for (var i = 0; i < fits; i++) meanSquare += Math.Pow(samplingBias, i) * Math.Pow(variance, i) / samples;
        return new(
            Math.Pow(variance, fits) * Math.Pow(samplingBias, fits - 1), meanSquare,
            Math.Pow(deviation, fits) * Math.Pow(samplingBias, (fits - 1) / 2.0),
            fits * logVariance + (fits - 1) * Math.Log(samplingBias));
    }

    /// <summary>Fit n sees n·M samples: the real ones and those of every fit before it.</summary>
    /// <param name="estimator">How the variance is estimated.</param>
    /// <param name="samples">Number M of samples per fit. Range: at least 2.</param>
    /// <param name="fits">Number n of fits. Range: at least 1.</param>
    public static GaussianExpectation Accumulate(VarianceEstimator estimator, int samples, int fits)
    {
        var (variance, meanSquare, deviation) = (1.0, 0.0, 1.0);
        for (var i = 1; i <= fits; i++)
        {
            // σ_i² / σ_{i−1}² = kept + within·χ²(M − 1) + between·χ²(1): the pool so far, the scatter of the new samples, and that of their mean.
            var divisor = estimator.Divisor(i * samples);
            var kept = i == 1 ? 0 : estimator.Divisor((i - 1) * samples) / divisor;
            var (within, between) = (1 / divisor, (i - 1.0) / i / divisor);
            meanSquare += variance / ((double)i * i * samples);
            variance *= kept + within * (samples - 1) + between;
            deviation *= RootOfChiSquares(kept, within, samples - 1, between);
        }

        return new(variance, meanSquare, deviation, double.NaN);
    }

    /// <summary>P(σ_n² &lt; <paramref name="below"/>) where every fit replaces the samples, by inversion of the characteristic function of ln σ_n².</summary>
    /// <param name="estimator">How the variance is estimated.</param>
    /// <param name="samples">Number M of samples. Range: at least 2.</param>
    /// <param name="fits">Number n of fits. Range: at least 1.</param>
    /// <param name="below">The variance asked about. Range: above 0.</param>
    /// <returns>A probability with an error below 1e-8.</returns>
    public static double ProbabilityOfVarianceBelow(VarianceEstimator estimator, int samples, int fits, double below)
    {
        var (shape, offset) = ((samples - 1) / 2.0, Math.Log(below) - fits * Math.Log(2 / estimator.Divisor(samples)));
        var origin = SpecialFunctions.GammaLn(shape);
        // Gil-Pelaez: P(X < x) = 1/2 − 1/π ∫ Im(e^(−itx) φ(t)) / t dt. φ falls about as exp(−n t² / 2·shape) at first, then as exp(−n π t / 2).
        var width = Math.Sqrt(2 * shape / fits);
        var integral = 0.0;
        for (var from = 0.0; ; from += width)
        {
            integral += GaussLegendreRule.Integrate(Density, from, from + width, 64);
            if ((fits * (LogGamma(new(shape, from + width)) - origin)).Real < -45) break;
        }

        return 0.5 - integral / Math.PI;

        double Density(double t)
        {
            var characteristic = Complex.Exp(fits * (LogGamma(new(shape, t)) - origin) - new Complex(0, t * offset));
            return characteristic.Imaginary / t;
        }
    }

    /// <summary>The first-order form that the paper's supplement prints for E W2² after fits with M_0, M_1, … samples: (3/2) σ² Σ 1/M_i.</summary>
    /// <param name="sizes">Samples of each fit.</param>
    public static double FirstOrderW2Squared(IEnumerable<int> sizes) => 1.5 * sizes.Sum(m => 1.0 / m);

    /// <summary>The variance of a single sample over all runs, to first order: σ²(1 + n/M) (Shumailov et al. 2024, supplement 3.1.1).</summary>
    /// <param name="samples">Number M of samples per fit.</param>
    /// <param name="fits">Number n of fits before the sample is drawn.</param>
    public static double FirstOrderMarginalVariance(int samples, int fits) => 1 + (double)fits / samples;

    /// <summary>E √(c + a·χ²(k) + b·χ²(1)), from √x = ∫ (1 − e^(−sx)) s^(−3/2) ds / (2√π) and the Laplace transforms.</summary>
    static double RootOfChiSquares(double c, double a, int k, double b)
    {
        // s = e^u makes the integrand smooth and quickly falling at both ends, where the trapezoid rule converges exponentially.
        const double Step = 1 / 16.0;
        var sum = 0.0;
        for (var u = -80.0; u <= 80; u += Step)
        {
            var s = Math.Exp(u);
            var logTransform = -c * s - k / 2.0 * Log1P(2 * a * s) - 0.5 * Log1P(2 * b * s);
            sum += -ExpM1(logTransform) * Math.Exp(-u / 2);
        }

        return sum * Step / (2 * Math.Sqrt(Math.PI));
    }

    // ln(1 + x) and eˣ − 1 to the last digits for small x too (Kahan): .NET's own lose them, Math.NET's are 1e-9 off here.
    static double Log1P(double x)
    {
        var u = 1 + x;
        return u == 1 ? x : Math.Log(u) * x / (u - 1);
    }

    static double ExpM1(double x)
    {
        if (x < -40) return -1;
        var u = Math.Exp(x);
        return u == 1 ? x : (u - 1) * x / Math.Log(u);
    }

    /// <summary>ln Γ(z) for Re z &gt; 0: Stirling's series after shifting z up.</summary>
    static Complex LogGamma(Complex z)
    {
        var shift = Complex.Zero;
        while (z.Real < 12)
        {
            shift += Complex.Log(z);
            z += 1;
        }

        var (inverse, square) = (1 / z, 1 / (z * z));
        var series = inverse * (1 / 12.0 - square * (1 / 360.0 - square * (1 / 1260.0 - square * (1 / 1680.0 - square * (1 / 1188.0)))));
        return (z - 0.5) * Complex.Log(z) - z + 0.5 * Math.Log(2 * Math.PI) + series - shift;
    }
}

/// <summary>Expected values after a number of fits.</summary>
/// <param name="Variance">E σ².</param>
/// <param name="MeanSquare">E μ².</param>
/// <param name="Deviation">E σ.</param>
/// <param name="LogVariance">E ln σ²; NaN where there is no closed form.</param>
public sealed record GaussianExpectation(double Variance, double MeanSquare, double Deviation, double LogVariance)
{
    /// <summary>E of the squared Wasserstein-2 distance to the truth N(0, 1): E μ² + E (σ − 1)².</summary>
    public double W2Squared => MeanSquare + Variance + 1 - 2 * Deviation;
}
