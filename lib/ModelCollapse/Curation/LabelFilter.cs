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
    public void Check(LoopSetting setting)
    {
        if (At == CurationPlace.Synthetic || (setting.Rehearsal.Count > 0 && !setting.Rehearsal.Any(IsKept)))
            throw new InputException($"The curator '{Name}' would leave nothing, because models write all that it would look at: choose a policy that keeps real data, and 'at': 'composed'.");
    }

    /// <inheritdoc/>
    public ValueTask<Curation<TSample>> CurateAsync(Dataset<TSample> set, CurationContext<TSample> context)
    {
        var curation = new Curation<TSample>();
        for (var i = 0; i < set.Count; i++)
        {
            if (IsKept(set.Origins[i])) curation.Keep(i);
            else curation.Drop(i, reason: $"labelled {set.Origins[i].Root.GetType().Name.ToLowerInvariant()}");
        }

        return new(curation);
    }

    bool IsKept(Origin origin) => origin.Root is Origin.Human || (origin.Root is Origin.Unknown && KeepUnknown);
}
