using ModelCollapse.Provenance;
using ModelCollapse.Store;

namespace ModelCollapse.Generations;

/// <summary>
/// How well a curator's decisions fit the truth, which the loop knows and the curator may not: what it kept and dropped by origin, and precision and recall of
/// dropping what models or attackers wrote. The numbers of the metric <c>curation</c>, each with the curator's name before it.
/// </summary>
public static class CurationScore
{
    /// <summary>Name of the metric.</summary>
    public const string MetricName = "curation";

    /// <summary>What its numbers mean, for one curator.</summary>
    /// <param name="curator">Name of the curator.</param>
    public static IReadOnlyList<MetricNumber> NumbersOf(string curator) => [.. Described.Select(n => n with { Name = $"{curator}.{n.Name}", Label = $"{curator}: {n.Label}" })];

    static IReadOnlyList<MetricNumber> Described =>
    [
        .. Enum.GetValues<DecisionKind>().Select(d => Number($"{d.ToString().ToLowerInvariant()}", $"items {d.ToString().ToLowerInvariant()}", "items")),
        .. Origins.Select(o => Number($"kept-{o}", $"{o} items kept", "items")),
        .. Origins.Select(o => Number($"dropped-{o}", $"{o} items dropped", "items")),
        Number("synthetic-precision", "share of the dropped items that models wrote", ""),
        Number("synthetic-recall", "share of what models wrote that is dropped", ""),
        Number("poison-precision", "share of the dropped items that are poisoned", ""),
        Number("poison-recall", "share of the poisoned items that are dropped", ""),
    ];

    static readonly string[] Origins = ["human", "synthetic", "poison", "unknown"];

    /// <summary>Adds the numbers of one curator.</summary>
    internal static void Add<TSample>(SortedDictionary<MetricKey, double> numbers, string curator, IReadOnlyList<Origin> origins, IReadOnlyList<Decision<TSample>> decisions)
    {
        var kept = decisions.Where(d => d.Kind is not (DecisionKind.Dropped or DecisionKind.Planted)).Select(d => d.Index).ToHashSet();
        int[] dropped = [.. Enumerable.Range(0, origins.Count).Where(i => !kept.Contains(i))];
        foreach (var kind in Enum.GetValues<DecisionKind>())
            Set(kind.ToString().ToLowerInvariant(), kind == DecisionKind.Dropped ? dropped.Length : decisions.Count(d => d.Kind == kind));
        foreach (var origin in Origins)
        {
            Set($"kept-{origin}", kept.Count(i => KindOf(origins[i]) == origin));
            Set($"dropped-{origin}", dropped.Count(i => KindOf(origins[i]) == origin));
        }

        foreach (var origin in (string[])["synthetic", "poison"])
        {
            var hits = (double)dropped.Count(i => KindOf(origins[i]) == origin);
            Set($"{origin}-precision", hits / dropped.Length);
            Set($"{origin}-recall", hits / origins.Count(o => KindOf(o) == origin));
        }

        void Set(string number, double value) => numbers[new(MetricName, new NumberKey($"{curator}.{number}"))] = value;
    }

    static string KindOf(Origin origin) => origin.Root.GetType().Name.ToLowerInvariant();

    static MetricNumber Number(string name, string label, string unit) => new(name, label, unit, UnderCollapse.Varies, "the loop's own record");
}
