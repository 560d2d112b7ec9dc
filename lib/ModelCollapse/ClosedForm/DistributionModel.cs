using MathNet.Numerics.LinearAlgebra;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;

namespace ModelCollapse.ClosedForm;

/// <summary>
/// A family of distributions over vectors in the loop: fitted to a whole set, then sampled. A new family is one constructor call; see
/// <see cref="DistributionModel"/> for those that are here.
/// </summary>
/// <typeparam name="TDistribution">A distribution of the family; never changed, but replaced by the next fit.</typeparam>
public sealed class DistributionModel<TDistribution> : IGenerativeModel<double[]>
{
    readonly string name;
    readonly Func<TDistribution, IReadOnlyList<double[]>, long, TDistribution> fit;
    readonly Func<TDistribution, Random, double[]> sample;
    readonly Func<TDistribution, double[][]> write;
    readonly Func<double[][], TDistribution> read;

    /// <summary>Makes a family of five functions.</summary>
    /// <param name="name">Name of the family, fit for a file name.</param>
    /// <param name="start">The distribution before any fit.</param>
    /// <param name="fit">Gives the next distribution, from the present one, the samples and a seed.</param>
    /// <param name="sample">Draws one sample.</param>
    /// <param name="write">The parameters as rows of numbers, for checkpoints.</param>
    /// <param name="read">The distribution that such rows describe; an <see cref="ArgumentException"/> says that they describe none.</param>
    public DistributionModel(
        string name, TDistribution start, Func<TDistribution, IReadOnlyList<double[]>, long, TDistribution> fit,
        Func<TDistribution, Random, double[]> sample, Func<TDistribution, double[][]> write, Func<double[][], TDistribution> read) =>
        (this.name, Distribution, this.fit, this.sample, this.write, this.read) = (name, start, fit, sample, write, read);

    /// <summary>The present distribution.</summary>
    public TDistribution Distribution { get; private set; }

    /// <inheritdoc/>
    public void Fit(Dataset<double[]> data, FitOptions options) => Distribution = fit(Distribution, data, options.Seed);

    /// <inheritdoc/>
    public Dataset<double[]> Sample(int count, SampleOptions<double[]> options)
    {
        var random = Seeds.NewRandom(options.Seed);
        var samples = new double[count][];
        for (var i = 0; i < count; i++) samples[i] = sample(Distribution, random);
        return Dataset<double[]>.WithOrigin(samples, new Origin.Synthetic(ParametersFile.Hash(write(Distribution)), options.Generation, "exact", options.Seed, -1));
    }

    /// <inheritdoc/>
    public void Save(string folder) => ParametersFile.Write(folder, name, write(Distribution));

    /// <inheritdoc/>
    public void Load(string folder)
    {
        var rows = ParametersFile.Read<double[][]>(folder, name);
        try
        {
            Distribution = read(rows);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException)
        {
            throw new InputException($"{folder} does not hold a {name} ({e.Message}): restore it, or fit again.", e);
        }
    }
}

/// <summary>The families.</summary>
public static class DistributionModel
{
    /// <summary>A Gaussian with a full covariance, N(0, I) before any fit.</summary>
    /// <param name="dimensions">Number d of dimensions. Range: at least 1.</param>
    /// <param name="estimator">How the covariance is estimated; Kazdan, Schaeffer et al. take the biased one (literature.md, Kazdan et al. 2024).</param>
    public static DistributionModel<MultivariateGaussian> Gaussian(int dimensions, VarianceEstimator estimator = VarianceEstimator.MaximumLikelihood) => new(
        "multivariate-gaussian", new(new double[dimensions], Matrix<double>.Build.DenseIdentity(dimensions)),
        (_, data, _) => MultivariateGaussian.Fit(data, estimator),
        (g, random) => g.Sample(random), Rows, FromRows);

    /// <summary>A mixture of Gaussians with full covariances. Shumailov et al. 2024 take two components, tolerance 1e-5 and 2,000 iterations (literature.md, Shumailov et al. 2024, Toy experiments).</summary>
    /// <param name="start">The mixture before any fit; its number of components stays.</param>
    /// <param name="options">When expectation maximisation stops; null for the defaults.</param>
    public static DistributionModel<GaussianMixture> Mixture(GaussianMixture start, MixtureOptions? options = null) => new(
        "gaussian-mixture", start,
        (mixture, data, seed) => GaussianMixture.Fit(data, mixture.Components.Count, seed, options).Mixture,
        (mixture, random) => mixture.Sample(random),
        mixture => [[.. mixture.Weights], .. mixture.Components.SelectMany(Rows)],
        rows => new(rows[0], [.. rows.Skip(1).Chunk(rows[1].Length + 1).Select(FromRows)]));

    /// <summary>A kernel density estimate with a round Gaussian kernel; Kazdan, Schaeffer et al. take bandwidths of 0.1, 0.5 and 1 (literature.md, Kazdan et al. 2024).</summary>
    /// <param name="samples">The samples before any fit.</param>
    /// <param name="bandwidth">Standard deviation of the kernel. Range: above 0.</param>
    public static DistributionModel<KernelDensity> KernelDensity(IReadOnlyList<double[]> samples, double bandwidth) => new(
        "kernel-density", ClosedForm.KernelDensity.WithBandwidth(samples, bandwidth),
        (_, data, _) => ClosedForm.KernelDensity.WithBandwidth(data, bandwidth),
        (density, random) => density.Sample(random), density => [.. density.Samples], rows => ClosedForm.KernelDensity.WithBandwidth(rows, bandwidth));

    /// <summary>A histogram of numbers; its bins stay.</summary>
    /// <param name="start">The histogram before any fit.</param>
    public static DistributionModel<Histogram> Histogram(Histogram start) => new(
        "histogram", start, (histogram, data, _) => histogram.Fit(data), (histogram, random) => histogram.Sample(random),
        histogram => [[.. histogram.Edges], [.. histogram.Probabilities]], rows => new(rows[0], rows[1]));

    /// <summary>The mean, then the rows of the covariance.</summary>
    static double[][] Rows(MultivariateGaussian g) => [g.Mean, .. g.Covariance.ToRowArrays()];

    static MultivariateGaussian FromRows(double[][] rows) => new(rows[0], Matrix<double>.Build.DenseOfRowArrays(rows.Skip(1)));
}
