using System.Numerics.Tensors;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;

namespace ModelCollapse.ClosedForm;

/// <summary>
/// The one-dimensional Gaussian fitted by its sample moments: the smallest model that collapses (Shumailov et al. 2024, theorem 3.1).
/// </summary>
/// <param name="mean">Mean μ before any fit.</param>
/// <param name="deviation">Standard deviation σ before any fit. Range: at least 0.</param>
/// <param name="estimator">How the variance is estimated.</param>
/// <param name="samplingBias">Sampling bias λ of Alemohammad et al. 2024: samples come from N(μ, λσ²). Range: 0 ≤ λ; 1 for none.</param>
public sealed class Gaussian(double mean = 0, double deviation = 1, VarianceEstimator estimator = VarianceEstimator.MaximumLikelihood, double samplingBias = 1)
    : IGenerativeModel<double>
{
    const string FileName = "gaussian";

    readonly double spread = samplingBias >= 0 ? Math.Sqrt(samplingBias) : throw new ArgumentOutOfRangeException(nameof(samplingBias));

    /// <summary>Mean μ.</summary>
    public double Mean { get; private set; } = mean;

    /// <summary>Standard deviation σ.</summary>
    public double StandardDeviation { get; private set; } = deviation >= 0 ? deviation : throw new ArgumentOutOfRangeException(nameof(deviation));

    /// <summary>Variance σ².</summary>
    public double Variance => StandardDeviation * StandardDeviation;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are too few samples for the estimator.</exception>
    public void Fit(Dataset<double> data, FitOptions options)
    {
        var divisor = estimator.Divisor(data.Count);
        Mean = TensorPrimitives.Sum(data.Samples) / data.Count;
        var squares = 0.0;
        Span<double> part = stackalloc double[512];
        for (var samples = data.Samples; samples.Length > 0; samples = samples[Math.Min(part.Length, samples.Length)..])
        {
            var deviations = part[..Math.Min(part.Length, samples.Length)];
            TensorPrimitives.Subtract(samples[..deviations.Length], Mean, deviations);
            squares += TensorPrimitives.SumOfSquares<double>(deviations);
        }

        StandardDeviation = Math.Sqrt(squares / divisor);
    }

    /// <inheritdoc/>
    public Dataset<double> Sample(int count, SampleOptions<double> options)
    {
        var samples = new double[count];
        StandardNormal.Fill(samples, options.Seed);
        TensorPrimitives.Multiply(samples, StandardDeviation * spread, samples);
        TensorPrimitives.Add(samples, Mean, samples);
        return Dataset<double>.WithOrigin(samples, new Origin.Synthetic(ParametersFile.Hash(Now), options.Generation, "exact", options.Seed, -1));
    }

    /// <inheritdoc/>
    public void Save(string folder) => ParametersFile.Write(folder, FileName, Now);

    /// <inheritdoc/>
    public void Load(string folder) => (Mean, StandardDeviation) = ParametersFile.Read<Parameters>(folder, FileName);

    Parameters Now => new(Mean, StandardDeviation);

    sealed record Parameters(double Mean, double StandardDeviation);
}
