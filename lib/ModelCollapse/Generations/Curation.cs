using System.Text.Json.Serialization;
using ModelCollapse.Provenance;

namespace ModelCollapse.Generations;

/// <summary>
/// What a curator decides, as data: for every item whether it is kept, dropped, edited, marked or poisoned, with score and reason. It refers to items by
/// index and never carries an origin of its own, so that a curator cannot strip or forge provenance; the loop applies it to the true set even where the
/// curator saw one with hidden origins.
/// </summary>
/// <typeparam name="TSample">One sample.</typeparam>
public sealed class Curation<TSample>
{
    readonly List<Decision<TSample>> decisions = [];

    /// <summary>Keeps the items at <paramref name="indices"/>, in that order, and drops the others.</summary>
    public static Curation<TSample> Keeping(IEnumerable<int> indices)
    {
        var curation = new Curation<TSample>();
        foreach (var index in indices) curation.Keep(index);
        return curation;
    }

    /// <summary>Every decision, in the order in which it was taken. An item that none names is dropped.</summary>
    public IReadOnlyList<Decision<TSample>> Decisions => decisions;

    /// <summary>Keeps an item as it is; keeping it twice repeats it.</summary>
    /// <param name="index">Its place in the set.</param>
    /// <param name="score">What it was judged by; null for none.</param>
    /// <param name="reason">Why, in a few words.</param>
    public void Keep(int index, double? score = null, string reason = "") => decisions.Add(new(DecisionKind.Kept, index, score, reason));

    /// <summary>Drops an item.</summary>
    /// <inheritdoc cref="Keep"/>
    public void Drop(int index, double? score = null, string reason = "") => decisions.Add(new(DecisionKind.Dropped, index, score, reason));

    /// <summary>Keeps an item with its content changed.</summary>
    /// <param name="index">Its place in the set.</param>
    /// <param name="sample">The new content.</param>
    /// <param name="score">What it was judged by; null for none.</param>
    /// <param name="reason">Why, in a few words.</param>
    public void Edit(int index, TSample sample, double? score = null, string reason = "") => decisions.Add(new(DecisionKind.Edited, index, score, reason) { Sample = sample });

    /// <summary>Keeps an item with a mark put into its content.</summary>
    /// <param name="index">Its place in the set.</param>
    /// <param name="sample">The marked content.</param>
    /// <param name="key">Identifier of the mark's key.</param>
    public void Mark(int index, TSample sample, string key) => decisions.Add(new(DecisionKind.Marked, index, null, key) { Sample = sample });

    /// <summary>Adds a sample of an attacker.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="attack">Name of the attack.</param>
    /// <param name="original">The item that it is made from, which it does not replace: drop that one where it should; null for one that is made up.</param>
    public void Plant(TSample sample, string attack, int? original = null) => decisions.Add(new(DecisionKind.Planted, original ?? -1, null, attack) { Sample = sample });

    /// <summary>The curated set.</summary>
    /// <param name="set">The set with its true origins.</param>
    /// <param name="by">Name of the curator, for the origin of what it edited.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside <paramref name="set"/>.</exception>
    public Dataset<TSample> ApplyTo(Dataset<TSample> set, string by)
    {
        Decision<TSample>[] left = [.. decisions.Where(d => d.Kind != DecisionKind.Dropped)];
        return new(left.Select(d => d.Kind == DecisionKind.Kept ? set[d.Index] : d.Sample!), left.Select(d => OriginOf(d, set, by)));
    }

    static Origin OriginOf(Decision<TSample> decision, Dataset<TSample> set, string by) => decision.Kind switch
    {
        DecisionKind.Edited => new Origin.Edited(by, set.Origins[decision.Index]),
        DecisionKind.Marked => set.Origins[decision.Index] with { Mark = decision.Reason },
        DecisionKind.Planted => new Origin.Poison(decision.Reason, decision.Index < 0 ? null : set.Origins[decision.Index]),
        _ => set.Origins[decision.Index],
    };
}

/// <summary>What becomes of one item.</summary>
/// <param name="Kind">What.</param>
/// <param name="Index">Its place in the set; for a planted one that of the item that it is made from, −1 for none.</param>
/// <param name="Score">What it was judged by; null for none.</param>
/// <param name="Reason">Why, in a few words; the attack of a planted item, the key of a mark.</param>
/// <typeparam name="TSample">One sample.</typeparam>
public sealed record Decision<TSample>(DecisionKind Kind, int Index, double? Score, string Reason)
{
    /// <summary>The new content of an item that is edited, marked or planted.</summary>
    public TSample? Sample { get; init; }
}

/// <summary>What becomes of an item.</summary>
public enum DecisionKind
{
    /// <summary>It stays as it is.</summary>
    [JsonStringEnumMemberName("kept")] Kept,

    /// <summary>It is left out.</summary>
    [JsonStringEnumMemberName("dropped")] Dropped,

    /// <summary>It stays with its content changed.</summary>
    [JsonStringEnumMemberName("edited")] Edited,

    /// <summary>It stays with a mark in its content.</summary>
    [JsonStringEnumMemberName("marked")] Marked,

    /// <summary>An attacker put it there.</summary>
    [JsonStringEnumMemberName("planted")] Planted,
}
