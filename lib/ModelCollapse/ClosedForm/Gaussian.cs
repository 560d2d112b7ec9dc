using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MathNet.Numerics.Distributions;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;

namespace ModelCollapse.ClosedForm;

/// <summary>
/// The one-dimensional Gaussian fitted by maximum likelihood: the smallest model that collapses (Shumailov et al. 2024, theorem 3.1;
/// their code divides the variance by the number of samples, references.md 1.6).
/// </summary>
/// <param name="mean">Mean μ before any fit.</param>
/// <param name="deviation">Standard deviation σ before any fit. Range: at least 0.</param>
public sealed class Gaussian(double mean = 0, double deviation = 1) : IGenerativeModel<double>
{
    const string FileName = "gaussian.json";

    /// <summary>Mean μ.</summary>
    public double Mean { get; private set; } = mean;

    /// <summary>Standard deviation σ.</summary>
    public double StandardDeviation { get; private set; } = deviation >= 0 ? deviation : throw new ArgumentOutOfRangeException(nameof(deviation));

    /// <inheritdoc/>
    public void Fit(Dataset<double> data, FitOptions options)
    {
        if (data.Count == 0) throw new ArgumentException("There are no samples to fit to.", nameof(data));
        Mean = data.Average();
        StandardDeviation = Math.Sqrt(data.Average(x => (x - Mean) * (x - Mean)));
    }

    /// <inheritdoc/>
    public Dataset<double> Sample(int count, SampleOptions<double> options)
    {
        var random = Seeds.NewRandom(options.Seed);
        var origin = new Origin.Synthetic(Hash(), options.Generation, "exact", options.Seed, -1);
        return new(Enumerable.Range(0, count).Select(_ => Normal.Sample(random, Mean, StandardDeviation)).ToArray(), Enumerable.Repeat(origin, count));
    }

    /// <inheritdoc/>
    public void Save(string folder) =>
        File.WriteAllText(Path.Combine(folder, FileName), JsonSerializer.Serialize(new Parameters(Mean, StandardDeviation)));

    /// <inheritdoc/>
    public void Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            (Mean, StandardDeviation) = JsonSerializer.Deserialize<Parameters>(File.ReadAllText(path)) ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new InputException($"{path} does not hold a Gaussian ({e.Message}): restore it, or fit again.", e);
        }
    }

    string Hash() => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Mean:R} {StandardDeviation:R}"))))[..16];

    sealed record Parameters(double Mean, double StandardDeviation);
}
