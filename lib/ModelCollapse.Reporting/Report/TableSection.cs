using ModelCollapse.Results;

namespace ModelCollapse.Reporting.Report;

/// <summary>For each arm its numbers by generation.</summary>
static class TableSection
{
    public static string Of(string heading, RunResults results) =>
        HtmlReport.Section(heading, string.Concat(results.Metrics.Select(m => m.Arm).Distinct().Select(arm => HtmlText.Table(RunTables.OfArm(results, arm)))));
}
