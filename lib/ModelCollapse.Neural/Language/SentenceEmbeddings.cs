using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Metrics;

namespace ModelCollapse.Language;

/// <summary>The meaning of a text, by the sentence encoder in the data folder: see <see cref="SentenceEmbedder"/>. 384 numbers of length 1.</summary>
public sealed record SentenceEmbeddings : IFeatures<int[]>
{
    /// <summary>One encoder for each folder, for as long as the process runs, with what it has embedded.</summary>
    static readonly ConcurrentDictionary<(string Folder, int Threads), Lazy<(SentenceEmbedder Embedder, ConditionalWeakTable<object, double[]> Known)>> Open = new();

    /// <summary>The encoder of an experiment.</summary>
    /// <param name="text">What it works with.</param>
    /// <exception cref="InputException">A file is missing or cannot be read.</exception>
    public static SentenceEmbedder EmbedderOf(TextSetting text) => OpenOf(text).Embedder;

    /// <inheritdoc/>
    public IReadOnlyList<double[]> Of(IReadOnlyList<int[]> samples, LoopContext<int[]> context)
    {
        var text = context.Setting.Get<TextSetting>();
        var (embedder, known) = OpenOf(text);
        return RememberedFeatures.Of(known, samples, unknown => embedder.Features([.. unknown.Select(block => text.Tokenizer.Decode(block))], context.Cancellation));
    }

    static (SentenceEmbedder Embedder, ConditionalWeakTable<object, double[]> Known) OpenOf(TextSetting text)
    {
        var key = (Path.GetFullPath(text.Folder.PathOf(SentenceEmbedder.FolderName)), text.Threads);
        var opened = Open.GetOrAdd(key, k => new(() => (SentenceEmbedder.Open(k.Folder, k.Threads), [])));
        try
        {
            return opened.Value;
        }
        catch (InputException)
        {
            Open.TryRemove(key, out _); // so that it is found once it has been fetched
            throw;
        }
    }
}

/// <summary>A comparison with human test text by <see cref="SentenceEmbeddings"/>.</summary>
public abstract record EmbeddingComparison : FeatureComparison
{
    /// <summary>Its name in recipes, for the model's own text.</summary>
    public const string MetricName = "embeddings";

    /// <inheritdoc/>
    protected override string Measured => MetricName;

    /// <inheritdoc/>
    protected override IFeatures<int[]> Features => new SentenceEmbeddings();

    /// <inheritdoc/>
    public override void Check(LoopSetting setting)
    {
        base.Check(setting);
        SentenceEmbeddings.EmbedderOf(setting.Get<TextSetting>());
    }
}

/// <summary>The own text against human test text, by <see cref="SentenceEmbeddings"/>.</summary>
[Kind(MetricName)]
public sealed record OwnEmbeddings : EmbeddingComparison
{
    /// <inheritdoc/>
    protected override bool OfTrainingSet => false;
}

/// <summary>The training set against human test text, by <see cref="SentenceEmbeddings"/>.</summary>
[Kind(TrainingPrefix + MetricName)]
public sealed record TrainingEmbeddings : EmbeddingComparison
{
    /// <inheritdoc/>
    protected override bool OfTrainingSet => true;
}
