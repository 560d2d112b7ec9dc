using ModelCollapse.Generations;

namespace ModelCollapse.ClosedForm;

/// <summary>
/// The smallest model that collapses, in the loop that all models share: a Gaussian fitted by maximum likelihood to M numbers, then to M
/// numbers of its own, and so on (Shumailov et al. 2024, theorem 3.1; their notebook takes the biased variance too; literature.md, Shumailov et al. 2024, Toy experiments).
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
        return new()
        {
            NewModel = () => new Gaussian(),
            Real = new KnownTruth<double>(new Gaussian(), samples, seed),
            Generations = generations,
            Seed = seed,
            Policy = policy,
            Metrics = [new GaussianMoments()],
        };
    }
}
