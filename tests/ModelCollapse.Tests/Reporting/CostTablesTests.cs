using ModelCollapse.Reporting;
using ModelCollapse.Reporting.Report;
using ModelCollapse.Results;

namespace ModelCollapse.Tests.Reporting;

public class CostTablesTests
{
    /// <summary>Two arms of one seed with a generation 0 that they share, and one more generation each.</summary>
    static readonly RunResults Results = new()
    {
        Metrics = [new("r", "a", 0, 0, "perplexity.ofMeanLoss", 2), new("r", "b", 0, 0, "perplexity.ofMeanLoss", 2)],
        Costs =
        [
            .. from arm in (string[])["a", "b"]
               from row in (CostRow[])
               [
                   new("r", arm, 0, 0, "shared fit", CostRow.Seconds, 90), new("r", arm, 0, 0, "shared fit", "steps", 64), new("r", arm, 0, 0, "shared total", CostRow.Seconds, 91),
                   new("r", arm, 0, 0, "total", CostRow.Seconds, arm == "a" ? 100 : 10), new("r", arm, 0, 0, "total", CostRow.Bytes, 1.5e9),
                   new("r", arm, 0, 1, "fit", "FLOPs", 2e12), new("r", arm, 0, 1, "fit", CostRow.Seconds, 20), new("r", arm, 0, 1, "fit", "steps", 16),
                   new("r", arm, 0, 1, "sample", "tokens", 6400), new("r", arm, 0, 1, "total", CostRow.Seconds, 30), new("r", arm, 0, 1, "total", CostRow.Bytes, 2e9),
               ]
               select row,
        ],
    };

    [Fact]
    public void Time_and_memory_are_those_of_whole_generations()
    {
        var table = CostTables.ByArm(Results);
        Assert.StartsWith("Sum of all processes: 2.8 min", table.Title);
        Assert.Equal(["a", "1", "2.2 min", "1.1 min", "1.7 min", "2.00 GB"], table.Rows[0]);
        Assert.Equal(["b", "1", "40.0 s", "20.0 s", "30.0 s", "2.00 GB"], table.Rows[1]);
    }

    [Fact]
    public void Each_phase_has_its_units_and_what_arms_share_counts_once()
    {
        var table = CostTables.ByPhase(Results);
        Assert.Equal(["phase", "time", "FLOPs", "steps", "tokens"], table.Columns);
        Assert.Equal([["shared fit", "1.5 min", "", "64", ""], ["fit", "40.0 s", "4.00e+12", "32", ""], ["sample", "", "", "", "12,800"]], table.Rows.Select(r => r.ToArray()));
    }

    [Fact]
    public void A_report_shows_both_and_only_what_was_recorded()
    {
        Assert.All((string[])["What was done in each phase", "4.00e+12", "2.00 GB"], text => Assert.Contains(text, HtmlReport.Of(Results, [])));
        var totals = Results with { Costs = [.. Results.Costs.Where(c => c.Phase == CostRow.Total)] };
        Assert.Empty(CostTables.ByPhase(totals).Rows);
        Assert.DoesNotContain("What was done in each phase", HtmlReport.Of(totals, []));
        Assert.Contains("<h2>Cost</h2>", HtmlReport.Of(totals, []));
    }
}
