using ModelCollapse.Generations;
using ModelCollapse.Provenance;

namespace ModelCollapse.ClosedForm.Laws;

/// <summary>Gaussians that see real samples in every fit.</summary>
static class MeasuredRealData
{
    const VarianceEstimator Estimator = VarianceEstimator.MaximumLikelihood;
    const string Mad = "Alemohammad et al. 2024, 5 (derived here)";

    public static async IAsyncEnumerable<LawRow> RowsAsync(Laboratory lab)
    {
        // n_r = 100 and n_s = 900 as there. After 60 fits 0.9^60, two in a thousand, is left of what the first fit saw.
        const int Real = 100, Synthetic = 900, Fits = 60;
        var repetitions = lab.Repetitions(1_000);
        foreach (var (initial, bias) in ((int, double)[])[(20, 1), (2_000, 1), (20, 0.9)])
        {
            var g = await lab.RunAsync(
                () => new DiagonalGaussian(repetitions, Estimator, bias), new KnownTruth<double[]>(new DiagonalGaussian(repetitions), initial, lab.Seed), new FreshReal(Real), Fits, Synthetic, null, Variance, MeanSquare);
            var setting = $"Gaussian, FreshReal, n_ini = {initial}, n_r = {Real}, n_s = {Synthetic}, λ = {bias}, fit {Fits}";
            yield return lab.Row("fresh data: E σ² → f(n_r, n_s, λ)", Mad, setting, n => RealDataLaws.FreshData(Estimator, initial, Real, Synthetic, n, bias).Variance, g, "variance", repetitions);
            yield return lab.Row("fresh data: E μ² → f(n_r, n_s, λ)", Mad, setting, n => RealDataLaws.FreshData(Estimator, initial, Real, Synthetic, n, bias).MeanSquare, g, "mean-square", repetitions);
        }

        const int Kept = 100, FixedFits = 20;
        repetitions = lab.Repetitions(5_000);
        var kept = await lab.RunAsync(
            () => new DiagonalGaussian(repetitions, Estimator), new KnownTruth<double[]>(new DiagonalGaussian(repetitions), Kept, lab.Seed), new PreserveFraction(1, PreservedSize.OnTop), FixedFits, Kept, null, Variance, MeanSquare);
        var fixedSetting = $"Gaussian, all {Kept} real and {Kept} synthetic, fit {FixedFits}";
        yield return lab.Row("fixed real data: E σ²", "Alemohammad et al. 2024, 4 (derived here)", fixedSetting, n => RealDataLaws.FixedReal(Estimator, Kept, Kept, n).Variance, kept, "variance", repetitions);
        yield return lab.Row("fixed real data: E μ²", "Alemohammad et al. 2024, 4 (derived here)", fixedSetting, n => RealDataLaws.FixedReal(Estimator, Kept, Kept, n).MeanSquare, kept, "mean-square", repetitions);

        // On both sides of λ = 1/2, from a first model that is one standard deviation off.
        foreach (var (real, synthetic) in ((int, int)[])[(100, 40), (100, 200)])
        {
            var g = await lab.RunAsync(
                () => new DiagonalGaussian(repetitions, Estimator), new WrongAtFirst(repetitions, Kept, lab.Seed), new FreshReal(real), 3, synthetic, null,
                new AcrossRepetitions<double[]>("mean", m => ((DiagonalGaussian)m).Means));
            yield return lab.Row("E μ = (λ/(1 + λ))^(n−1)", "derived here; Bertrand et al. 2024 ask for λ < 1/2", $"Gaussian, FreshReal, first mean 1, λ = n_s/n_r = {(double)synthetic / real}, fit 3",
                n => RealDataLaws.MeanLeft(real, synthetic, n), g, "mean", repetitions);
        }
    }

    static AcrossRepetitions<double[]> Variance => new("variance", m => ((DiagonalGaussian)m).StandardDeviations.Select(s => s * s));

    static AcrossRepetitions<double[]> MeanSquare => new("mean-square", m => ((DiagonalGaussian)m).Means.Select(x => x * x));

    /// <summary>The first fit sees N(1, 1), later ones N(0, 1).</summary>
    sealed class WrongAtFirst(int dimensions, int count, long seed) : RealData<double[]>(Shifted(new KnownTruth<double[]>(new DiagonalGaussian(dimensions), count, seed).Original))
    {
        readonly KnownTruth<double[]> truth = new(new DiagonalGaussian(dimensions), 1, seed);

        public override Dataset<double[]> Fresh(int generation, int count) => truth.Fresh(generation, count);

        static Dataset<double[]> Shifted(Dataset<double[]> set) => Dataset<double[]>.Like([.. set.Select(row => row.Select(x => x + 1).ToArray())], set);
    }
}
