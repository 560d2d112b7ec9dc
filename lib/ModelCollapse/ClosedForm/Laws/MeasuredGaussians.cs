using ModelCollapse.Generations;

namespace ModelCollapse.ClosedForm.Laws;

/// <summary>Gaussians that see nothing but samples of their predecessors.</summary>
static class MeasuredGaussians
{
    const int Samples = 100, Fits = 20;

    public static async IAsyncEnumerable<LawRow> RowsAsync(Laboratory lab)
    {
        foreach (var estimator in Enum.GetValues<VarianceEstimator>())
        {
            await foreach (var row in Moments(lab, estimator, new Replace(), "Shumailov et al. 2024, 3", (e, m, n) => GaussianLaws.Replace(e, m, n))) yield return row;
            await foreach (var row in Moments(lab, estimator, new Accumulate(), "Gerstgrasser et al. 2024, 2", GaussianLaws.Accumulate)) yield return row;
        }

        const double Bias = 0.9;
        var repetitions = lab.Repetitions(10_000);
        var biased = await lab.RunAsync(
            () => new DiagonalGaussian(repetitions, VarianceEstimator.Unbiased, Bias), Truth(lab, repetitions), new Replace(), Fits, null, null,
            Number("variance", m => m.StandardDeviations.Select(s => s * s)));
        yield return lab.Row("E σ² = λ^(n−1)", "Alemohammad et al. 2024, 3.1", $"Gaussian, Replace, Unbiased, λ = {Bias}, M = {Samples}, fit {Fits}",
            n => GaussianLaws.Replace(VarianceEstimator.Unbiased, Samples, n, Bias).Variance, biased, "variance", repetitions);

        repetitions = lab.Repetitions(2_000);
        var growing = await lab.RunAsync(() => new DiagonalGaussian(repetitions, VarianceEstimator.Unbiased), Truth(lab, repetitions), new GrowingReplace(), Fits, null, null, W2);
        yield return lab.Row("E W2² = (3/2) Σ 1/M", "Shumailov et al. 2024, supplement 3.1.1", $"Gaussian, GrowingReplace, Unbiased, M = {Samples}, {2 * Samples}, …, fit {Fits}",
            n => GaussianLaws.FirstOrderW2Squared(Enumerable.Range(1, n).Select(i => i * Samples)), growing, "w2", repetitions, LawKind.FirstOrder);
    }

    static async IAsyncEnumerable<LawRow> Moments(
        Laboratory lab, VarianceEstimator estimator, DataPolicy policy, string source, Func<VarianceEstimator, int, int, GaussianExpectation> law)
    {
        var setting = $"Gaussian, {policy.GetType().Name}, {estimator}, M = {Samples}, fit {Fits}";
        var exact = Enumerable.Range(1, Fits).Select(n => law(estimator, Samples, n)).ToArray();
        var repetitions = lab.Repetitions(policy.UsesHistory ? 2_000 : 10_000);
        var g = await lab.RunAsync(
            () => new DiagonalGaussian(repetitions, estimator), Truth(lab, repetitions), policy, Fits, null, null,
            Number("variance", m => m.StandardDeviations.Select(s => s * s)), Number("mean-square", m => m.Means.Select(x => x * x)),
            Number("deviation", m => m.StandardDeviations), Number("log-variance", m => m.StandardDeviations.Select(s => 2 * Math.Log(s))), W2,
            Number("small", m => m.StandardDeviations.Select(s => s * s < 0.5 ? 1.0 : 0)), Number("marginal", m => m.Means.Zip(m.StandardDeviations, (x, s) => x * x + s * s)));
        yield return lab.Row("E σ²", source, setting, n => exact[n - 1].Variance, g, "variance", repetitions);
        yield return lab.Row("E μ²", source, setting, n => exact[n - 1].MeanSquare, g, "mean-square", repetitions);
        yield return lab.Row("E σ", source, setting, n => exact[n - 1].Deviation, g, "deviation", repetitions);
        yield return lab.Row("E W2²", source, setting, n => exact[n - 1].W2Squared, g, "w2", repetitions);
        if (policy is not Replace) yield break;
        yield return lab.Row("E ln σ²", source, setting, n => exact[n - 1].LogVariance, g, "log-variance", repetitions);
        yield return lab.Row("P(σ² < 1/2)", source, setting, n => GaussianLaws.ProbabilityOfVarianceBelow(estimator, Samples, n, 0.5), g, "small", repetitions);
        if (estimator != VarianceEstimator.Unbiased) yield break;
        // With the unbiased variance the sum of the two first-order terms is the whole: E σ² + E μ² = 1 + n/M.
        yield return lab.Row("Var X = σ²(1 + n/M)", "Shumailov et al. 2024, supplement 3.1.1", setting, n => GaussianLaws.FirstOrderMarginalVariance(Samples, n), g, "marginal", repetitions);
        yield return lab.Row("E W2² = (3/2) Σ 1/M", "Shumailov et al. 2024, supplement 3.1.1", setting, n => GaussianLaws.FirstOrderW2Squared(Enumerable.Repeat(Samples, n)), g, "w2", repetitions, LawKind.FirstOrder);
    }

    static AcrossRepetitions<double[]> W2 => Number("w2", m => m.Means.Zip(m.StandardDeviations, (x, s) => x * x + (s - 1) * (s - 1)));

    static AcrossRepetitions<double[]> Number(string name, Func<DiagonalGaussian, IEnumerable<double>> values) => new(name, m => values((DiagonalGaussian)m));

    static KnownTruth<double[]> Truth(Laboratory lab, int repetitions) => new(new DiagonalGaussian(repetitions), Samples, lab.Seed);
}
