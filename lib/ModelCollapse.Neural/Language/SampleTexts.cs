using System.Text.Encodings.Web;
using System.Text.Json;
using ModelCollapse.Generations;
using ModelCollapse.Text;

namespace ModelCollapse.Language;

/// <summary>
/// What each generation makes of the same prompts, to be read side by side: example 1 of Shumailov et al. (Nature 631, 2024). The texts
/// go into <c>samples.json</c>; there is no number.
/// </summary>
/// <param name="prompts">The prompts.</param>
/// <param name="tokenizer">Encodes and decodes.</param>
public sealed class SampleTexts(IReadOnlyList<string> prompts, BytePairTokenizer tokenizer) : IMetric<int[]>
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "samples";

    /// <summary>The file with a list of <see cref="SampleText"/>.</summary>
    public const string SamplesFile = "samples.json";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Measure(GenerationContext<int[]> c)
    {
        var ids = prompts.Select(prompt => tokenizer.Encode(prompt, addSpecial: true)).ToList();
        var written = TextMetrics.Language(c.Model).Continue(ids, c.SeedFor(MetricName), c.Progress, c.Cancellation);
        var texts = prompts.Zip(written, (prompt, tokens) => new SampleText(prompt, tokenizer.Decode(tokens)));
        File.WriteAllText(c.ArtifactPath(SamplesFile), JsonSerializer.Serialize(texts, Json) + "\n");
        return new Dictionary<string, double>();
    }
}

/// <summary>A prompt and what a model made of it.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Continuation">The text that follows it.</param>
public sealed record SampleText(string Prompt, string Continuation);
