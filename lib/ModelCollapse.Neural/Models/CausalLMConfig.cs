using System.Text.Json.Nodes;
using ModelCollapse.Models.Checkpoints;

namespace ModelCollapse.Models;

/// <summary>What every causal language model has in common, whatever its architecture.</summary>
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
        CausalLMConfig config = json.ModelType switch
        {
            "opt" => OptConfig.From(json),
            "llama" => LlamaConfig.From(json),
            var other => throw new InputException($"{path} describes a model of type \"{other}\": only \"opt\" and \"llama\" are built."),
        };
        config.Check(path);
        return config;
    }

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
    private protected abstract string? Problem();

    /// <summary>Number of weights; a tied head counts once.</summary>
    public long ParameterCount => Shapes().Sum(p => p.Shape.Aggregate(1L, (a, b) => a * b));

    /// <summary>The fields of <c>config.json</c> of this architecture.</summary>
    internal abstract JsonObject ToJson();

    /// <summary>Every parameter under its Hugging Face name, with its shape and how it starts, in a fixed order.</summary>
    internal abstract IEnumerable<(string Name, long[] Shape, Initialisation Start)> Shapes();
}

/// <summary>What a weight is before any training.</summary>
enum Initialisation
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
