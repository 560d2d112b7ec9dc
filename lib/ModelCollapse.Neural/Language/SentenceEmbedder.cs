using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Tokenizers;
using ModelCollapse.Text;

namespace ModelCollapse.Language;

/// <summary>
/// Sentence embeddings of all-MiniLM-L6-v2 (Reimers and Gurevych 2019; Wang et al. 2020) by ONNX Runtime: mean of the last hidden states over the
/// tokens, scaled to length 1, 384 numbers. Safe for use by several threads.
/// </summary>
/// <remarks>
/// Each text is a run of its own. With 8-bit weights the scale of every activation is that of its whole batch, so in a batch the embedding of a text
/// would depend on its neighbours.
/// </remarks>
public sealed class SentenceEmbedder : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Name of the model.</summary>
    public const string ModelName = "all-MiniLM-L6-v2";

    /// <summary>The folder inside the data folder that holds the model.</summary>
    public const string FolderName = "minilm";

    /// <summary>Tokens of a text that are read, the two at its ends included.</summary>
    public const int MaxTokens = 256;

    const char Unknown = '\uA66E';

    static readonly string[] ModelFiles = ["model.onnx", "model_qint8.onnx"];

    readonly InferenceSession session;
    readonly BertTokenizer tokenizer;
    readonly int threads;

    SentenceEmbedder(string modelPath, string vocabularyPath, int threads)
    {
        // Threads work on different texts, not inside one: that is faster, and does not change a bit.
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        session = new(modelPath, options);
        tokenizer = BertTokenizer.Create(vocabularyPath);
        this.threads = threads;
    }

    /// <summary>Opens the model in a folder: <c>model.onnx</c> or <c>model_qint8.onnx</c>, and <c>vocab.txt</c>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="threads">Texts that are embedded at a time. Range: at least 1.</param>
    /// <exception cref="InputException">A file is missing or cannot be read.</exception>
    public static SentenceEmbedder Open(string folder, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var vocabulary = Path.Combine(folder, "vocab.txt");
        var model = ModelFiles.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (model is null || !File.Exists(vocabulary))
            throw new InputException($"{folder} does not hold a sentence encoder: put onnx/model.onnx and vocab.txt of huggingface.co/sentence-transformers/{ModelName} there.");
        try
        {
            return new(model, vocabulary, threads);
        }
        catch (Exception e) when (e is OnnxRuntimeException or IOException or ArgumentException)
        {
            throw new InputException($"{model} cannot be opened ({e.Message}): fetch it again.", e);
        }
    }

    /// <summary>The token ids of a text, [CLS] first and [SEP] last.</summary>
    /// <param name="text">Any text.</param>
    public int[] Encode(string text)
    {
        var ids = tokenizer.EncodeToIds(Accents.Strip(BasicPlane(text)), addSpecialTokens: false);
        return [tokenizer.ClassificationTokenId, .. ids.Take(MaxTokens - 2), tokenizer.SeparatorTokenId];
    }

    /// <summary>
    /// The text with a letter of no vocabulary in place of each character beyond U+FFFF. The vocabulary holds none of them, so their words are unknown;
    /// Microsoft.ML.Tokenizers would drop them instead.
    /// </summary>
    static string BasicPlane(string text)
    {
        if (!text.Any(char.IsSurrogate)) return text;
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            if (rune.IsBmp) plain.Append((char)rune.Value);
            else if (rune.Value is >= 0x20000 and < 0x30000) plain.Append(' ').Append(Unknown).Append(' '); // a Chinese character is a word
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)) plain.Append(Unknown);
        return plain.ToString();
    }

    /// <summary>The embedding of a text: 384 numbers of length 1.</summary>
    /// <param name="text">Any text.</param>
    public float[] Embed(string text)
    {
        long[] ids = [.. Encode(text).Select(id => (long)id)], mask = [.. ids.Select(_ => 1L)], types = new long[ids.Length], shape = [1, ids.Length];
        using OrtValue idValue = OrtValue.CreateTensorValueFromMemory(ids, shape), maskValue = OrtValue.CreateTensorValueFromMemory(mask, shape), typeValue = OrtValue.CreateTensorValueFromMemory(types, shape);
        using var run = new RunOptions();
        using var outputs = session.Run(run, ["input_ids", "attention_mask", "token_type_ids"], [idValue, maskValue, typeValue], ["last_hidden_state"]);
        var hidden = outputs[0].GetTensorDataAsSpan<float>();                                         // [1, tokens, 384]
        var mean = new float[hidden.Length / ids.Length];
        for (var i = 0; i < hidden.Length; i++) mean[i % mean.Length] += hidden[i];
        var norm = MathF.Sqrt(mean.Sum(v => v * v)); // the divisor of the mean falls out
        return [.. mean.Select(v => v / norm)];
    }

    /// <summary>The embeddings of texts, for the metrics of features.</summary>
    /// <param name="texts">Any texts.</param>
    /// <param name="cancellation">Stops between two texts.</param>
    public double[][] Features(IReadOnlyList<string> texts, CancellationToken cancellation = default)
    {
        var features = new double[texts.Count][];
        Parallel.For(0, texts.Count, new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, i => features[i] = [.. Embed(texts[i]).Select(v => (double)v)]);
        return features;
    }

    /// <inheritdoc/>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        string[] texts = [.. values];
        return Task.Run(() =>
        {
            var found = new Embedding<float>[texts.Length];
            Parallel.For(0, texts.Length, new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, i => found[i] = new(Embed(texts[i])) { ModelId = ModelName });
            return new GeneratedEmbeddings<Embedding<float>>(found);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("onnxruntime", null, ModelName)
        : serviceType.IsInstanceOfType(this) ? this : null;

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();
}
