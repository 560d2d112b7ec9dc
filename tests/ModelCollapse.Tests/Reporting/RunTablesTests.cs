using ModelCollapse.Reporting;
using ModelCollapse.Results;

namespace ModelCollapse.Tests.Reporting;

public class RunTablesTests
{
    static readonly RunResults Results = new()
    {
        Metrics =
        [
            .. from arm in (string[])["A", "B", "unfinished"]
               from seed in (long[])[0, 1, 2]
               from generation in Enumerable.Range(0, arm == "unfinished" ? 2 : 3)
               select new MetricRow("r", arm, seed, generation, MetricLabel.Perplexity.Metric, 10 + seed + generation * (arm == "A" ? 5 + seed : 2)),
        ],
    };

    [Fact]
    public void A_metric_is_shown_by_generation_and_arm_with_its_interval()
    {
        var table = RunTables.OverGenerations(Results, MetricLabel.Perplexity);
        Assert.Equal(["generation", "A", "B", "unfinished"], table.Columns);
        // 10, 11, 12: mean 11, standard deviation 1, t(2) = 4.3027, half width 4.3027/√3 = 2.484.
        Assert.Equal(["0", "11.0 ± 2.5", "11.0 ± 2.5", "11.0 ± 2.5"], table.Rows[0]);
        Assert.Equal("", table.Rows[2][3]);
    }

    [Fact]
    public void Changes_compare_with_generation_0_and_with_the_first_arm_by_seed()
    {
        var table = RunTables.Changes(Results, MetricLabel.Perplexity);
        Assert.Equal(["A", "B"], table.Rows.Select(r => r[0]));
        // A: 20 − 10, 23 − 11, 26 − 12; B minus A: 14 − 20, 15 − 23, 16 − 26.
        Assert.Equal(["A", "3", "12.0 ± 5.0", "2.08 (1.89 to 2.30)", ""], table.Rows[0]);
        Assert.Equal("-8.0 ± 5.0", table.Rows[1][4]);
        Assert.Equal("8.0 ± 5.0", RunTables.Changes(Results, MetricLabel.Perplexity, against: "B").Rows[0][4]);
        Assert.Contains("A, B", Assert.Throws<InputException>(() => RunTables.Changes(Results, MetricLabel.Perplexity, against: "C")).Message);
        RunResults logarithms = new() { Metrics = [.. Results.Metrics.Select(m => m with { Value = Math.Log(m.Value / 10) })] };
        Assert.Equal(["arm", "seeds", "minus generation 0", "minus arm A"], RunTables.Changes(logarithms, MetricLabel.Perplexity).Columns);
    }

    [Fact]
    public void Perplexities_below_ten_get_a_place_more()
    {
        RunResults small = new() { Metrics = [.. Results.Metrics.Select(m => m with { Value = m.Value / 10 })] };
        Assert.Equal("1.10 ± 0.25", RunTables.OverGenerations(small, MetricLabel.Perplexity).Rows[0][1]);
        Assert.Equal(["0", "1.10 ± 0.25"], RunTables.OfArm(small, "A").Rows[0]);
        Assert.Equal("1.20 ± 0.50", RunTables.Changes(small, MetricLabel.Perplexity).Rows[0][2]);
        Assert.Equal("F2", MetricLabel.Hallucination.FormatFor([0.1]));
    }

    [Fact]
    public void One_seed_has_no_interval_and_no_results_give_an_empty_table()
    {
        var one = Results with { Metrics = [.. Results.Metrics.Where(m => m.Seed == 1)] };
        Assert.Equal(["A", "1", "12.0", "2.09", ""], RunTables.Changes(one, MetricLabel.Perplexity).Rows[0]);
        Assert.Empty(RunTables.Changes(new() { Metrics = [] }, MetricLabel.Perplexity).Rows);
        Assert.Empty(RunTables.OverGenerations(new() { Metrics = [] }, MetricLabel.Perplexity).Rows);
    }

    [Fact]
    public async Task Committed_results_are_read_by_name()
    {
        var results = await Run.ResultsAsync("wikitext2-smollm2");
        Assert.Equal(["A", "B", "control"], results.Runs.Select(r => r.Arm).Distinct());
        Assert.Equal(["generation", "replace", "10 % real", "control"], RunTables.OverGenerations(results, MetricLabel.Perplexity).Columns);
        Assert.Contains("data/results/nothing", (await Assert.ThrowsAsync<InputException>(() => Run.ResultsAsync("nothing"))).Message);
        var texts = TextComparison.OfRun(results, "A", "some started before 1360", seed: 0, 0, 9);
        Assert.Equal(["generation 0", "generation 9"], texts.Texts.Select(t => t.Label));
        Assert.Contains("The church was built in", Assert.Throws<InputException>(() => TextComparison.OfRun(results, "A", "no such prompt")).Message);
    }
}
