using MathNet.Numerics.LinearAlgebra;
using ModelCollapse.Statistics;

namespace ModelCollapse.ClosedForm;

/// <summary>
/// A mixture of Gaussians with full covariances, fitted by expectation maximisation (Dempster, Laird and Rubin 1977) with the conventions of
/// scikit-learn, which Shumailov et al. use (literature.md, Shumailov et al. 2024, Toy experiments).
/// </summary>
/// <param name="Weights">Weight of each component, with sum 1.</param>
/// <param name="Components">The components.</param>
public sealed record GaussianMixture(IReadOnlyList<double> Weights, IReadOnlyList<MultivariateGaussian> Components)
{
    /// <summary>Logarithm of the density at a point.</summary>
    /// <param name="x">d numbers.</param>
    public double LogDensity(double[] x) => Vectors.LogSumExp(Joint(x));

    /// <summary>Mean of <see cref="LogDensity"/> over samples.</summary>
    /// <param name="samples">At least one sample.</param>
    public double MeanLogLikelihood(IReadOnlyCollection<double[]> samples) => samples.Average(LogDensity);

    /// <summary>Probability of each component given a point.</summary>
    /// <param name="x">d numbers.</param>
    public double[] Responsibilities(double[] x)
    {
        var joint = Joint(x);
        var total = Vectors.LogSumExp(joint);
        return [.. joint.Select(j => Math.Exp(j - total))];
    }

    /// <summary>Free parameters: weights, means and covariances.</summary>
    public int ParameterCount
    {
        get
        {
            var d = Components[0].Mean.Length;
            return Components.Count - 1 + Components.Count * (d + d * (d + 1) / 2);
        }
    }

    /// <summary>Akaike's criterion, 2 parameters − 2 log-likelihood; lower is better.</summary>
    /// <param name="samples">At least one sample.</param>
    public double Aic(IReadOnlyCollection<double[]> samples) => 2 * ParameterCount - 2 * samples.Count * MeanLogLikelihood(samples);

    /// <summary>Bayesian criterion, parameters · ln n − 2 log-likelihood; lower is better.</summary>
    /// <param name="samples">At least one sample.</param>
    public double Bic(IReadOnlyCollection<double[]> samples) => ParameterCount * Math.Log(samples.Count) - 2 * samples.Count * MeanLogLikelihood(samples);

    /// <summary>∫ f g of two mixtures in closed form: sums of N(mᵢ; mⱼ, Sᵢ + Sⱼ).</summary>
    /// <param name="other">The other mixture, of as many dimensions.</param>
    public double Overlap(GaussianMixture other) => (
        from a in Weights.Zip(Components)
        from b in other.Weights.Zip(other.Components)
        select a.First * b.First * Math.Exp(new MultivariateGaussian(b.Second.Mean, a.Second.Covariance + b.Second.Covariance).LogDensity(a.Second.Mean))).Sum();

    /// <summary>∫ (f − g)², the squared L2 distance that Shumailov et al. follow over generations; rises under collapse.</summary>
    /// <param name="other">The other mixture, of as many dimensions.</param>
    public double SquaredL2(GaussianMixture other) => Math.Max(0, Overlap(this) + other.Overlap(other) - 2 * Overlap(other));

    /// <summary>One sample.</summary>
    /// <param name="random">Source of randomness.</param>
    public double[] Sample(Random random)
    {
        var (left, k) = (random.NextDouble(), 0);
        while (k < Weights.Count - 1 && left >= Weights[k]) left -= Weights[k++];
        return Components[k].Sample(random);
    }

    /// <summary>Fits a mixture from given starting values.</summary>
    /// <param name="samples">The samples; at least two.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="options">When to stop.</param>
    public static MixtureFit Fit(IReadOnlyList<double[]> samples, GaussianMixture start, MixtureOptions options)
    {
        Vectors.Check(samples, nameof(samples), least: 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxIterations, 1);
        var (mixture, bounds, converged) = (start, new List<double>(), false);
        while (bounds.Count < options.MaxIterations && !converged)
        {
            var (bound, responsibilities) = Expect(samples, mixture);
            mixture = Maximise(samples, responsibilities, options.Regularisation);
            converged = Math.Abs(bound - (bounds.Count > 0 ? bounds[^1] : double.NegativeInfinity)) < options.Tolerance;
            bounds.Add(bound);
        }

        return new(mixture, bounds, converged);
    }

