using System.Text.Json.Serialization;

namespace ModelCollapse.Generations;

/// <summary>
/// The weights that the fit of generation t ≥ 1 starts from. Shumailov et al. 2024 say both that each training cycle "starts from a
/// pre-trained model" and that the best fine-tuned model is "the base model for the subsequent generations" (literature.md, Shumailov et al. 2024, Protocol and Code).
/// </summary>
public enum InitialWeights
{
    /// <summary>The last generation's model.</summary>
    [JsonStringEnumMemberName("previous")] Previous,

    /// <summary>The model fitted to real data.</summary>
    [JsonStringEnumMemberName("generation-0")] Generation0,

    /// <summary>The model before any fit: pretrained, or random where it is trained from scratch.</summary>
    [JsonStringEnumMemberName("pretrained")] Pretrained,
}
