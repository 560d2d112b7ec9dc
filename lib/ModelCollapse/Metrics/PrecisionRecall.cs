using ModelCollapse.Statistics;

namespace ModelCollapse.Metrics;

/// <summary>
/// Precision and recall of generated samples by nearest neighbours (Kynkäänniemi et al., NeurIPS 2019), with density and coverage (Naeem et
/// al., ICML 2020). Precision is the share of what is generated that looks real, recall the share of what is real that is still generated. Under
/// collapse recall falls first (lost tails); with biased sampling precision stays or rises while it falls (literature.md, Alemohammad et al. 2024).
/// </summary>
/// <param name="Precision">Share of generated samples inside the neighbourhood of some real one.</param>
/// <param name="Recall">Share of real samples inside the neighbourhood of some generated one.</param>
/// <param name="Density">Real neighbourhoods around a generated sample, over k. May exceed 1.</param>
/// <param name="Coverage">Share of real neighbourhoods with a generated sample inside.</param>
public sealed record PrecisionRecall(double Precision, double Recall, double Density, double Coverage)
{
    /// <summary>Neighbours in Alemohammad et al.</summary>
    public const int DefaultNeighbours = 5;

    /// <summary>
    /// Compares two sets. A neighbourhood reaches to the k-th nearest other point of the same set, not included, as in the package prdc; Kynkäänniemi
    /// et al. include it. Time grows with the product of the sizes: take a sample of large sets.
    /// </summary>
    /// <param name="real">Real samples; more than k.</param>
    /// <param name="generated">Generated samples; more than k.</param>
    /// <param name="neighbours">Number k. Range: at least 1.</param>
    public static PrecisionRecall Of(IReadOnlyList<double[]> real, IReadOnlyList<double[]> generated, int neighbours = DefaultNeighbours)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbours, 1);
        Vectors.Check(real, generated, least: neighbours + 1);
        double[] realRadii = Radii(real, neighbours), generatedRadii = Radii(generated, neighbours);
        var (inside, covered, recalled) = (new int[generated.Count], new bool[real.Count], new bool[real.Count]);
        ParallelLoop.Run(real.Count, (from, to) =>
        {
            for (var i = from; i < to; i++)
                for (var j = 0; j < generated.Count; j++)
                {
                    var distance = Vectors.SquaredDistance(real[i], generated[j]);
                    if (distance < generatedRadii[j]) recalled[i] = true;
                    if (!(distance < realRadii[i])) continue;
                    covered[i] = true;
                    Interlocked.Increment(ref inside[j]);
                }
        });
        return new(
            inside.Count(n => n > 0) / (double)generated.Count, recalled.Count(r => r) / (double)real.Count,
            inside.Sum(n => (long)n) / ((double)neighbours * generated.Count), covered.Count(c => c) / (double)real.Count);
    }

    /// <summary>Squared distance of each point to its k-th nearest other one.</summary>
    static double[] Radii(IReadOnlyList<double[]> points, int neighbours)
    {
        var radii = new double[points.Count];
        ParallelLoop.Run(points.Count, (from, to) =>
        {
            var nearest = new PriorityQueue<double, double>();
            for (var i = from; i < to; i++)
            {
                nearest.Clear();
                for (var j = 0; j < points.Count; j++)
                {
                    if (j == i) continue;
                    var distance = Vectors.SquaredDistance(points[i], points[j]);
                    if (nearest.Count < neighbours) nearest.Enqueue(distance, -distance);
                    else if (distance < nearest.Peek()) nearest.EnqueueDequeue(distance, -distance);
                }

                radii[i] = nearest.Peek();
            }
        });
        return radii;
    }
}
