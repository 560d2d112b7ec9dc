using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.Metrics;

/// <summary>
/// How varied texts are: distinct-n, seq-rep-4, token types and unigram entropy, on equally many texts in every generation, because they depend on the
/// number. Under collapse distinct-n, types and entropy fall and repetition rises (Guo et al., arXiv 2311.09807). A number that all texts are too short for is left out.
/// </summary>
public abstract record TextDiversity : TextMeasure
{
    /// <summary>Its name in recipes, for the model's own text.</summary>
    public const string MetricName = "diversity";

    const string Distinct = "Li et al. 2016 (literature.md, Definitions of metrics)", Decline = "Guo et al., arXiv 2311.09807";

    static readonly MetricNumber[] Described =
    [
        new("types", "Vocabulary in use", "tokens", UnderCollapse.Falls, Decline),
        new("entropy", "Entropy of tokens", "nats", UnderCollapse.Falls, Decline),
        new("blocks", "Texts measured", "texts", UnderCollapse.Varies, "definition"),
        .. Enumerable.Range(1, 4).Select(n => new MetricNumber($"distinct-{n}", $"Distinct {n}-grams", "", UnderCollapse.Falls, Distinct)),
        new("seq-rep-4", "Repeated 4-grams", "", UnderCollapse.Rises, "Welleck et al., arXiv 1908.04319"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<MetricNumber> Numbers => Described;

    /// <inheritdoc/>
    protected override string Measured => MetricName;

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<NumberKey, double> Measure(IReadOnlyCollection<int[]> texts, GenerationContext<int[]> c)
    {
        var unigrams = new UnigramDistribution(texts);
        var numbers = new Dictionary<NumberKey, double> { ["types"] = unigrams.Types, ["entropy"] = unigrams.Entropy, ["blocks"] = texts.Count };
        var longest = texts.Max(t => t.Length);
        for (var n = 1; n <= Math.Min(longest, 4); n++) numbers[$"distinct-{n}"] = DistinctN.Of(texts, n);
        if (longest >= 4) numbers["seq-rep-4"] = SeqRepN.Of(texts, 4);
        return numbers;
    }
}

/// <summary>How varied the model's own text is.</summary>
[Kind(MetricName)]
public sealed record OwnDiversity : TextDiversity
{
    /// <inheritdoc/>
    protected override bool OfTrainingSet => false;
}

/// <summary>How varied the text is that a generation was trained on.</summary>
[Kind(TrainingPrefix + MetricName)]
public sealed record TrainingDiversity : TextDiversity
{
    /// <inheritdoc/>
    protected override bool OfTrainingSet => true;
}
