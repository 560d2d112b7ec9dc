using ModelCollapse.Generations;

namespace ModelCollapse.Metrics;

/// <summary>
/// How varied a generation's training text is: distinct-n, seq-rep-4, token types and unigram entropy, all on a random sample of equal
/// size in every generation, because they depend on the size. Under collapse distinct-n, types and entropy fall and repetition rises.
/// </summary>
/// <param name="size">Blocks in the sample.</param>
public sealed class TextDiversity(int size) : IMetric<int[]>
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "diversity";

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Measure(GenerationContext<int[]> c)
    {
        var sample = TextMetrics.Sample(c, size, MetricName);
        var unigrams = new UnigramDistribution(sample);
        return new Dictionary<string, double>
        {
            ["distinct-1"] = DistinctN.Of(sample, 1),
            ["distinct-2"] = DistinctN.Of(sample, 2),
            ["distinct-3"] = DistinctN.Of(sample, 3),
            ["distinct-4"] = DistinctN.Of(sample, 4),
            ["seq-rep-4"] = SeqRepN.Of(sample, 4),
            ["types"] = unigrams.Types,
            ["entropy"] = unigrams.Entropy,
            ["blocks"] = sample.Count,
        };
    }
}
