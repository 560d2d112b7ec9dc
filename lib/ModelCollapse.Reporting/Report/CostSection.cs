using ModelCollapse.Results;

namespace ModelCollapse.Reporting.Report;

/// <summary>Time and memory by arm.</summary>
static class CostSection
{
    public static string Of(string heading, RunResults results)
    {
        if (results.Costs.Count == 0) return "";
        var total = results.Costs.Sum(c => c.Seconds);
        var table = new Table(
            $"Sum of all processes: {Time(total)}; with one thread each they run side by side.", ["arm", "runs", "time of all", "one generation, mean", "one generation, longest", "peak memory of a process"],
            [
                .. results.Costs.GroupBy(c => c.Arm).Select(arm => (string[])
                [
                    arm.Key, $"{arm.Select(c => c.Seed).Distinct().Count()}", Time(arm.Sum(c => c.Seconds)), Time(arm.Average(c => c.Seconds)), Time(arm.Max(c => c.Seconds)),
                    $"{IntervalText.Number(arm.Max(c => c.PeakMemoryBytes) / 1e9, "F2")} GB",
                ]),
            ]);
        return HtmlReport.Section(heading, HtmlText.Table(table));
    }

    static string Time(double seconds) => seconds switch
    {
        < 60 => $"{IntervalText.Number(seconds, "F1")} s",
        < 3600 => $"{IntervalText.Number(seconds / 60, "F1")} min",
        _ => $"{IntervalText.Number(seconds / 3600, "F1")} h",
    };
}
