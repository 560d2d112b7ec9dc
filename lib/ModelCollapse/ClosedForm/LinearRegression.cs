using MathNet.Numerics.LinearAlgebra;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;

namespace ModelCollapse.ClosedForm;

/// <summary>One row of a regression.</summary>
/// <param name="Features">x, [d].</param>
/// <param name="Label">y.</param>
public sealed record Labelled(double[] Features, double Label);

/// <summary>
/// Linear regression y = x·w + ε with x ~ N(0, I_d) and ε ~ N(0, σ²), fitted by least squares; what it writes are rows with labels of its
/// own. Gerstgrasser et al. 2024 (section 3, theorems 1 and 2): each generation relabels the same features, which here are the
/// prompts; without prompts the features are drawn anew.
/// </summary>
/// <param name="weights">w before any fit, [d].</param>
/// <param name="noise">Standard deviation σ of the label noise. Range: at least 0.</param>
public sealed class LinearRegression(IReadOnlyList<double> weights, double noise) : IGenerativeModel<Labelled>
{
    const string FileName = "linear-regression";

    double[] weights = [.. weights];

    /// <summary>w, [d].</summary>
    public IReadOnlyList<double> Weights => weights;

    /// <summary>|w − w*|²: the test error on new rows of N(0, I_d) beyond the label noise σ².</summary>
    /// <param name="truth">w*, [d].</param>
    public double ExcessError(IReadOnlyList<double> truth) => weights.Zip(truth, (a, b) => (a - b) * (a - b)).Sum();

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are fewer rows than weights.</exception>
    public void Fit(Dataset<Labelled> data, FitOptions options)
    {
        if (data.Count < weights.Length) throw new ArgumentException($"{data.Count} rows do not determine {weights.Length} weights.", nameof(data));
        var features = Matrix<double>.Build.DenseOfRowArrays(data.Select(row => row.Features)); // [T, d]
        var labels = Vector<double>.Build.DenseOfEnumerable(data.Select(row => row.Label));
        weights = features.TransposeThisAndMultiply(features).Cholesky().Solve(features.TransposeThisAndMultiply(labels)).ToArray();
    }

    /// <inheritdoc/>
    public Dataset<Labelled> Sample(int count, SampleOptions<Labelled> options)
    {
        var (d, prompts) = (weights.Length, options.Prompts);
        var numbers = new double[count * (d + 1)]; // features and noise of each row
        StandardNormal.Fill(numbers, options.Seed);
        var origin = new Origin.Synthetic(ParametersFile.Hash(weights), options.Generation, "exact", options.Seed, -1);
        var rows = new Labelled[count];
        for (var i = 0; i < count; i++)
        {
            var features = prompts is null ? numbers.AsSpan(i * (d + 1), d).ToArray() : prompts[i % prompts.Count].Features;
            rows[i] = new(features, features.Zip(weights, (x, w) => x * w).Sum() + noise * numbers[i * (d + 1) + d]);
        }

        return prompts is null
            ? Dataset<Labelled>.WithOrigin(rows, origin)
            : new(rows, Enumerable.Range(0, count).Select(i => origin with { Prompt = i % prompts.Count }));
    }

    /// <inheritdoc/>
    public void Save(string folder) => ParametersFile.Write(folder, FileName, weights);

    /// <inheritdoc/>
    public void Load(string folder) => weights = ParametersFile.Read<double[]>(folder, FileName);
}
