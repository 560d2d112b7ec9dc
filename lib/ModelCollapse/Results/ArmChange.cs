using ModelCollapse.Generations;

namespace ModelCollapse.Results;

/// <summary>How far an arm has moved: a metric in the last generation beside generation 0, by seed.</summary>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Generation">The last generation of any arm.</param>
/// <param name="Seeds">Values of each seed that has both generations.</param>
public sealed record ArmChange(string Arm, int Generation, IReadOnlyDictionary<long, (double First, double Last)> Seeds)
{
    /// <summary>Last minus first, one per seed.</summary>
    public IReadOnlyList<double> Differences => [.. Seeds.Values.Select(v => v.Last - v.First)];

    /// <summary>Last over first, one per seed.</summary>
    public IReadOnlyList<double> Ratios => [.. Seeds.Values.Select(v => v.Last / v.First)];

    /// <summary>The last values of this arm minus those of another, one per seed that both have.</summary>
    public IReadOnlyList<double> Minus(ArmChange other) => [.. Seeds.Where(s => other.Seeds.ContainsKey(s.Key)).Select(s => s.Value.Last - other.Seeds[s.Key].Last)];

    /// <summary>The change of each arm, in the order of first appearance; arms without a seed that has both generations are left out.</summary>
    /// <param name="rows">Rows of one recipe and one metric.</param>
    /// <returns>Empty where there is no generation after 0.</returns>
    public static IReadOnlyList<ArmChange> Of(IEnumerable<MetricRow> rows)
    {
        MetricRow[] all = [.. rows];
        if (all.Length == 0 || all.Max(r => r.Generation) is not (> 0 and var last)) return [];
        return
        [
            .. all.GroupBy(r => r.Arm).Select(arm => new ArmChange(arm.Key, last, arm.GroupBy(r => r.Seed)
                .Where(g => g.Any(r => r.Generation == last) && g.Any(r => r.Generation == 0))
                .ToDictionary(g => g.Key, g => (g.First(r => r.Generation == 0).Value, g.First(r => r.Generation == last).Value))))
                .Where(change => change.Seeds.Count > 0),
        ];
    }
}
