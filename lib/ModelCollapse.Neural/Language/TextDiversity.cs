using ModelCollapse.Generations;
using ModelCollapse.Metrics;

namespace ModelCollapse.Language;

/// <summary>
/// How varied a generation's training text is: distinct-n, seq-rep-4, token types and unigram entropy, all on a random sample of equal size in every
/// generation, because they depend on the size. Under collapse distinct-n, types and entropy fall and repetition rises (Guo et al., arXiv 2311.09807).
/// A number that all texts are too short for is left out.
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
        var numbers = new Dictionary<string, double> { ["types"] = unigrams.Types, ["entropy"] = unigrams.Entropy, ["blocks"] = sample.Count };
        var longest = sample.Max(t => t.Length);
        for (var n = 1; n <= Math.Min(longest, 4); n++) numbers[$"distinct-{n}"] = DistinctN.Of(sample, n);
        if (longest >= 4) numbers["seq-rep-4"] = SeqRepN.Of(sample, 4);
        return numbers;
    }
}
