using System.Text.Json.Serialization;

namespace ModelCollapse.Data;

/// <summary>What happens to tokens that do not fill a block.</summary>
public enum Remainder
{
    /// <summary>The remainder of each batch of 1,000 lines is dropped.</summary>
    [JsonStringEnumMemberName("drop-per-batch")] DropPerBatch,

    /// <summary>Only the remainder at the end of the text is dropped.</summary>
    [JsonStringEnumMemberName("drop-at-end")] DropAtEnd,

    /// <summary>The remainder at the end of the text is a shorter block.</summary>
    [JsonStringEnumMemberName("keep")] Keep,
}
