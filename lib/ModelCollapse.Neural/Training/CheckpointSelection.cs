using System.Text.Json.Serialization;

namespace ModelCollapse.Training;

/// <summary>Which weights a fit ends with.</summary>
public enum CheckpointSelection
{
    /// <summary>Those after the last epoch.</summary>
    [JsonStringEnumMemberName("last")] Last,

    /// <summary>Those of the epoch with the lowest loss on the validation text.</summary>
    [JsonStringEnumMemberName("best-by-validation")] BestByValidation,
}
