using ModelCollapse.Results;

namespace ModelCollapse.Reporting.Report;

/// <summary>Time and memory by arm, and what was done in each phase.</summary>
static class CostSection
{
    public static string Of(string heading, RunResults results)
    {
        if (results.Costs.Count == 0) return "";
        var phases = CostTables.ByPhase(results);
        return HtmlReport.Section(heading, HtmlText.Table(CostTables.ByArm(results)) + (phases.Rows.Count == 0 ? "" : HtmlText.Table(phases)));
    }
}
