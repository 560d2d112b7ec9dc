using System.Text.Json.Serialization;

namespace ModelCollapse.Training;

/// <summary>Course of the learning rate after warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>It stays.</summary>
    [JsonStringEnumMemberName("constant")] Constant,

    /// <summary>It falls linearly to 0 at the last step.</summary>
    [JsonStringEnumMemberName("linear")] Linear,
}
