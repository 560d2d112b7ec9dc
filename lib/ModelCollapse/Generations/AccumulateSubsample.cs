using System.Text.Json.Serialization;
using ModelCollapse.Provenance;

namespace ModelCollapse.Generations;

/// <summary>
/// A random subset of fixed size, drawn anew for every generation from the real data and all synthetic sets so far: the
/// compute of replace with the pool of accumulate. <i>Accumulate-subsample</i> of Kazdan et al. 2024.
/// </summary>
/// <param name="Size">Size of the subset; null for n, the samples of one generation. Range: at least 1.</param>
[Kind(nameof(AccumulateSubsample))]
public sealed record AccumulateSubsample(int? Size = null) : DataPolicy
{
    /// <inheritdoc/>
    public override int SyntheticCount(PolicySizes sizes)
    {
        var pool = sizes.Original + (long)sizes.Generation * sizes.PerGeneration;
        var size = Size ?? sizes.PerGeneration;
        if (size < 1 || size > pool)
            throw new InputException(
                $"The policy draws {size} samples for generation {sizes.Generation} but the pool holds {pool}: choose a size between 1 and {pool}.");
        return sizes.PerGeneration;
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool UsesHistory => true;

    /// <inheritdoc/>
    public override Dataset<TSample> Compose<TSample>(PolicyContext<TSample> c) =>
        Accumulate.Pool(c).Draw(Size ?? c.PerGeneration, c.Random);
}
