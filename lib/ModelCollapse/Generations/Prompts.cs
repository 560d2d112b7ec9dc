using System.Text.Json.Serialization;

namespace ModelCollapse.Generations;

/// <summary>
/// What the model continues when it writes the next training set. Shumailov et al. 2024: "Training for each generation starts with
/// generation from the original training data"; their code prompts with generated blocks under some options (literature.md, Shumailov et al. 2024, Code).
/// </summary>
public enum PromptSource
{
    /// <summary>The original real samples.</summary>
    [JsonStringEnumMemberName("original")] Original,

    /// <summary>What the model before this one wrote, if this one was trained on any of it; otherwise the original ones, as for model 0, which has none before it.</summary>
    [JsonStringEnumMemberName("generated")] Generated,
}

/// <summary>Which prompts are used where there are more than samples are needed.</summary>
public enum PromptSelection
{
    /// <summary>The first ones, in order: the same in every generation.</summary>
    [JsonStringEnumMemberName("first")] First,

    /// <summary>A random selection without repetition, drawn anew for every generation from the run's seed.</summary>
    [JsonStringEnumMemberName("random")] Random,
}
