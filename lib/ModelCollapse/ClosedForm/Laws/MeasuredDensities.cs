using ModelCollapse.Generations;

namespace ModelCollapse.ClosedForm.Laws;

/// <summary>Kernel densities and histograms.</summary>
static class MeasuredDensities
{
    public static async IAsyncEnumerable<LawRow> RowsAsync(Laboratory lab)
    {
        const int Samples = 50, Fits = 20;
        const double Bandwidth = 0.5;
        var repetitions = lab.Repetitions(1_000);
        var truth = DistributionModel.Gaussian(1);
        var kernel = await lab.RunAsync(
            () => Laboratory.Copies(repetitions, () => DistributionModel.KernelDensity([[0.0]], Bandwidth)), Laboratory.Truth(repetitions, truth, Samples), new Replace(), Fits, null, null,
            new AcrossRepetitions<double[][]>("variance", m => Laboratory.Members<double[], DistributionModel<KernelDensity>>(m).Select(d => VarianceOf(d.Distribution.Samples) + Bandwidth * Bandwidth)));
        yield return lab.Row("kernel density: σ² → M h²", "derived here", $"kernel density, Replace, h = {Bandwidth}, M = {Samples}, fit {Fits}",
            n => DensityLaws.KernelVariance(Samples, Bandwidth, n), kernel, "variance", repetitions);

        // Bins that no sample falls into are lost, as states are.
        var start = Histogram.Uniform(-3, 3, bins: 30);
        double[] inBins = [.. start.Probabilities.Select((_, b) => Chance(start.Edges[b], start.Edges[b + 1]))];
        var histogram = await lab.RunAsync(
            () => Laboratory.Copies(repetitions, () => DistributionModel.Histogram(start)), Laboratory.Truth(repetitions, DistributionModel.Histogram(start with { Probabilities = inBins }), Samples), new Replace(), Fits, null, null,
            new AcrossRepetitions<double[][]>("bins", m => Laboratory.Members<double[], DistributionModel<Histogram>>(m).Select(d => (double)d.Distribution.Probabilities.Count(p => p > 0))));
        yield return lab.Row("bins left", "Shumailov et al. 2024, 3", $"histogram of a Gaussian, {inBins.Length} bins, Replace, M = {Samples}, fit {Fits}",
            n => DiscreteLaws.ExpectedSupport(inBins, Samples, n), histogram, "bins", repetitions);

        static double Chance(double from, double to) =>
            (MathNet.Numerics.Distributions.Normal.CDF(0, 1, to) - MathNet.Numerics.Distributions.Normal.CDF(0, 1, from)) / (1 - 2 * MathNet.Numerics.Distributions.Normal.CDF(0, 1, -3));
    }

    static double VarianceOf(IReadOnlyList<double[]> samples)
    {
        var mean = samples.Average(x => x[0]);
        return samples.Average(x => (x[0] - mean) * (x[0] - mean));
    }
}
