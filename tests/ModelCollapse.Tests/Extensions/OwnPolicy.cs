using ModelCollapse.Generations;
using ModelCollapse.Provenance;

namespace ModelCollapse.Tests.Extensions;

/// <summary>A data policy from another assembly than the library: one file. The real data twice, and half of what was written.</summary>
[Kind("own-policy")]
public sealed record OwnPolicy : DataPolicy
{
    public override int SyntheticCount(PolicySizes sizes) => sizes.PerGeneration / 2;

    public override Dataset<TSample> Compose<TSample>(PolicyContext<TSample> c) => c.Real.Original.Concat(c.Real.Original).Concat(c.Synthetic);
}
