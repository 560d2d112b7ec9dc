using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;
using ModelCollapse.Statistics;

namespace ModelCollapse.ClosedForm;

/// <summary>A Gaussian in d dimensions with a full covariance: fitted in closed form, as in Kazdan, Schaeffer et al. (literature.md, Kazdan et al. 2024).</summary>
public sealed class MultivariateGaussian
{
    readonly Cholesky<double> cholesky;

    /// <summary>A Gaussian with given parameters.</summary>
    /// <param name="mean">Mean, of d numbers.</param>
    /// <param name="covariance">Covariance, d × d, symmetric and positive definite.</param>
    /// <exception cref="ArgumentException">The shapes differ, or the covariance is not positive definite.</exception>
    public MultivariateGaussian(double[] mean, Matrix<double> covariance)
    {
        if (covariance.RowCount != mean.Length || covariance.ColumnCount != mean.Length)
            throw new ArgumentException($"A mean of {mean.Length} numbers needs a covariance of {mean.Length} × {mean.Length}.", nameof(covariance));
        (Mean, Covariance) = (mean, covariance);
        try
        {
            cholesky = covariance.Cholesky();
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException("The covariance is not positive definite: take more samples than dimensions, or add a little to its diagonal.", nameof(covariance), e);
        }
    }

    /// <summary>Mean, of d numbers.</summary>
    public double[] Mean { get; }

    /// <summary>Covariance, d × d.</summary>
    public Matrix<double> Covariance { get; }

    /// <summary>The Gaussian with the mean and covariance of samples.</summary>
    /// <param name="samples">The samples; more than d.</param>
    /// <param name="estimator">How the covariance is estimated.</param>
    /// <exception cref="ArgumentException">The samples span fewer than d dimensions.</exception>
    public static MultivariateGaussian Fit(IReadOnlyList<double[]> samples, VarianceEstimator estimator = VarianceEstimator.MaximumLikelihood)
    {
        Vectors.Check(samples, nameof(samples), least: 2);
        var mean = Vectors.Mean(samples);
        return new(mean, Vectors.Scatter(samples, mean) / estimator.Divisor(samples.Count));
    }

    /// <summary>Logarithm of the density at a point.</summary>
    /// <param name="x">d numbers.</param>
    public double LogDensity(double[] x)
    {
        // |L⁻¹ (x − m)|² by forward substitution.
        var (factor, scaled, square) = (cholesky.Factor, new double[x.Length], 0.0);
        for (var i = 0; i < x.Length; i++)
        {
            var value = x[i] - Mean[i];
            for (var j = 0; j < i; j++) value -= factor[i, j] * scaled[j];
            scaled[i] = value / factor[i, i];
            square += scaled[i] * scaled[i];
        }

        return -(square + LogDeterminant + Mean.Length * Math.Log(2 * Math.PI)) / 2;
    }

    /// <summary>Differential entropy in nats. Falls without bound as the Gaussian collapses.</summary>
    public double Entropy => (LogDeterminant + Mean.Length * (1 + Math.Log(2 * Math.PI))) / 2;

    /// <summary>Kullback-Leibler divergence KL(this | other) in nats.</summary>
    /// <param name="other">The other Gaussian, of as many dimensions.</param>
    public double KullbackLeibler(MultivariateGaussian other)
    {
        var difference = Vector<double>.Build.DenseOfEnumerable(other.Mean.Zip(Mean, (a, b) => a - b));
        return (other.cholesky.Solve(Covariance).Trace() + difference * other.cholesky.Solve(difference) - Mean.Length + other.LogDeterminant - LogDeterminant) / 2;
    }

    /// <summary>One sample.</summary>
    /// <param name="random">Source of randomness.</param>
    public double[] Sample(Random random)
    {
        var noise = Vector<double>.Build.Dense(Mean.Length, _ => MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1));
        return [.. (cholesky.Factor * noise).Zip(Mean, (z, m) => z + m)];
    }

    double LogDeterminant => cholesky.DeterminantLn;
}
