using System.ComponentModel.DataAnnotations;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;
using ModelCollapse.Sampling;

namespace ModelCollapse.Recipes;

/// <summary>How a generation writes the text that the next is trained on.</summary>
public sealed record SamplingSection
{
    /// <summary>How prompts are continued; without this section five beams write 64 tokens, as in Shumailov et al. 2024. One that says neither <c>beams</c> nor <c>sample</c> is greedy.</summary>
    public DecodingOptions Decoding { get; init; } = new() { Beams = 5, MinNewTokens = 64 };

    /// <summary>Tokens of a block that serve as its prompt, from the first; 64 in Shumailov et al. 2024. Range: 1 to the block length.</summary>
    [Range(1, int.MaxValue)]
    public int PromptTokens { get; init; } = 64;

    /// <summary>What is continued.</summary>
    public PromptSource Prompts { get; init; } = PromptSource.Original;

    /// <summary>Which prompts are used where there are more than samples are needed.</summary>
    public PromptSelection PromptSelection { get; init; } = PromptSelection.First;

    /// <summary>Number n of blocks that one generation works with; null for as many as there are original blocks, as in the paper.</summary>
    [Range(1, int.MaxValue)]
    public int? BlocksPerGeneration { get; init; }

    /// <summary>How many times the blocks that the policy needs are written, for curators of the synthetic set to choose from. Range: at least 1.</summary>
    [Range(1.0, double.MaxValue)]
    public double Surplus { get; init; } = 1;

    /// <summary>Prompts that are continued at once. Range: at least 1.</summary>
    [Range(1, int.MaxValue)]
    public int BatchSize { get; init; } = 64;
}
