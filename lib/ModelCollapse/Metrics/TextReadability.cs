using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.Metrics;

/// <summary>
/// Readability of texts, decoded and taken as one text. Under collapse the scores leave the range of human text to either side, see
/// <see cref="Readability"/>; text without any word has no scores.
/// </summary>
public abstract record TextReadability : TextMeasure
{
    /// <summary>Its name in recipes, for the model's own text.</summary>
    public const string MetricName = "readability";

    static readonly MetricNumber[] Described =
    [
        new("flesch-reading-ease", "Flesch reading ease", "", UnderCollapse.Departs, "Flesch 1948"),
        new("flesch-kincaid-grade", "Flesch–Kincaid grade", "school years", UnderCollapse.Departs, "Kincaid et al. 1975"),
        new("words-per-sentence", "Words per sentence", "words", UnderCollapse.Departs, "definition"),
        new("syllables-per-word", "Syllables per word", "syllables", UnderCollapse.Departs, "definition"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<MetricNumber> Numbers => Described;

    /// <inheritdoc/>
    protected override string Measured => MetricName;

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<NumberKey, double> Measure(IReadOnlyCollection<int[]> texts, GenerationContext<int[]> c)
    {
        var tokenizer = c.Setting.Get<TextSetting>().Tokenizer;
        var counts = TextCounts.Of(string.Join('\n', texts.Select(b => tokenizer.Decode(b))));
        if (counts.Words == 0) return new Dictionary<NumberKey, double>();
        var scores = new Readability(counts);
        return new Dictionary<NumberKey, double>
        {
            ["flesch-reading-ease"] = scores.FleschReadingEase,
            ["flesch-kincaid-grade"] = scores.FleschKincaidGrade,
            ["words-per-sentence"] = (double)counts.Words / counts.Sentences,
            ["syllables-per-word"] = (double)counts.Syllables / counts.Words,
        };
    }
}

/// <summary>Readability of the model's own text.</summary>
[Kind(MetricName)]
public sealed record OwnReadability : TextReadability
{
    /// <inheritdoc/>
    protected override bool OfTrainingSet => false;
}

/// <summary>Readability of the text that a generation was trained on.</summary>
[Kind(TrainingPrefix + MetricName)]
public sealed record TrainingReadability : TextReadability
{
    /// <inheritdoc/>
    protected override bool OfTrainingSet => true;
}
