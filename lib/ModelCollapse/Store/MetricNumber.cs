using System.Text.Json.Serialization;

namespace ModelCollapse.Store;

/// <summary>What a number means: how a metric describes itself to whoever draws it, tabulates it or decides by it.</summary>
/// <param name="Name">Its name within the metric, as in <see cref="NumberKey.Name"/>; its deciles and parts share the description.</param>
/// <param name="Label">What it is called in figures and tables.</param>
/// <param name="Unit">Its unit, for example <c>nats</c> or <c>tokens</c>; empty for a ratio, a share or an index.</param>
/// <param name="UnderCollapse">What it does under collapse.</param>
/// <param name="Source">Where it is defined.</param>
public sealed record MetricNumber(string Name, string Label, string Unit, UnderCollapse UnderCollapse, string Source);

/// <summary>What a number does under collapse.</summary>
public enum UnderCollapse
{
    /// <summary>Nothing that could be said beforehand.</summary>
    [JsonStringEnumMemberName("varies")] Varies,

    /// <summary>It rises.</summary>
    [JsonStringEnumMemberName("rises")] Rises,

    /// <summary>It falls.</summary>
    [JsonStringEnumMemberName("falls")] Falls,

    /// <summary>It leaves the range of human text, to either side.</summary>
    [JsonStringEnumMemberName("departs")] Departs,
}
