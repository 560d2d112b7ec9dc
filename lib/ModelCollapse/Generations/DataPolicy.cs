using System.Text.Json.Serialization;
using ModelCollapse.Provenance;

namespace ModelCollapse.Generations;

/// <summary>
/// What a generation is trained on: says how many synthetic samples it needs and composes training set t from the real
/// data and the synthetic sets so far. One vocabulary for every model family.
/// </summary>
/// <remarks>
/// Sizes are written with N, the number of original samples; n, the samples of one generation
/// (<see cref="PolicySizes.PerGeneration"/>); S_t, the set that model t − 1 wrote for generation t ≥ 1. In JSON the policy is
/// named by <c>kind</c>, for example <c>{ "kind": "PreserveFraction", "fraction": 0.1 }</c>.
/// </remarks>
[KindFamily]
public abstract record DataPolicy
{
    /// <summary>How many synthetic samples generation t needs; 0 means that the loop does not sample.</summary>
    /// <exception cref="InputException">The policy cannot be carried out with these sizes.</exception>
    public abstract int SyntheticCount(PolicySizes sizes);

    /// <summary>Whether <see cref="Compose"/> looks at the synthetic sets of earlier generations.</summary>
    [JsonIgnore]
    public virtual bool UsesHistory => false;

    /// <summary>Training set t, before any curator.</summary>
    /// <exception cref="InputException">The real data do not suffice.</exception>
    public abstract Dataset<TSample> Compose<TSample>(PolicyContext<TSample> c);
}

/// <summary>The sizes that decide how much a policy samples.</summary>
/// <param name="Generation">The generation t ≥ 1 that is to be trained.</param>
/// <param name="Original">Number N of original samples.</param>
/// <param name="PerGeneration">Number n of samples that one generation works with.</param>
public sealed record PolicySizes(int Generation, int Original, int PerGeneration);

/// <summary>What a policy composes a training set from.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
public sealed record PolicyContext<TSample>
{
    /// <summary>The generation t ≥ 1 that is to be trained.</summary>
    public required int Generation { get; init; }

    /// <summary>The real data: the original samples and fresh ones.</summary>
    public required RealData<TSample> Real { get; init; }

    /// <summary>S_t: the samples that model t − 1 wrote for this generation.</summary>
    public required Dataset<TSample> Synthetic { get; init; }

    /// <summary>S_1 … S_{t−1}, in order; empty where the policy says that it does not use them.</summary>
    public IReadOnlyList<Dataset<TSample>> Earlier { get; init; } = [];

    /// <summary>Number n of samples that one generation works with.</summary>
    public required int PerGeneration { get; init; }

    /// <summary>Decides every random choice of the policy.</summary>
    public required Random Random { get; init; }
}
