using System.Text.Json.Serialization;
using ModelCollapse.Models;

namespace ModelCollapse.Recipes;

/// <summary>The model of a recipe: its shape, its weights before any fit, its tokenizer.</summary>
public sealed record ModelSection
{
    /// <summary>What <see cref="Weights"/> says for the published ones of the preset.</summary>
    public const string PublishedWeights = "pretrained";

    /// <summary>What <see cref="Tokenizer"/> says for byte-pair encoding learned from the training text.</summary>
    public const string TrainedTokenizer = "trained";

    /// <summary>Name of the preset, for example <c>mini</c> or <c>smollm2-135m</c>; null where <see cref="Shape"/> is given.</summary>
    public string? Preset { get; init; }

    /// <summary>A shape of its own, by the kind of its architecture, in place of a preset.</summary>
    public CausalLMConfig? Shape { get; init; }

    /// <summary>Weights before any fit: null for random ones (from scratch), <c>pretrained</c> for the preset's published ones, else the path of a checkpoint.</summary>
    public string? Weights { get; init; }

    /// <summary>Folder with <c>vocab.json</c> and <c>merges.txt</c>; <c>trained</c> to learn one from the training text; null for the preset's tokenizer.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>Type of weights and activations.</summary>
    public Precision Precision { get; init; } = Precision.BFloat16;

    /// <summary>The same with full paths, for whoever goes on elsewhere.</summary>
    public ModelSection WithFullPaths() => this with
    {
        Weights = Weights is null or PublishedWeights ? Weights : Path.GetFullPath(Weights),
        Tokenizer = Tokenizer is null or TrainedTokenizer ? Tokenizer : Path.GetFullPath(Tokenizer),
    };
}

/// <summary>Type of a model's weights and activations.</summary>
public enum Precision
{
    /// <summary>bfloat16, with float32 master weights in training.</summary>
    [JsonStringEnumMemberName("bf16")] BFloat16,

    /// <summary>float32 throughout.</summary>
    [JsonStringEnumMemberName("fp32")] Float32,
}
