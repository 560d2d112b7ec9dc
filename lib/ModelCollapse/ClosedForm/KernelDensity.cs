using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;
using ModelCollapse.Statistics;

namespace ModelCollapse.ClosedForm;

/// <summary>
/// Density estimate with a Gaussian kernel on each sample (Rosenblatt 1956; Parzen 1962). The kernel's covariance is factor² times that of the
/// samples (divisor n − 1), as in SciPy; so each refit to its own samples widens it by 1 + factor², where a fitted Gaussian narrows.
/// </summary>
/// <param name="Samples">The samples.</param>
/// <param name="KernelCovariance">Covariance of the kernel, d × d.</param>
public sealed record KernelDensity(IReadOnlyList<double[]> Samples, Matrix<double> KernelCovariance)
{
    readonly MultivariateGaussian kernel = new(new double[KernelCovariance.RowCount], KernelCovariance);

    /// <summary>Scott's factor n^(−1/(d+4)).</summary>
    /// <param name="count">Number n of samples.</param>
    /// <param name="dimensions">Number d of dimensions.</param>
    public static double ScottFactor(int count, int dimensions) => Math.Pow(count, -1.0 / (dimensions + 4));

    /// <summary>Silverman's factor (n (d + 2) / 4)^(−1/(d+4)).</summary>
    /// <param name="count">Number n of samples.</param>
    /// <param name="dimensions">Number d of dimensions.</param>
    public static double SilvermanFactor(int count, int dimensions) => Math.Pow(count * (dimensions + 2) / 4.0, -1.0 / (dimensions + 4));

    /// <summary>Silverman's rule of thumb for one dimension, 0.9 min(sd, IQR / 1.34) n^(−1/5): a bandwidth, and another number than his factor gives.</summary>
    /// <param name="samples">Numbers; two or more.</param>
    public static double RuleOfThumb(IReadOnlyCollection<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        var range = Quantiles.OfSorted(sorted, 0.75) - Quantiles.OfSorted(sorted, 0.25);
        return 0.9 * Math.Min(sorted.StandardDeviation(), range / 1.34) * Math.Pow(sorted.Length, -0.2);
    }

    /// <summary>The estimate with a kernel in the shape of the samples.</summary>
    /// <param name="samples">The samples; more than their dimensions.</param>
    /// <param name="factor">Scale of the kernel, for example <see cref="ScottFactor"/>. Range: above 0.</param>
    public static KernelDensity Fit(IReadOnlyList<double[]> samples, double factor)
    {
        Vectors.Check(samples, nameof(samples), least: 2);
        if (!(factor > 0)) throw new ArgumentOutOfRangeException(nameof(factor), factor, "A factor is above 0.");
        return new(samples, Vectors.Scatter(samples, Vectors.Mean(samples)) * (factor * factor / (samples.Count - 1)));
    }

    /// <summary>The estimate with a round kernel, as Kazdan, Schaeffer et al. use it (literature.md, Kazdan et al. 2024).</summary>
    /// <param name="samples">The samples; at least one.</param>
    /// <param name="bandwidth">Standard deviation of the kernel in each direction. Range: above 0.</param>
    public static KernelDensity WithBandwidth(IReadOnlyList<double[]> samples, double bandwidth)
    {
        Vectors.Check(samples, nameof(samples));
        if (!(bandwidth > 0)) throw new ArgumentOutOfRangeException(nameof(bandwidth), bandwidth, "A bandwidth is above 0.");
        return new(samples, Matrix<double>.Build.DiagonalIdentity(samples[0].Length) * (bandwidth * bandwidth));
    }

    /// <summary>Logarithm of the density at a point.</summary>
    /// <param name="x">d numbers.</param>
    public double LogDensity(double[] x) =>
        Vectors.LogSumExp([.. Samples.Select(s => kernel.LogDensity([.. x.Zip(s, (a, b) => a - b)]))]) - Math.Log(Samples.Count);

    /// <summary>One sample: a random one of the samples plus noise of the kernel.</summary>
    /// <param name="random">Source of randomness.</param>
    public double[] Sample(Random random)
    {
        var centre = Samples[random.Next(Samples.Count)];
        return [.. kernel.Sample(random).Zip(centre, (a, b) => a + b)];
    }
}
