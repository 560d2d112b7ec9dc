using ModelCollapse.Generations;
using ModelCollapse.Metrics;
using ModelCollapse.Text;

namespace ModelCollapse.Language;

/// <summary>
/// Readability of a generation's training text, decoded and taken as one text. Under collapse the scores leave the range of human text to either side, see
/// <see cref="Readability"/>; text without any word has no scores.
/// </summary>
/// <param name="size">Blocks in the sample.</param>
/// <param name="tokenizer">Decodes blocks.</param>
public sealed class TextReadability(int size, BytePairTokenizer tokenizer) : IMetric<int[]>
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "readability";

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Measure(GenerationContext<int[]> c)
    {
        var counts = TextCounts.Of(string.Join('\n', TextMetrics.Sample(c, size, MetricName).Select(b => tokenizer.Decode(b))));
        if (counts.Words == 0) return new Dictionary<string, double>();
        var scores = new Readability(counts);
        return new Dictionary<string, double>
        {
            ["flesch-reading-ease"] = scores.FleschReadingEase,
            ["flesch-kincaid-grade"] = scores.FleschKincaidGrade,
            ["words-per-sentence"] = (double)counts.Words / counts.Sentences,
            ["syllables-per-word"] = (double)counts.Syllables / counts.Words,
        };
    }
}
