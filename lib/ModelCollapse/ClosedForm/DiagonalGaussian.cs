using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;

namespace ModelCollapse.ClosedForm;

/// <summary>
/// A Gaussian with independent coordinates, each fitted by its own sample moments. Its coordinates are that many independent repetitions of
/// the one-dimensional <see cref="Gaussian"/>, which is how expected values over thousands of recursions are measured in seconds.
/// </summary>
public sealed class DiagonalGaussian : IGenerativeModel<double[]>
{
    const string FileName = "diagonal-gaussian";

    /// <summary>Coordinates that one core adds up at a time: they stay in its first cache.</summary>
    const int Chunk = 512;

    readonly VarianceEstimator estimator;
    readonly double spread;
    double[] means, deviations;

    /// <summary>N(0, I) before any fit.</summary>
    /// <param name="dimensions">Number d of coordinates. Range: at least 1.</param>
    /// <param name="estimator">How each variance is estimated.</param>
    /// <param name="samplingBias">Sampling bias λ of Alemohammad et al. 2024: samples come from N(μ, λΣ). Range: at least 0; 1 for none.</param>
    public DiagonalGaussian(int dimensions, VarianceEstimator estimator = VarianceEstimator.MaximumLikelihood, double samplingBias = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(samplingBias);
        (this.estimator, spread) = (estimator, Math.Sqrt(samplingBias));
        (means, deviations) = (new double[dimensions], new double[dimensions]);
        Array.Fill(deviations, 1);
    }

    /// <summary>Mean of each coordinate, [d].</summary>
    public IReadOnlyList<double> Means => means;

    /// <summary>Standard deviation of each coordinate, [d].</summary>
    public IReadOnlyList<double> StandardDeviations => deviations;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There are too few samples for the estimator.</exception>
    public void Fit(Dataset<double[]> data, FitOptions options)
    {
        var divisor = estimator.Divisor(data.Count);
        Parallel.For(0, (means.Length + Chunk - 1) / Chunk, Cores(options.Cancellation), chunk =>
        {
            var (from, to) = (chunk * Chunk, Math.Min(means.Length, (chunk + 1) * Chunk));
            Moments(data.Samples, from, means.AsSpan(from..to), deviations.AsSpan(from..to), divisor);
        });
    }

    /// <summary>Mean and deviation of some coordinates in one pass over memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // a few long calls: waiting for the compiler's second look costs more than it gives
    static void Moments(ReadOnlySpan<double[]> samples, int from, Span<double> mean, Span<double> deviation, double divisor)
    {
        // Sums are taken around the first sample: near enough to the mean for their difference to keep its digits.
        var shift = samples[0].AsSpan(from, mean.Length);
        Span<double> difference = stackalloc double[mean.Length];
        mean.Clear();
        deviation.Clear();
        foreach (var sample in samples)
        {
            TensorPrimitives.Subtract(sample.AsSpan(from, mean.Length), shift, difference);
            TensorPrimitives.Add(mean, difference, mean);
            TensorPrimitives.MultiplyAdd(difference, difference, deviation, deviation);
        }

        for (var i = 0; i < mean.Length; i++)
        {
            deviation[i] = Math.Sqrt(Math.Max(0, deviation[i] - mean[i] * mean[i] / samples.Length) / divisor);
            mean[i] = shift[i] + mean[i] / samples.Length;
        }
    }

    /// <inheritdoc/>
    public Dataset<double[]> Sample(int count, SampleOptions<double[]> options)
    {
        var samples = new double[count][];
        var scale = new double[deviations.Length];
        TensorPrimitives.Multiply(deviations, spread, scale);
        Parallel.For(0, count, Cores(options.Cancellation), i =>
        {
            samples[i] = GC.AllocateUninitializedArray<double>(means.Length);
            StandardNormal.Fill(samples[i], Seeds.Derive(options.Seed, i, "sample"));
            TensorPrimitives.MultiplyAdd(samples[i], scale, means, samples[i]);
        });
        return Dataset<double[]>.WithOrigin(samples, new Origin.Synthetic(ParametersFile.Hash(Now), options.Generation, "exact", options.Seed, -1));
    }

    /// <inheritdoc/>
    public void Save(string folder) => ParametersFile.Write(folder, FileName, Now);

    /// <inheritdoc/>
    public void Load(string folder) => (means, deviations) = ParametersFile.Read<Parameters>(folder, FileName);

    Parameters Now => new(means, deviations);

    static ParallelOptions Cores(CancellationToken cancellation) => new() { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };

    sealed record Parameters(double[] Means, double[] StandardDeviations);
}
