using ModelCollapse.Generations;
using ModelCollapse.Metrics;
using ModelCollapse.Text;

namespace ModelCollapse.Language;

/// <summary>
/// Everything about words and their repetition in a generation's training text, on a random sample of equal size in every generation: the field's
/// measures beside those of <see cref="TextDiversity"/>. Under collapse diversity measures fall; self-BLEU, seq-rep, Gini, compression and loops rise. A
/// number that the texts are too few, too short or too much alike for is left out.
/// </summary>
/// <param name="size">Blocks in the sample.</param>
/// <param name="tokenizer">Decodes blocks for compression.</param>
public sealed class LexicalDiversity(int size, BytePairTokenizer tokenizer) : IMetric<int[]>
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "lexical";

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Measure(GenerationContext<int[]> c)
    {
        var sample = TextMetrics.Sample(c, size, MetricName);
        var (unigrams, heaps, longest) = (new UnigramDistribution(sample), HeapsLaw.Of(sample), sample.Max(t => t.Length));
        var numbers = new Dictionary<string, double>
        {
            ["type-token-ratio"] = unigrams.TypeTokenRatio,
            ["gini"] = unigrams.Gini,
            ["bigram-entropy"] = NGrams.Entropy(sample, 2),
            ["entropy-rate"] = TextEntropyRate.Mean(sample),
            ["heaps"] = heaps.Beta,
            ["mtld"] = Mtld.Of(sample.SelectMany(t => t).ToArray()),
            ["loops"] = RepetitionLoop.Share(sample),
            ["compression"] = CompressionRatio.Of(sample.Select(b => tokenizer.Decode(b))).Ratio,
            ["blocks"] = sample.Count,
        };
        for (var n = 1; n <= Math.Min(longest, 4); n++) (numbers[$"once-{n}"], numbers[$"seq-rep-{n}"]) = (DistinctN.OccurringOnce(sample, n), SeqRepN.Of(sample, n));
        if (longest >= 4) (numbers["diversity"], numbers["diversity-per-text"]) = (Diversity.Pooled(sample), Diversity.MeanPerText(sample));
        if (longest >= 5) numbers["diversity-simctg"] = Diversity.PooledWithoutLast(sample);
        if (unigrams.Tokens >= HdD.DefaultDraws) numbers["hd-d"] = HdD.Of(sample);
        if (unigrams.Types > 1 && ZipfCoefficient.Of(sample) is var zipf) (numbers["zipf"], numbers["zipf-r"]) = (zipf.Coefficient, zipf.Correlation);
        if (sample.Count > 1 && SelfBleu.Of(sample, hypotheses: SelfBleu.UsualHypotheses, seed: c.SeedFor("self-bleu")) is var bleu)
            for (var n = 2; n <= 5; n++) numbers[$"self-bleu-{n}"] = bleu.Mean(n);

        return numbers;
    }
}
