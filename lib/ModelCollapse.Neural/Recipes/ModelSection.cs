using System.Text.Json.Serialization;

namespace ModelCollapse.Recipes;

/// <summary>The model of a recipe: its shape, its weights before any fit, its tokenizer.</summary>
public sealed record ModelSection
{
    /// <summary>Weights that <see cref="Weights"/> names for the published ones of the preset.</summary>
    public const string PublishedWeights = "pretrained";

    /// <summary>Name of the preset, for example <c>mini</c> or <c>smollm2-135m</c>.</summary>
    public required string Preset { get; init; }

    /// <summary>Weights before any fit: null for random ones (from scratch), <c>pretrained</c> for the preset's published ones, else the path of a checkpoint.</summary>
    public string? Weights { get; init; }

    /// <summary>What <see cref="Tokenizer"/> says for byte-pair encoding learned from the training text.</summary>
    public const string TrainedTokenizer = "trained";

    /// <summary>Folder with <c>vocab.json</c> and <c>merges.txt</c>; <c>trained</c> to learn one from the training text; null for the preset's tokenizer.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>Type of weights and activations.</summary>
    public Precision Precision { get; init; } = Precision.BFloat16;
}

/// <summary>Type of a model's weights and activations.</summary>
public enum Precision
{
    /// <summary>bfloat16, with float32 master weights in training.</summary>
    [JsonStringEnumMemberName("bf16")] BFloat16,

    /// <summary>float32 throughout.</summary>
    [JsonStringEnumMemberName("fp32")] Float32,
}
