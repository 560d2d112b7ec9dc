using MathNet.Numerics.LinearAlgebra;
using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.ClosedForm;

/// <summary>The three errors that Shumailov et al. 2024 ("Theoretical intuition") name as causes of collapse, and their absence.</summary>
public enum ErrorSource
{
    /// <summary>The control: many samples, a model that can be the truth, and a fit that goes to the end.</summary>
    None,

    /// <summary>Statistical approximation error: few samples. It vanishes as their number grows.</summary>
    Statistical,

    /// <summary>Functional expressivity error: a model that cannot be the truth. Without the other two it happens in the first fit only.</summary>
    Expressivity,

    /// <summary>Functional approximation error: a learning procedure that does not reach the best fit.</summary>
    Approximation,
}

/// <summary>
/// A truth of two Gaussians, and one recursion for each source of error in which the other two are as good as absent: sample size, model
/// class and learning procedure are varied one at a time, and the distance to the truth has a closed form.
/// </summary>
public static class ErrorSources
{
    /// <summary>Samples per generation where there are many, and where there are few.</summary>
    public const int Many = 5_000, Few = 100;

    const double Separation = 1.2;

    /// <summary>½ N(−1.2, 1) + ½ N(1.2, 1): two humps that overlap, so that how a model is fitted matters.</summary>
    public static GaussianMixture Truth { get; } = new([0.5, 0.5], [Hump(-Separation), Hump(Separation)]);

    /// <summary>One recursion under <see cref="Replace"/>, kept in memory.</summary>
    /// <param name="source">The error that is let in.</param>
    /// <param name="generations">Number of the last generation.</param>
    /// <param name="seed">Decides every random choice.</param>
    public static RecursiveExperiment<double[]> Experiment(ErrorSource source, int generations, long seed)
    {
        // The class that cannot be the truth: one Gaussian. The procedure that does not reach the best fit: three steps from the clusters of k-means.
        var start = source == ErrorSource.Expressivity ? new GaussianMixture([1], [Hump(0)]) : Truth;
        var options = new MixtureOptions { Tolerance = source == ErrorSource.Approximation ? 0 : 1e-7, MaxIterations = source == ErrorSource.Approximation ? 3 : 1_000 };
        return new()
        {
            NewModel = () => DistributionModel.Mixture(start, options),
            Real = new KnownTruth<double[]>(DistributionModel.Mixture(Truth), source == ErrorSource.Statistical ? Few : Many, seed),
            Generations = generations,
            Seed = seed,
            Metrics = [new DistanceToTruth()],
        };
    }

    static MultivariateGaussian Hump(double mean) => new([mean], Matrix<double>.Build.DenseIdentity(1));

    /// <summary>How far a mixture is from <see cref="Truth"/>: √∫ (f − g)², and the variance of each.</summary>
    sealed class DistanceToTruth : IMetric<double[]>
    {
        public string Name => "mixture";

        public IReadOnlyList<MetricNumber> Numbers =>
        [
            new("distance", "L2 distance to the truth", "", UnderCollapse.Rises, "Shumailov et al. 2024, supplement 4.1"),
            new("variance", "Variance of the fitted mixture", "", UnderCollapse.Varies, "definition"),
        ];

        public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<double[]> c)
        {
            var mixture = ((DistributionModel<GaussianMixture>)c.Model).Distribution;
            var mean = mixture.Weights.Zip(mixture.Components, (w, g) => w * g.Mean[0]).Sum();
            var square = mixture.Weights.Zip(mixture.Components, (w, g) => w * (g.Covariance[0, 0] + g.Mean[0] * g.Mean[0])).Sum();
            return new Dictionary<NumberKey, double> { ["distance"] = Math.Sqrt(mixture.SquaredL2(Truth)), ["variance"] = square - mean * mean };
        }
    }
}
