using ModelCollapse.Generations;
using ModelCollapse.Provenance;

namespace ModelCollapse.Curation;

/// <summary>Drops what is labelled as written by models or as poisoned: what provenance tracking buys where every label is kept and none is forged.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
[Kind("label-filter")]
public sealed record LabelFilter<TSample> : ICurator<TSample>
{
    /// <summary>Whether samples of unknown origin stay.</summary>
    public bool KeepUnknown { get; init; } = true;

    /// <inheritdoc/>
    public CurationPlace At { get; init; } = CurationPlace.Composed;

    /// <inheritdoc/>
    public Sight Sees => Sight.Origins;

    /// <inheritdoc/>
    public string Name => "label-filter";

    /// <inheritdoc/>
    public ValueTask<Curation<TSample>> CurateAsync(Dataset<TSample> set, CurationContext<TSample> context)
    {
        var curation = new Curation<TSample>();
        for (var i = 0; i < set.Count; i++)
        {
            var root = set.Origins[i].Root;
            if (root is Origin.Human || (root is Origin.Unknown && KeepUnknown)) curation.Keep(i);
            else curation.Drop(i, reason: $"labelled {root.GetType().Name.ToLowerInvariant()}");
        }

        return new(curation);
    }
}
