namespace ModelCollapse.ClosedForm.Laws;

/// <summary>
/// Exact second moments of Gaussians, one coordinate of any number of dimensions, where each fit after the first sees n_r real samples of
/// N(0, 1) beside n_s of the fit before it: the loops of Alemohammad et al. 2024 (sections 4 and 5). Derived here: mean and scatter of the
/// joint set are linear in those of its parts, so that E μ² and E σ² of one fit are linear in those of the fit before it.
/// </summary>
public static class RealDataLaws
{
    /// <summary>The fresh data loop: other real samples for each fit.</summary>
    /// <param name="estimator">How the variance is estimated.</param>
    /// <param name="initial">n_ini: real samples of the first fit. Range: at least 2.</param>
    /// <param name="real">n_r. Range: at least 1.</param>
    /// <param name="synthetic">n_s. Range: at least 1.</param>
    /// <param name="fits">Number n of fits. Range: at least 1.</param>
    /// <param name="samplingBias">λ: synthetic samples come from N(μ, λσ²).</param>
    public static GaussianExpectation FreshData(VarianceEstimator estimator, int initial, int real, int synthetic, int fits, double samplingBias = 1)
    {
        var (variance, meanSquare) = ((initial - 1) / estimator.Divisor(initial), 1.0 / initial);
        for (var fit = 1; fit < fits; fit++) (variance, meanSquare) = Next(estimator, real, synthetic, samplingBias, variance, meanSquare, meanOfReal: 1.0 / real);
        return new(variance, meanSquare, double.NaN, double.NaN);
    }

    /// <summary>Where the fresh data loop ends: a function of n_r, n_s and λ alone, whatever the first fit saw (Alemohammad et al. 2024, equation 3).</summary>
    /// <inheritdoc cref="FreshData"/>
    public static GaussianExpectation FreshDataLimit(VarianceEstimator estimator, int real, int synthetic, double samplingBias = 1) =>
        Limit(estimator, real, synthetic, samplingBias, meanOfReal: 1.0 / real);

    /// <summary>
    /// The same n_r real samples in every fit, and in the first one nothing else: the synthetic augmentation loop. With the real samples given,
    /// means vary around theirs; so E μ² is 1/n_r and that variance.
    /// </summary>
    /// <inheritdoc cref="FreshData"/>
    public static GaussianExpectation FixedReal(VarianceEstimator estimator, int real, int synthetic, int fits, double samplingBias = 1)
    {
        var (variance, around) = ((real - 1) / estimator.Divisor(real), 0.0);
        for (var fit = 1; fit < fits; fit++) (variance, around) = Next(estimator, real, synthetic, samplingBias, variance, around, meanOfReal: 0);
        return new(variance, 1.0 / real + around, double.NaN, double.NaN);
    }

    /// <summary>Where the loop with the same real samples ends: real data that are kept limit the loss.</summary>
    /// <inheritdoc cref="FreshData"/>
    public static GaussianExpectation FixedRealLimit(VarianceEstimator estimator, int real, int synthetic, double samplingBias = 1)
    {
        var limit = Limit(estimator, real, synthetic, samplingBias, meanOfReal: 0);
        return limit with { MeanSquare = 1.0 / real + limit.MeanSquare };
    }

    /// <summary>
    /// What is left of an error of the first fit's mean: (n_s/(n_s + n_r))^(n−1), which is (λ/(1 + λ))^(n−1) with λ = n_s/n_r. So these loops
    /// are stable for every λ; λ &lt; 1/2, which Bertrand et al. 2024 ask for where the first model is exact, is sufficient and not necessary.
    /// </summary>
    /// <param name="real">n_r.</param>
    /// <param name="synthetic">n_s.</param>
    /// <param name="fits">Number n of fits. Range: at least 1.</param>
    public static double MeanLeft(int real, int synthetic, int fits) => Math.Pow((double)synthetic / (synthetic + real), fits - 1);

    /// <summary>One fit. Means are taken around 0, or around the mean of the real samples where these are given: then their mean adds nothing.</summary>
    static (double Variance, double MeanSquare) Next(
        VarianceEstimator estimator, double real, double synthetic, double bias, double variance, double meanSquare, double meanOfReal)
    {
        var all = real + synthetic;
        var ofSynthetic = meanSquare + bias * variance / synthetic; // E of the square of the synthetic mean
        var scatter = real - 1 + (synthetic - 1) * bias * variance + real * synthetic / all * (meanOfReal + ofSynthetic);
        return (scatter / estimator.Divisor((int)all), (synthetic * synthetic * ofSynthetic + real * real * meanOfReal) / (all * all));
    }

    /// <summary>The fixed point of <see cref="Next"/>, which is linear: two unknowns by Cramer's rule.</summary>
    static GaussianExpectation Limit(VarianceEstimator estimator, double real, double synthetic, double bias, double meanOfReal)
    {
        (double V, double U) Step(double variance, double meanSquare) => Next(estimator, real, synthetic, bias, variance, meanSquare, meanOfReal);
        var (constant, byVariance, byMean) = (Step(0, 0), Step(1, 0), Step(0, 1));
        var (vv, uv) = (1 - (byVariance.V - constant.V), byVariance.U - constant.U);
        var (vu, uu) = (byMean.V - constant.V, 1 - (byMean.U - constant.U));
        var determinant = vv * uu - vu * uv;
        return new((constant.V * uu + vu * constant.U) / determinant, (vv * constant.U + uv * constant.V) / determinant, double.NaN, double.NaN);
    }
}
