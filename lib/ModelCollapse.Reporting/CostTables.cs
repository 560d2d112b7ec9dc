using ModelCollapse.Results;

namespace ModelCollapse.Reporting;

/// <summary>What runs cost, as tables: time and memory of generations, and what was done in each phase.</summary>
public static class CostTables
{
    /// <summary>Time and memory by arm.</summary>
    /// <param name="results">Results of one recipe.</param>
    public static Table ByArm(RunResults results)
    {
        var seconds = results.Costs.Where(c => c is { Phase: CostRow.Total, Unit: CostRow.Seconds }).ToArray();
        var memory = results.Costs.Where(c => c is { Phase: CostRow.Total, Unit: CostRow.Bytes }).ToLookup(c => c.Arm, c => c.Value);
        return new(
            $"Sum of all processes: {Time(seconds.Sum(c => c.Value))}; with one thread each they run side by side.", ["arm", "runs", "time of all", "one generation, mean", "one generation, longest", "peak memory of a process"],
            [
                .. seconds.GroupBy(c => c.Arm).Select(arm => (string[])
                [
                    arm.Key, $"{arm.Select(c => c.Seed).Distinct().Count()}", Time(arm.Sum(c => c.Value)), Time(arm.Average(c => c.Value)), Time(arm.Max(c => c.Value)),
                    memory.Contains(arm.Key) ? Memory(memory[arm.Key].Max()) : "",
                ]),
            ]);
    }

    /// <summary>
    /// By phase what was done in all runs together, one column for each unit: tokens that were written, kept and trained on, steps, operations, time. A generation 0
    /// that arms share counts once for each seed. Without rows where no phases were recorded.
    /// </summary>
    /// <param name="results">Results of one recipe.</param>
    public static Table ByPhase(RunResults results)
    {
        CostRow[] rows = [.. results.Costs.Where(c => !IsTotal(c.Phase)).GroupBy(c => c.IsShared ? (c.Phase, c.Unit, "", c.Seed, c.Generation) : (c.Phase, c.Unit, c.Arm, c.Seed, c.Generation)).Select(g => g.First())];
        string[] units = [.. rows.Select(c => c.Unit).Distinct().OrderByDescending(u => u == CostRow.Seconds).ThenBy(u => u, StringComparer.Ordinal)];
        return new("What was done in each phase, all runs together", ["phase", .. units.Select(u => u == CostRow.Seconds ? "time" : u)],
            [.. rows.GroupBy(c => c.Phase).Select(phase => (string[])[phase.Key, .. units.Select(unit => Sum(phase.Where(c => c.Unit == unit)))])]);

        static bool IsTotal(string phase) => phase is CostRow.Total or CostRow.Shared + CostRow.Total;
    }

    static string Sum(IEnumerable<CostRow> rows) => rows.ToArray() switch
    {
        [] => "",
        [{ Unit: CostRow.Seconds }, ..] times => Time(times.Sum(c => c.Value)),
        [{ Unit: CostRow.Bytes }, ..] sizes => Memory(sizes.Max(c => c.Value)),
        var amounts => Amount(amounts.Sum(c => c.Value)),
    };

    /// <summary>Counts as they are; what has more than nine digits by its power of ten.</summary>
    static string Amount(double value) => IntervalText.Number(value, value < 1e9 ? "#,0.##" : "0.00e+0");

    static string Memory(double bytes) => $"{IntervalText.Number(bytes / 1e9, "F2")} GB";

    static string Time(double seconds) => seconds switch
    {
        < 60 => $"{IntervalText.Number(seconds, "F1")} s",
        < 3600 => $"{IntervalText.Number(seconds / 60, "F1")} min",
        _ => $"{IntervalText.Number(seconds / 3600, "F1")} h",
    };
}
