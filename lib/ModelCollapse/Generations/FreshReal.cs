using ModelCollapse.Provenance;

namespace ModelCollapse.Generations;

/// <summary>
/// The last generation's n samples and <paramref name="Count"/> real samples that no generation has seen before. The
/// <i>fresh data loop</i> of Alemohammad et al. 2024 (ICLR; arXiv 2307.01850).
/// </summary>
/// <param name="Count">Fresh real samples per generation. Range: at least 1.</param>
[Kind(nameof(FreshReal))]
public sealed record FreshReal(int Count) : DataPolicy
{
    /// <inheritdoc/>
    public override int SyntheticCount(PolicySizes sizes) => Count >= 1
        ? sizes.PerGeneration
        : throw new InputException($"The policy FreshReal wants {Count} fresh samples per generation but needs at least 1: use Replace for none.");

    /// <inheritdoc/>
    public override Dataset<TSample> Compose<TSample>(PolicyContext<TSample> c) => c.Synthetic.Concat(c.Real.Fresh(c.Generation, Count));
}
