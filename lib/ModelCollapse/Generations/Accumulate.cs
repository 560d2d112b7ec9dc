using System.Text.Json.Serialization;
using ModelCollapse.Provenance;

namespace ModelCollapse.Generations;

/// <summary>
/// The real data and every synthetic set so far: N + t·n samples, S_1 … S_t with n each. <i>Accumulate</i> of Gerstgrasser et
/// al. 2024 (section 2, Fig. 1).
/// </summary>
[Kind(nameof(Accumulate))]
public sealed record Accumulate : DataPolicy
{
    /// <inheritdoc/>
    public override int SyntheticCount(PolicySizes sizes) => sizes.PerGeneration;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool UsesHistory => true;

    /// <inheritdoc/>
    public override Dataset<TSample> Compose<TSample>(PolicyContext<TSample> c) => Pool(c);

    internal static Dataset<TSample> Pool<TSample>(PolicyContext<TSample> c)
    {
        Dataset<TSample>[] sets = [c.Real.Original, .. c.Earlier, c.Synthetic];
        return new(sets.SelectMany(s => s), sets.SelectMany(s => s.Origins));
    }
}
