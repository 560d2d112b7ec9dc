using ModelCollapse.Generations;
using ModelCollapse.Text;

namespace ModelCollapse.Metrics;

/// <summary>
/// Everything about words and their repetition in a generation's training text, on a random sample of equal size in every generation: the field's
/// measures beside those of <see cref="TextDiversity"/>. Under collapse diversity measures fall; self-BLEU, seq-rep, Gini, compression and loops rise.
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
        var (unigrams, zipf, heaps) = (new UnigramDistribution(sample), ZipfCoefficient.Of(sample), HeapsLaw.Of(sample));
        var bleu = SelfBleu.Of(sample, hypotheses: SelfBleu.UsualHypotheses, seed: c.SeedFor("self-bleu"));
        var numbers = new Dictionary<string, double>
        {
            ["diversity"] = Diversity.Pooled(sample),
            ["diversity-simctg"] = Diversity.PooledWithoutLast(sample),
            ["diversity-per-text"] = Diversity.MeanPerText(sample),
            ["type-token-ratio"] = unigrams.TypeTokenRatio,
            ["gini"] = unigrams.Gini,
            ["bigram-entropy"] = NGrams.Entropy(sample, 2),
            ["entropy-rate"] = TextEntropyRate.Mean(sample),
            ["zipf"] = zipf.Coefficient,
            ["zipf-r"] = zipf.Correlation,
            ["heaps"] = heaps.Beta,
            ["mtld"] = Mtld.Of(sample.SelectMany(t => t).ToArray()),
            ["hd-d"] = HdD.Of(sample),
            ["loops"] = RepetitionLoop.Share(sample),
            ["compression"] = CompressionRatio.Of(sample.Select(b => tokenizer.Decode(b))).Ratio,
            ["blocks"] = sample.Count,
        };
        for (var n = 1; n <= 4; n++)
        {
            numbers[$"once-{n}"] = DistinctN.OccurringOnce(sample, n);
            numbers[$"seq-rep-{n}"] = SeqRepN.Of(sample, n);
            numbers[$"self-bleu-{n + 1}"] = bleu.Mean(n + 1);
        }

        return numbers;
    }
}