    /// <summary>Fits a mixture of k components that begins at the clusters of <see cref="KMeans"/>.</summary>
    /// <param name="samples">The samples; at least k.</param>
    /// <param name="components">Number k of components. Range: at least 1.</param>
    /// <param name="seed">Decides the clusters.</param>
    /// <param name="options">When to stop; null for the defaults.</param>
    public static MixtureFit Fit(IReadOnlyList<double[]> samples, int components, long seed, MixtureOptions? options = null)
    {
        var clusters = KMeans.Fit(samples, components, seed);
        double[][] responsibilities = [.. clusters.Labels.Select(label => Enumerable.Range(0, components).Select(k => k == label ? 1.0 : 0).ToArray())];
        return Fit(samples, Maximise(samples, responsibilities, (options ??= new()).Regularisation), options);
    }

    static (double Bound, double[][] Responsibilities) Expect(IReadOnlyList<double[]> samples, GaussianMixture mixture)
    {
        var (sum, responsibilities) = (0.0, new double[samples.Count][]);
        for (var i = 0; i < samples.Count; i++)
        {
            var joint = mixture.Joint(samples[i]);
            var total = Vectors.LogSumExp(joint);
            sum += total;
            responsibilities[i] = [.. joint.Select(j => Math.Exp(j - total))];
        }

        return (sum / samples.Count, responsibilities);
    }

    static GaussianMixture Maximise(IReadOnlyList<double[]> samples, double[][] responsibilities, double regularisation)
    {
        const double epsilon = 10 * 2.220446049250313e-16; // keeps an empty component from dividing by 0, as scikit-learn does
        var (k, d) = (responsibilities[0].Length, samples[0].Length);
        double[] mass = [.. Enumerable.Range(0, k).Select(c => responsibilities.Sum(r => r[c]) + epsilon)];
        var components = new MultivariateGaussian[k];
        for (var c = 0; c < k; c++)
        {
            var mean = new double[d];
            for (var i = 0; i < samples.Count; i++)
                for (var j = 0; j < d; j++) mean[j] += responsibilities[i][c] * samples[i][j];
            for (var j = 0; j < d; j++) mean[j] /= mass[c];
            var covariance = new double[d, d];
            for (var i = 0; i < samples.Count; i++)
                for (var a = 0; a < d; a++)
                    for (var b = 0; b < d; b++) covariance[a, b] += responsibilities[i][c] * (samples[i][a] - mean[a]) * (samples[i][b] - mean[b]);
            components[c] = new(mean, Matrix<double>.Build.Dense(d, d, (a, b) => covariance[a, b] / mass[c] + (a == b ? regularisation : 0)));
        }

        return new([.. mass.Select(m => m / mass.Sum())], components);
    }

    /// <summary>ln wₖ + ln Nₖ(x) of each component.</summary>
    double[] Joint(double[] x) => [.. Weights.Zip(Components, (w, c) => Math.Log(w) + c.LogDensity(x))];
}

/// <summary>When expectation maximisation stops.</summary>
public sealed record MixtureOptions
{
    /// <summary>The fit has converged when the mean log-likelihood changes by less. Range: at least 0; 0 never stops early.</summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>Most iterations. Range: at least 1.</summary>
    public int MaxIterations { get; init; } = 100;

    /// <summary>Added to each variance, so that a component on one point stays a Gaussian. Range: at least 0.</summary>
    public double Regularisation { get; init; } = 1e-6;
}

/// <summary>The end of a fit.</summary>
/// <param name="Mixture">The last mixture.</param>
/// <param name="LowerBounds">Mean log-likelihood before each iteration's step: the last is one step behind the mixture.</param>
/// <param name="Converged">Whether it stopped before the most iterations.</param>
public sealed record MixtureFit(GaussianMixture Mixture, IReadOnlyList<double> LowerBounds, bool Converged)
{
    /// <summary>Iterations made.</summary>
    public int Iterations => LowerBounds.Count;
}
