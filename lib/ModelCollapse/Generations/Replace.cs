using ModelCollapse.Provenance;

namespace ModelCollapse.Generations;

/// <summary>
/// Each generation is trained only on what the last one wrote: S_t, n samples. Setting A of Shumailov et al. 2024 (Fig. 1b,
/// "no original training data") and <i>replace</i> of Gerstgrasser et al. 2024 (section 2).
/// </summary>
[Kind(nameof(Replace))]
public sealed record Replace : DataPolicy
{
    /// <inheritdoc/>
    public override int SyntheticCount(PolicySizes sizes) => sizes.PerGeneration;

    /// <inheritdoc/>
    public override Dataset<TSample> Compose<TSample>(PolicyContext<TSample> c) => c.Synthetic;
}
