using System.Reflection;
using System.Text.Json.Nodes;
using ModelCollapse.Models.Checkpoints;
using TorchSharp;

namespace ModelCollapse.Models;

/// <summary>
/// What every causal language model has in common, whatever its architecture. An architecture of your own is a record with a <see cref="KindAttribute"/> that is
/// its <c>model_type</c> in Hugging Face's <c>config.json</c>, and a <see cref="CausalLM"/> that it builds.
/// </summary>
[KindFamily]
public abstract record CausalLMConfig
{
    /// <summary>Number of token ids.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int Width { get; init; }

    /// <summary>Number of decoder layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Number of query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Number of key and value heads; fewer than <see cref="Heads"/> in grouped-query attention.</summary>
    public abstract int KeyValueHeads { get; }

    /// <summary>Width of one head.</summary>
    public abstract int HeadDim { get; }

    /// <summary>Width of the MLP's inner layer.</summary>
    public required int FeedForward { get; init; }

    /// <summary>Longest sequence, in tokens.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>Whether the head is the embedding matrix.</summary>
    public required bool TiedHead { get; init; }

    /// <summary>Width of the head's input.</summary>
    public abstract int HeadWidth { get; }

    /// <summary>Id that starts a text, or null.</summary>
    public int? BosId { get; init; }

    /// <summary>Ids that end a text.</summary>
    public IReadOnlyList<int> EosIds { get; init; } = [];

    /// <summary>Id of padding, or null.</summary>
    public int? PadId { get; init; }

    /// <summary>File name in the folder of a model.</summary>
    internal const string FileName = "config.json";

    /// <summary>The configuration of a checkpoint: its own where the container holds one (GGUF), else that of the folder.</summary>
    /// <param name="checkpoint">The opened checkpoint.</param>
    /// <param name="path">Its folder or file.</param>
    /// <exception cref="InputException">The file cannot be read, or asks for something that is not built.</exception>
    internal static CausalLMConfig Of(Checkpoint checkpoint, string path) => checkpoint.Config ?? Read(Path.Combine(path, FileName));

    /// <summary>Reads a Hugging Face <c>config.json</c>, with the keys of transformers 5 or of older versions.</summary>
    /// <exception cref="InputException">The file cannot be read, or asks for something that is not built.</exception>
    public static CausalLMConfig Read(string path)
    {
        var json = ConfigJson.Read(path);
        var built = Kinds.Of(typeof(CausalLMConfig));
        if (!built.TryGetValue(json.ModelType, out var type))
            throw new InputException($"{path} describes a model of type \"{json.ModelType}\": only {string.Join(" and ", built.Keys.Order(StringComparer.Ordinal).Select(name => $"\"{name}\""))} are built.");
        var config = (CausalLMConfig)typeof(CausalLMConfig).GetMethod(nameof(From), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [json], null)!;
        config.Check(path);
        return config;
    }

    static CausalLMConfig From<TConfig>(ConfigJson json) where TConfig : CausalLMConfig, IConfigFromJson => TConfig.From(json);

    /// <summary>Refuses shapes that no model can have.</summary>
    /// <param name="path">The file that asks for them.</param>
    /// <exception cref="InputException">Something is impossible; the message says what.</exception>
    internal void Check(string path)
    {
        var problem = new[] { VocabularySize, Width, Layers, Heads, FeedForward, MaxPositions }.Any(n => n < 1)
            ? $"vocabulary {VocabularySize}, width {Width}, {Layers} layers, {Heads} heads, inner width {FeedForward} and {MaxPositions} positions must all be at least 1"
            : Problem();
        if (problem is not null) throw new InputException($"{path} describes a model that cannot be built: {problem}; use the configuration that came with the weights.");
    }

    /// <summary>What is impossible in this architecture; null if nothing is.</summary>
    protected abstract string? Problem();

    /// <summary>Number of weights; a tied head counts once.</summary>
    public long ParameterCount => Shapes().Sum(p => p.Shape.Aggregate(1L, (a, b) => a * b));

    /// <summary>The fields of <c>config.json</c> of this architecture.</summary>
    public abstract JsonObject ToJson();

    /// <summary>Every parameter under its Hugging Face name, with its shape and how it starts, in a fixed order.</summary>
    public abstract IEnumerable<(string Name, long[] Shape, Initialisation Start)> Shapes();

    /// <summary>The model of this shape.</summary>
    /// <param name="parameters">All weights by the names of <see cref="Shapes"/>; the model takes them over.</param>
    public abstract CausalLM Build(Dictionary<string, torch.Tensor> parameters);

    /// <summary>Floating-point operations of one token forward: 2 per weight of a matrix product, and attention.</summary>
    /// <param name="context">Positions that it attends to.</param>
    public double ForwardFlops(double context) => 2.0 * (LayerWeights + HeadWeights) + AttentionFlops(context);

    /// <summary>Floating-point operations of one token in training: forward once, backward twice.</summary>
    /// <param name="blockLength">Tokens of a block.</param>
    public double TrainingFlops(int blockLength) => 3 * ForwardFlops(blockLength / 2.0);

    /// <summary>Floating-point operations of one token that is only read, without the head.</summary>
    /// <param name="context">Positions that it attends to.</param>
    public double ReadingFlops(double context) => 2.0 * LayerWeights + AttentionFlops(context);

    double HeadWeights => (double)VocabularySize * HeadWidth;

    double LayerWeights => Shapes().Where(s => s.Shape.Length == 2 && s.Name.Contains(".layers.", StringComparison.Ordinal)).Sum(s => (double)s.Shape[0] * s.Shape[1]);

    /// <summary>Scores and mixing over the positions.</summary>
    double AttentionFlops(double context) => 4.0 * Layers * Heads * HeadDim * context;
}

/// <summary>A shape that can be read from Hugging Face's <c>config.json</c>.</summary>
public interface IConfigFromJson
{
    /// <summary>Reads it.</summary>
    /// <param name="json">The file.</param>
    /// <exception cref="InputException">It asks for something that is not built.</exception>
    static abstract CausalLMConfig From(ConfigJson json);
}

/// <summary>What a weight is before any training.</summary>
public enum Initialisation
{
    /// <summary>Drawn from N(0, 0.02²), Hugging Face's <c>init_std</c> and <c>initializer_range</c>.</summary>
    Normal,

    /// <summary>As <see cref="Normal"/>, with the row of the padding id 0.</summary>
    Embedding,

    /// <summary>All ones.</summary>
    One,

    /// <summary>All zeros.</summary>
    Zero,
}
