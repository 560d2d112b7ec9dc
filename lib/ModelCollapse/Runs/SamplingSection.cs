using System.Text.Json.Serialization;
using ModelCollapse.Generations;

namespace ModelCollapse.Runs;

/// <summary>How a generation writes the text that the next is trained on.</summary>
public sealed record SamplingSection
{
    /// <summary>The decoding strategy and its settings.</summary>
    public DecodingSection Decoding { get; init; } = new();

    /// <summary>Tokens of a block that serve as its prompt, from the first; 64 in Shumailov et al. 2024. Range: 1 to the block length.</summary>
    public int PromptTokens { get; init; } = 64;

    /// <summary>What is continued.</summary>
    public PromptSource Prompts { get; init; } = PromptSource.Original;

    /// <summary>Which prompts are used where there are more than samples are needed.</summary>
    public PromptSelection PromptSelection { get; init; } = PromptSelection.First;

    /// <summary>Number n of blocks that one generation works with; null for as many as there are original blocks, as in the paper.</summary>
    public int? BlocksPerGeneration { get; init; }

    /// <summary>Prompts that are continued at once. Range: at least 1.</summary>
    public int BatchSize { get; init; } = 64;
}

/// <summary>A decoding strategy. Settings of another strategy are refused, so that no option goes unused.</summary>
public sealed record DecodingSection
{
    /// <summary>Fields that belong to one strategy only.</summary>
    internal static readonly string[] OwnSettings = ["beams", "lengthPenalty", "earlyStopping", "temperature", "topK", "topP", "minP", "typical"];

    /// <summary>The strategy; five-way beam search in Shumailov et al. 2024.</summary>
    public DecodingStrategy Strategy { get; init; } = DecodingStrategy.Beams;

    /// <summary>Beams, for strategy <c>beams</c>; null for 5. Range: at least 2.</summary>
    public int? Beams { get; init; }

    /// <summary>Exponent of the length by which beam scores are divided, for strategy <c>beams</c>; null for 1.</summary>
    public double? LengthPenalty { get; init; }

    /// <summary>Whether beam search stops at the first full set of finished hypotheses, for strategy <c>beams</c>; null for no.</summary>
    public bool? EarlyStopping { get; init; }

    /// <summary>Divisor of the logits, for strategy <c>sample</c>; null for 1. Range: above 0.</summary>
    public double? Temperature { get; init; }

    /// <summary>Keeps the k most probable tokens, for strategy <c>sample</c>; null for all. Range: at least 1.</summary>
    public int? TopK { get; init; }

    /// <summary>Keeps the smallest set of tokens with this probability (nucleus), for strategy <c>sample</c>; null or 1 for all. Range: above 0, at most 1.</summary>
    public double? TopP { get; init; }

    /// <summary>Keeps tokens with at least this share of the largest probability, for strategy <c>sample</c>; null for all. Range: 0 to 1.</summary>
    public double? MinP { get; init; }

    /// <summary>Mass of locally typical tokens that is kept, for strategy <c>sample</c>; null for all. Range: above 0, below 1.</summary>
    public double? Typical { get; init; }

    /// <summary>
    /// Penalty of tokens already in the text; 1 for none. The paper describes none for its main runs and 2.0 for an ablation; the
    /// published code says 3.0 (references.md, 1.2 and 1.3). Range: above 0.
    /// </summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Length of n-grams that may not occur twice; null for no such rule. Range: at least 1.</summary>
    public int? NoRepeatNGram { get; init; }

    /// <summary>Token ids that are never written.</summary>
    public IReadOnlyList<int> SuppressTokens { get; init; } = [];

    /// <summary>Most tokens to write; 64 in Shumailov et al. 2024. Range: at least 1.</summary>
    public int NewTokens { get; init; } = 64;

    /// <summary>Fewest tokens to write: an end of text is not written before. Range: 0 to <see cref="NewTokens"/>.</summary>
    public int MinNewTokens { get; init; } = 64;
}

/// <summary>How the next token is chosen.</summary>
public enum DecodingStrategy
{
    /// <summary>The most probable one.</summary>
    [JsonStringEnumMemberName("greedy")] Greedy,

    /// <summary>Beam search.</summary>
    [JsonStringEnumMemberName("beams")] Beams,

    /// <summary>At random, from the distribution that the filters leave.</summary>
    [JsonStringEnumMemberName("sample")] Sample,
}
