using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.Metrics;

/// <summary>
/// Everything about words and their repetition, on equally many texts in every generation: the field's measures beside those of <see cref="TextDiversity"/>.
/// Under collapse diversity measures fall; self-BLEU, seq-rep, Gini, compression and loops rise. A number that the texts are too few, too short or too much
/// alike for is left out.
/// </summary>
public abstract record LexicalDiversity : TextMeasure
{
    /// <summary>Its name in recipes, for the model's own text.</summary>
    public const string MetricName = "lexical";

    const string Welleck = "Welleck et al., arXiv 1908.04319", SimCtg = "Su et al. 2022 (literature.md, Definitions of metrics)", Holtzman = "Holtzman et al. 2020";

    static readonly MetricNumber[] Described =
    [
        new("type-token-ratio", "Types per token", "", UnderCollapse.Falls, "definition"),
        new("gini", "Gini coefficient of tokens", "", UnderCollapse.Rises, "Gambetta et al., arXiv 2410.12341"),
        new("bigram-entropy", "Entropy of 2-grams", "nats", UnderCollapse.Falls, "definition"),
        new("entropy-rate", "Entropy rate of the text", "nats per token", UnderCollapse.Falls, "Mitchell, arXiv 2610.01493 (Kontoyiannis' estimator)"),
        new("heaps", "Exponent of Heaps' law", "", UnderCollapse.Falls, "Heaps 1978"),
        new("mtld", "MTLD", "tokens", UnderCollapse.Falls, "McCarthy and Jarvis 2010"),
        new("hd-d", "HD-D", "", UnderCollapse.Falls, "McCarthy and Jarvis 2010"),
        new("loops", "Texts that end in a loop", "", UnderCollapse.Rises, Holtzman),
        new("compression", "Compression ratio", "", UnderCollapse.Rises, "definition (DEFLATE)"),
        new("blocks", "Texts measured", "texts", UnderCollapse.Varies, "definition"),
        .. Enumerable.Range(1, 4).Select(n => new MetricNumber($"once-{n}", $"{n}-grams that occur once", "", UnderCollapse.Falls, "Holtzman's distinct_n.py (literature.md, Definitions of metrics)")),
        .. Enumerable.Range(1, 4).Select(n => new MetricNumber($"seq-rep-{n}", $"Repeated {n}-grams", "", UnderCollapse.Rises, Welleck)),
        new("diversity", "Diversity, pooled", "", UnderCollapse.Falls, SimCtg),
        new("diversity-per-text", "Diversity, mean over texts", "", UnderCollapse.Falls, "Drayson et al., arXiv 2502.15654"),
        new("diversity-simctg", "Diversity, as SimCTG's code has it", "", UnderCollapse.Falls, SimCtg),
        new("zipf", "Zipf coefficient", "", UnderCollapse.Departs, Holtzman),
        new("zipf-r", "Correlation of Zipf's line", "", UnderCollapse.Varies, Holtzman),
        .. Enumerable.Range(2, 4).Select(n => new MetricNumber($"self-bleu-{n}", $"Self-BLEU-{n}", "", UnderCollapse.Rises, "Zhu et al., Texygen (literature.md, Definitions of metrics)")),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<MetricNumber> Numbers => Described;

    /// <inheritdoc/>
    protected override string Measured => MetricName;

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<NumberKey, double> Measure(IReadOnlyCollection<int[]> texts, GenerationContext<int[]> c)
    {
        var tokenizer = c.Setting.Get<TextSetting>().Tokenizer;
        var (unigrams, heaps, longest) = (new UnigramDistribution(texts), HeapsLaw.Of(texts), texts.Max(t => t.Length));
        var numbers = new Dictionary<NumberKey, double>
        {
            ["type-token-ratio"] = unigrams.TypeTokenRatio,
            ["gini"] = unigrams.Gini,
            ["bigram-entropy"] = NGrams.Entropy(texts, 2),
            ["entropy-rate"] = TextEntropyRate.Mean(texts),
            ["heaps"] = heaps.Beta,
            ["mtld"] = Mtld.Of(texts.SelectMany(t => t).ToArray()),
            ["loops"] = RepetitionLoop.Share(texts),
            ["compression"] = CompressionRatio.Of(texts.Select(b => tokenizer.Decode(b))).Ratio,
            ["blocks"] = texts.Count,
        };
        for (var n = 1; n <= Math.Min(longest, 4); n++) (numbers[$"once-{n}"], numbers[$"seq-rep-{n}"]) = (DistinctN.OccurringOnce(texts, n), SeqRepN.Of(texts, n));
        if (longest >= 4) (numbers["diversity"], numbers["diversity-per-text"]) = (Diversity.Pooled(texts), Diversity.MeanPerText(texts));
        if (longest >= 5) numbers["diversity-simctg"] = Diversity.PooledWithoutLast(texts);
        if (unigrams.Tokens >= HdD.DefaultDraws) numbers["hd-d"] = HdD.Of(texts);
        if (unigrams.Types > 1)
        {
            var zipf = ZipfCoefficient.Of(texts);
            (numbers["zipf"], numbers["zipf-r"]) = (zipf.Coefficient, zipf.Correlation);
        }

        if (texts.Count > 1)
        {
            var bleu = SelfBleu.Of([.. texts], hypotheses: SelfBleu.UsualHypotheses, seed: c.SeedFor("self-bleu"));
            for (var n = 2; n <= 5; n++) numbers[$"self-bleu-{n}"] = bleu.Mean(n);
        }

        return numbers;
    }
}

/// <summary>Words and their repetition in the model's own text.</summary>
[Kind(MetricName)]
public sealed record OwnLexicalDiversity : LexicalDiversity
{
    /// <inheritdoc/>
    protected override bool OfTrainingSet => false;
}

/// <summary>Words and their repetition in the text that a generation was trained on.</summary>
[Kind(TrainingPrefix + MetricName)]
public sealed record TrainingLexicalDiversity : LexicalDiversity
{
    /// <inheritdoc/>
    protected override bool OfTrainingSet => true;
}
