using ModelCollapse.Provenance;

namespace ModelCollapse.Generations;

/// <summary>
/// Only the last generation's samples, but as many as <see cref="Accumulate"/> would train on: N + t·n. The control of
/// Gerstgrasser et al. 2024 (Table 2, "replace, size grown to accumulate") for the size of the data.
/// </summary>
/// <remarks>
/// More samples than prompts continue the same prompts again: with greedy decoding or beam search those are duplicates, so
/// use it with sampling.
/// </remarks>
[Kind(nameof(GrowingReplace))]
public sealed record GrowingReplace : DataPolicy
{
    /// <inheritdoc/>
    public override int SyntheticCount(PolicySizes sizes) => checked(sizes.Original + sizes.Generation * sizes.PerGeneration);

    /// <inheritdoc/>
    public override Dataset<TSample> Compose<TSample>(PolicyContext<TSample> c) => c.Synthetic;
}
