using System.Text.Json.Serialization;

namespace ModelCollapse.Generations;

/// <summary>Which checkpoints stay on disk once the next generation is complete.</summary>
public enum CheckpointRetention
{
    /// <summary>Those of the last generation, to resume from, and of generation 0, which scores the others.</summary>
    [JsonStringEnumMemberName("last-and-first")] LastAndFirst,

    /// <summary>All.</summary>
    [JsonStringEnumMemberName("all")] All,
}
