using System.Text.Encodings.Web;
using System.Text.Json;
using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.Metrics;

/// <summary>
/// What each generation makes of the same prompts, to be read side by side: example 1 of Shumailov et al. (Nature 631, 2024). The texts
/// go into <c>samples.json</c>; there is no number.
/// </summary>
[Kind(MetricName)]
public sealed record SampleTexts : IMetric<int[]>
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "samples";

    /// <summary>The file with a list of <see cref="SampleText"/>.</summary>
    public const string SamplesFile = "samples.json";

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The prompts, as text; at least one.</summary>
    public required IReadOnlyList<string> Prompts { get; init; }

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <inheritdoc/>
    public IReadOnlyList<MetricNumber> Numbers => [];

    /// <inheritdoc/>
    public void Check(LoopSetting setting)
    {
        if (Prompts.Count == 0) throw new InputException($"The metric '{MetricName}' continues prompts, but 'prompts' is empty: give at least one, or leave the metric out.");
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<int[]> c)
    {
        var tokenizer = c.Setting.Get<TextSetting>().Tokenizer;
        var ids = Prompts.Select(prompt => tokenizer.Encode(prompt, addSpecial: true)).ToList();
        var written = c.TextModel(MetricName).Continue(ids, c.SeedFor(MetricName), c.Progress, c.Cancellation);
        var texts = Prompts.Zip(written, (prompt, tokens) => new SampleText(prompt, tokenizer.Decode(tokens)));
        File.WriteAllText(c.ArtifactPath(SamplesFile), JsonSerializer.Serialize(texts, Json) + "\n");
        return new Dictionary<NumberKey, double>();
    }
}

/// <summary>A prompt and what a model made of it.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Continuation">The text that follows it.</param>
public sealed record SampleText(string Prompt, string Continuation);
