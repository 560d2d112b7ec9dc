using ModelCollapse.Provenance;

namespace ModelCollapse.Generations;

/// <summary>
/// What a curator decides: which items stay, in which order and how often, which are rewritten, which are planted. It refers to
/// items by index and never carries an origin of its own, so that a curator cannot strip or forge provenance; the
/// loop applies it to the true set even where the curator saw one with hidden origins.
/// </summary>
/// <typeparam name="TSample">One sample.</typeparam>
public sealed class Curation<TSample>
{
    readonly List<Func<Dataset<TSample>, (TSample Sample, Origin Origin)>> items = [];

    /// <summary>Keeps the items at <paramref name="indices"/>, in that order.</summary>
    public static Curation<TSample> Keeping(IEnumerable<int> indices)
    {
        var curation = new Curation<TSample>();
        foreach (var index in indices) curation.Keep(index);
        return curation;
    }

    /// <summary>Keeps one item as it is; keeping it twice repeats it.</summary>
    public void Keep(int index) => items.Add(set => (set[index], set.Origins[index]));

    /// <summary>Keeps one item with its content changed; its origin stays that of the item.</summary>
    public void Rewrite(int index, TSample sample) => items.Add(set => (sample, set.Origins[index]));

    /// <summary>Adds a sample of an attacker.</summary>
    public void Plant(TSample sample, string attack) => items.Add(_ => (sample, new Origin.Poison(attack)));

    /// <summary>The curated set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside <paramref name="set"/>.</exception>
    public Dataset<TSample> ApplyTo(Dataset<TSample> set)
    {
        var curated = items.ConvertAll(item => item(set));
        return new(curated.Select(c => c.Sample), curated.Select(c => c.Origin));
    }
}
