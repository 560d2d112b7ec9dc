using MathNet.Numerics;
using MathNet.Numerics.Distributions;
using ModelCollapse.Generations;
using ModelCollapse.Runs;

namespace ModelCollapse.ClosedForm;

/// <summary>
/// The smallest model that collapses, in the loop that all models share: a Gaussian fitted by maximum likelihood to M numbers, then to M
/// numbers of its own, and so on (Shumailov et al. 2024, theorem 3.1; their notebook takes the biased variance too, references.md 1.6).
/// </summary>
public static class GaussianCollapse
{
    /// <summary>One run on M numbers from the standard normal distribution, kept in memory.</summary>
    /// <param name="samples">M, the real numbers and those of each generation. Range: at least 2.</param>
    /// <param name="generations">Number of the last generation.</param>
    /// <param name="policy">What generation t ≥ 1 is fitted to.</param>
    /// <param name="seed">Decides every random choice.</param>
    public static RecursiveExperiment<double> Experiment(int samples, int generations, DataPolicy policy, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 2);
        var random = Seeds.NewRandom(Seeds.Derive(seed, 0, "real"));
        double[] real = [.. Enumerable.Range(0, samples).Select(_ => Normal.Sample(random, 0, 1))];
        return new()
        {
            NewModel = () => new Gaussian(),
            Real = new RealData<double>(Dataset<double>.Human(real, "standard normal")),
            Codec = new NumberCodec(),
            Generations = generations,
            Seed = seed,
            Policy = policy,
            Metrics = [new GaussianMoments()],
        };
    }

    /// <summary>
    /// The exact mean of ln σ_t over runs of <see cref="Replace"/>. Each fit multiplies σ² by χ²(M − 1)/M, independent of all others, and
    /// E ln χ²(k) = ψ(k/2) + ln 2; so E ln σ_t = (t + 1)/2 · (ψ((M − 1)/2) + ln(2/M)), a straight line that falls by about 1/M in each generation.
    /// </summary>
    /// <param name="samples">M. Range: at least 2.</param>
    /// <param name="generation">t. Range: at least 0.</param>
    public static double ExpectedLogDeviation(int samples, int generation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(generation);
        return (generation + 1) / 2.0 * (SpecialFunctions.DiGamma((samples - 1) / 2.0) + Math.Log(2.0 / samples));
    }
}
