using System.Text.Json;
using ModelCollapse.Generations;
using ModelCollapse.Metrics;
using ModelCollapse.Models;
using ModelCollapse.Provenance;
using ModelCollapse.Sampling;
using ModelCollapse.Text;
using ModelCollapse.Training;

namespace ModelCollapse.Language;

/// <summary>
/// A causal language model in the recursive loop: its samples are blocks of token ids. It is fitted by <see cref="Trainer"/> and writes
/// by continuing prompts; a sample is the continuation alone, as in Shumailov et al. 2024 ("predict the next 64 tokens").
/// </summary>
/// <param name="model">The weights; taken over.</param>
/// <param name="tokenizer">Saved beside the weights, so that a checkpoint is complete.</param>
/// <param name="settings">How it is trained and how it writes.</param>
public sealed class LanguageModel(CausalLM model, BytePairTokenizer tokenizer, LanguageModelSettings settings) : IGenerativeModel<int[]>, ITextModel, IDisposable
{
    const string TrainingLogFile = "training-log.json";

    TrainingLog? log;

    /// <summary>The network with its present weights.</summary>
    public CausalLM Network => model;

    /// <summary>Turns text into ids.</summary>
    public BytePairTokenizer Tokenizer => tokenizer;

    /// <summary>How it is trained and how it writes.</summary>
    public LanguageModelSettings Settings => settings;

    /// <inheritdoc/>
    public void Fit(Dataset<int[]> data, FitOptions options)
    {
        log = new Trainer(settings.Training(options.Generation)).Fit(model, data, settings.Validation, options.Seed, options.Progress, options.Cancellation);
        options.Meter?.Add("tokens", log.Tokens);
        options.Meter?.Add("steps", log.Losses.Count);
        options.Meter?.Add("FLOPs", log.Tokens * model.Config.TrainingFlops(data.Count == 0 ? 0 : data[0].Length));
    }

    /// <inheritdoc/>
    public Dataset<int[]> Sample(int count, SampleOptions<int[]> options)
    {
        var prompts = options.Prompts ?? throw new ArgumentException("A language model continues prompts: give some.", nameof(options));
        var used = Enumerable.Range(0, count).Select(i => i % prompts.Count).ToArray();
        int[][] beginnings = [.. used.Select(i => prompts[i].Length <= settings.PromptTokens ? prompts[i] : prompts[i][..settings.PromptTokens])];
        var texts = Continue(beginnings, options.Seed, options.Progress, options.Cancellation);
        Count(beginnings, texts, options.Meter);
        var (hash, decoding) = (model.WeightsHash(), settings.Decoding.Decoding);
        return new(texts, used.Select(prompt => new Origin.Synthetic(hash, options.Generation, decoding, options.Seed, prompt)));
    }

    /// <summary>Continuations of prompts by this model's decoding strategy.</summary>
    /// <param name="prompts">Token ids of each prompt.</param>
    /// <param name="seed">Decides every draw.</param>
    /// <param name="progress">Told how it goes on; may be null.</param>
    /// <param name="cancellation">Stops between two tokens.</param>
    public IReadOnlyList<int[]> Continue(
        IReadOnlyList<int[]> prompts, long seed, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default) =>
        TextGenerator.Generate(model, prompts, settings.Decoding, seed, settings.SamplingBatch, progress, cancellation);

    /// <inheritdoc/>
    public int VocabularySize => model.Config.VocabularySize;

    /// <inheritdoc/>
    public IReadOnlyList<double[]> LogProbabilities(IReadOnlyList<int[]> blocks, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default) =>
        NetworkEvaluation.Of(model, blocks, progress: progress, cancellation: cancellation).TokenLogLikelihoods;

    /// <inheritdoc/>
    public float[][] NextTokens(int[] block) => NetworkEvaluation.NextTokens(model, block);

    /// <summary>Tokens written, and the operations of reading the prompts and writing with all beams.</summary>
    void Count(int[][] prompts, IReadOnlyList<int[]> texts, Meter? meter)
    {
        if (meter is null) return;
        var (read, written) = (prompts.Average(p => (double)p.Length), texts.Average(t => (double)t.Length));
        meter.Add("tokens", texts.Sum(t => (long)t.Length));
        meter.Add("FLOPs", texts.Count * (read * model.Config.ReadingFlops(read / 2) + written * settings.Decoding.Beams * model.Config.ForwardFlops(read + written / 2)));
    }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        model.Save(folder);
        tokenizer.Save(folder);
        if (log is not null) File.WriteAllText(Path.Combine(folder, TrainingLogFile), JsonSerializer.Serialize(log, JsonSerializerOptions.Web) + "\n");
    }

    /// <inheritdoc/>
    public void Load(string folder)
    {
        var loaded = CausalLM.Load(folder, model.DType);
        model.Dispose();
        (model, log) = (loaded, null);
    }

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();
}

/// <summary>How a language model is trained and how it writes.</summary>
public sealed record LanguageModelSettings
{
    /// <summary>Training of each generation, by its number.</summary>
    public required Func<int, TrainingOptions> Training { get; init; }

    /// <summary>Blocks that choose the best epoch; empty where the last is kept.</summary>
    public IReadOnlyList<int[]> Validation { get; init; } = [];

    /// <summary>How prompts are continued.</summary>
    public required DecodingOptions Decoding { get; init; }

    /// <summary>Tokens of a block that serve as its prompt, from the first.</summary>
    public int PromptTokens { get; init; } = 64;

    /// <summary>Prompts that are continued at once.</summary>
    public int SamplingBatch { get; init; } = 64;
}
