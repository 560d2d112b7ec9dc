using ModelCollapse.Models;

namespace ModelCollapse.Language;

/// <summary>The model scales of this project, by name.</summary>
public static class ModelPresets
{
    /// <summary>All presets, smallest first.</summary>
    public static IReadOnlyList<ModelPreset> All { get; } =
    [
        new("almanac", "0.7 M parameters: the world of the Almanac, seconds per generation", Opt(layers: 2, width: 128, heads: 4, vocabulary: 2048, positions: 256), TokenizerSource.Trained),
        new("mini", "from scratch: WikiText-2 in minutes", Opt(layers: 4, width: 256, heads: 4, vocabulary: 8192, positions: 256), TokenizerSource.Mini),
        new("small", "from scratch: hours on a CPU", Opt(layers: 6, width: 384, heads: 6, vocabulary: 8192, positions: 256), TokenizerSource.Mini),
        new("opt-125m", "Meta's pretrained model: the paper's own", Opt(layers: 12, width: 768, heads: 12, vocabulary: 50272, positions: 2048), TokenizerSource.Opt),
        new("smollm2-135m", "pretrained (Apache-2.0): the headline on a CPU", SmolLM2, TokenizerSource.SmolLM2),
    ];

    /// <summary>The preset of a name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static ModelPreset Get(string name) => All.FirstOrDefault(p => p.Name == name)
        ?? throw new InputException($"There is no model preset {name}: choose one of {string.Join(", ", All.Select(p => p.Name))}.");

    /// <summary>A shape that is none of the presets.</summary>
    /// <param name="shape">The shape.</param>
    public static ModelPreset Of(CausalLMConfig shape)
    {
        shape.Check("'model.shape'");
        return new("own", "a shape of its own", shape, TokenizerSource.Trained);
    }

    /// <summary>OPT with its usual proportions and special ids.</summary>
    static OptConfig Opt(int layers, int width, int heads, int vocabulary, int positions) => new()
    {
        Layers = layers, Width = width, EmbeddingWidth = width, Heads = heads, FeedForward = 4 * width, VocabularySize = vocabulary, MaxPositions = positions,
        TiedHead = true, BosId = 2, EosIds = [2], PadId = 1,
    };

    static LlamaConfig SmolLM2 => new()
    {
        Layers = 30, Width = 576, Heads = 9, KeyValueHeadCount = 3, HeadWidthOfAttention = 64, FeedForward = 1536, VocabularySize = 49152, MaxPositions = 8192,
        TiedHead = true, RopeTheta = 100_000, NormEpsilon = 1e-5, BosId = 1, EosIds = [2], PadId = 2,
    };
}

/// <summary>One model scale.</summary>
/// <param name="Name">Its name in recipes and on the command line.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Config">Its shape.</param>
/// <param name="Tokenizer">The tokenizer it is used with.</param>
public sealed record ModelPreset(string Name, string Purpose, CausalLMConfig Config, TokenizerSource Tokenizer);

/// <summary>Where a preset's tokenizer comes from.</summary>
public enum TokenizerSource
{
    /// <summary>Byte-pair encoding learned from the recipe's training text, with as many tokens as the preset has; for this project's base model, the one that it was trained with.</summary>
    Trained,

    /// <summary>That of the project's base model, <c>data/models/mini</c>.</summary>
    Mini,

    /// <summary>OPT's, from the data folder.</summary>
    Opt,

    /// <summary>SmolLM2's, inside its GGUF file in the data folder.</summary>
    SmolLM2,
}
