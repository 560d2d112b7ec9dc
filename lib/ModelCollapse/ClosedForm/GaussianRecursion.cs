using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace ModelCollapse.ClosedForm;

/// <summary>
/// Many repetitions of the one-dimensional <see cref="Gaussian"/> refitted to its own samples, without the loop: nothing of a generation is
/// kept but its two moments, so that a repetition stays in the first cache of one core. Every sample is drawn; what the loop's
/// <see cref="DiagonalGaussian"/> measures in minutes takes seconds.
/// </summary>
public static class GaussianRecursion
{
    /// <summary>Runs all repetitions from N(0, 1).</summary>
    /// <param name="samples">Number M of samples of each fit. Range: at least 2.</param>
    /// <param name="fits">Number n of fits; the first is on real samples. Range: at least 1.</param>
    /// <param name="repetitions">Number R of independent recursions. Range: at least 1.</param>
    /// <param name="seed">Decides every number.</param>
    /// <param name="estimator">How the variance is estimated.</param>
    /// <param name="threads">Threads at most, with the same results for any number; null for all cores.</param>
    /// <returns>The last fit of each repetition.</returns>
    public static (double Mean, double Deviation)[] Run(
        int samples, int fits, int repetitions, long seed, VarianceEstimator estimator = VarianceEstimator.MaximumLikelihood, int? threads = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(fits, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(repetitions, 1);
        var divisor = estimator.Divisor(samples);
        var ends = new (double, double)[repetitions];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount };
        Parallel.For(0, repetitions, options, () => new double[samples], (r, _, memory) =>
        {
            ends[r] = One(memory, fits, divisor, Seeds.Derive(seed, r, "repetition"));
            return memory;
        }, _ => { });
        return ends;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static (double Mean, double Deviation) One(double[] draws, int fits, double divisor, long seed)
    {
        var (random, mean, deviation) = (new StandardNormal(seed), 0.0, 1.0);
        for (var fit = 0; fit < fits; fit++)
        {
            // Samples are mean + deviation · draw: their moments follow from those of the draws, whose own are near 0 and 1.
            random.Fill(draws);
            var centre = TensorPrimitives.Sum<double>(draws) / draws.Length;
            var squares = TensorPrimitives.SumOfSquares<double>(draws) - draws.Length * centre * centre;
            mean += deviation * centre;
            deviation *= Math.Sqrt(squares / divisor);
        }

        return (mean, deviation);
    }
}
