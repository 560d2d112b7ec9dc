using MathNet.Numerics.Distributions;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;

namespace ModelCollapse.ClosedForm;

/// <summary>
/// A distribution over a finite set of states, fitted by relative frequencies. Only statistical error is left: a state that is not drawn
/// is lost for ever (Shumailov et al. 2024, "discrete distributions with exact approximation"). In genetics the recursion is the
/// Wright-Fisher model.
/// </summary>
/// <param name="probabilities">Probability of each state before any fit; sums to 1.</param>
public sealed class Discrete(IReadOnlyList<double> probabilities) : IGenerativeModel<int>
{
    const string FileName = "discrete";

    double[] probabilities = Math.Abs(probabilities.Sum() - 1) < 1e-9 && probabilities.All(p => p >= 0)
        ? [.. probabilities]
        : throw new ArgumentException("Probabilities are not negative and sum to 1.", nameof(probabilities));

    /// <summary>Probability of each state.</summary>
    public IReadOnlyList<double> Probabilities => probabilities;

    /// <summary>Number of states with a probability above 0.</summary>
    public int Support => probabilities.Count(p => p > 0);

    /// <summary>S = Σ p², the probability that two draws are equal; 1 for a point mass.</summary>
    public double Concentration => probabilities.Sum(p => p * p);

    /// <summary>A distribution by rank, p_k ∝ k^−exponent.</summary>
    /// <param name="states">Number of states. Range: at least 1.</param>
    /// <param name="exponent">Zipf exponent; 0 for equal probabilities.</param>
    public static Discrete Zipf(int states, double exponent)
    {
        double[] weights = [.. Enumerable.Range(1, states).Select(k => Math.Pow(k, -exponent))];
        var sum = weights.Sum();
        return new([.. weights.Select(w => w / sum)]);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are no samples, or one is not a state.</exception>
    public void Fit(Dataset<int> data, FitOptions options)
    {
        if (data.Count == 0) throw new ArgumentException("There are no samples to fit to.", nameof(data));
        var counts = new int[probabilities.Length];
        foreach (var state in data.Samples)
            counts[state >= 0 && state < counts.Length ? state : throw new ArgumentException($"{state} is not one of the {counts.Length} states.", nameof(data))]++;
        probabilities = [.. counts.Select(c => (double)c / data.Count)];
    }

    /// <inheritdoc/>
    public Dataset<int> Sample(int count, SampleOptions<int> options)
    {
        var samples = new int[count];
        Categorical.Samples(Seeds.NewRandom(options.Seed), samples, probabilities);
        return Dataset<int>.WithOrigin(samples, new Origin.Synthetic(ParametersFile.Hash(probabilities), options.Generation, "exact", options.Seed, -1));
    }

    /// <inheritdoc/>
    public void Save(string folder) => ParametersFile.Write(folder, FileName, probabilities);

    /// <inheritdoc/>
    public void Load(string folder) => probabilities = ParametersFile.Read<double[]>(folder, FileName);
}
