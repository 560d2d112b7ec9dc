using ModelCollapse.Metrics;
using ModelCollapse.Recipes;
using ModelCollapse.Reporting;
using ModelCollapse.Reporting.Report;
using ModelCollapse.Results;
using ModelCollapse.Store;
using ModelCollapse.Tests.Results.Stages;

namespace ModelCollapse.Tests.Reporting;

/// <summary>Figures and answers of a recipe of policies and decodings, each decoding with a control of its own.</summary>
public class TenArmsTests
{
    static readonly string[] Policies = ["replace", "preserve", "accumulate", "subsample", "control"];

    /// <summary>By sampling every policy but the control loses; by beams replace alone. The arms are in the order of their names, as a folder is read.</summary>
    static readonly RunResults Results = new()
    {
        Metrics =
        [
            .. from policy in Policies.Order(StringComparer.Ordinal)
               from decoding in (string[])["beams", "sample"]
               let fades = decoding == "sample" ? policy != "control" : policy == "replace"
               let state = CollapseStagesTests.Healthy with { Perplexity = policy == "replace" ? 40 : fades ? 20 : 10, Hallucination = fades ? 0.9 : 0.2 }
               from row in CollapseStagesTests.Results(t => t < 5 ? CollapseStagesTests.Healthy : state).Metrics
               where row.Arm == "replace-sample"
               select row with { Arm = $"{policy}-{decoding}" },
        ],
        Runs = [.. from decoding in (string[])["sample", "beams"] from policy in Policies select Begun($"{policy}-{decoding}")],
    };

    static int begun;

    static RunDescription Begun(string arm) => new()
    {
        Recipe = "almanac",
        Arm = arm,
        Seed = 0,
        Factors = new Dictionary<string, string> { [ArmInfo.Policy] = arm.Split('-')[0], [ArmInfo.Decoding] = arm.Split('-')[1] },
        Control = arm.StartsWith("control", StringComparison.Ordinal) ? null : $"control-{arm.Split('-')[1]}",
        Settings = [],
        Started = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(begun++),
    };

    [Fact]
    public void Arms_come_in_the_order_in_which_they_began_and_what_has_no_beginning_last()
    {
        Assert.Equal([.. Policies.Select(p => $"{p}-sample"), .. Policies.Select(p => $"{p}-beams")], Results.ByStart().Metrics.Select(m => m.Arm).Distinct());
        Assert.Equal(Results.Metrics.ToHashSet(), Results.ByStart().Metrics.ToHashSet());
        var some = (Results with { Runs = [.. Results.Runs.Where(r => r.Arm == "subsample-beams")] }).ByStart();
        Assert.Equal(["subsample-beams", "accumulate-beams"], some.Metrics.Select(m => m.Arm).Distinct().Take(2));
    }

    [Fact]
    public void Perplexity_is_held_against_the_control_and_replace_of_the_same_decoding()
    {
        var answers = Answer.Of(Results.ByStart());
        Assert.Equal("After 10 generations perplexity on real text has risen in replace-sample, preserve-sample, accumulate-sample, subsample-sample and replace-beams, "
            + "has not moved beyond the interval in preserve-beams, accumulate-beams and subsample-beams; compared with the control, which took the same number of steps on real text, it is higher in replace-sample, preserve-sample, "
            + "accumulate-sample, subsample-sample and replace-beams, indistinguishable in preserve-beams, accumulate-beams and subsample-beams.", answers.Single(a => a.Question == "Does the model get worse at real text?").Sentence);
        var better = answers.Single(a => a.Question == "Does any policy do better than replace?");
        Assert.Equal("At generation 10 perplexity on real text, compared with that of replace with the same decoding, is lower in preserve-sample, accumulate-sample, subsample-sample, preserve-beams, accumulate-beams and subsample-beams.", better.Sentence);
        Assert.Equal(6, better.Details.Count);
        Assert.Contains("times replace-beams", better.Details[5]);
    }

    [Fact]
    public void Each_decoding_has_its_panel_and_each_policy_its_colour_in_every_figure()
    {
        var figures = RunFigures.Of(Results);
        Assert.Equal(["almanac-perplexity", "almanac-knowledge", "almanac-fading", "almanac-sentences", "almanac-variety"], figures.Select(f => f.Name));
        Assert.Equal(["sample", "beams"], figures[0].Panels.Select(p => p.Title));
        foreach (var figure in figures.Where(f => f.Name != "almanac-knowledge"))
        {
            Assert.Equal(2, ScottPlotRenderer.Grid(figure).Columns);
            Assert.All(figure.Panels, p => Assert.Equal(Policies, p.Series.Select(s => s.Name).Where(n => n is not ("" or "people"))));
        }

        var colors = figures.SelectMany(f => f.Panels).SelectMany(p => p.Series).Where(s => s.Name != "").GroupBy(s => s.Name).Select(g => Assert.Single(g.Select(s => s.Color).Distinct())).ToArray();
        Assert.Equal(6, colors.Length);
        Assert.Equal(6, colors.Distinct().Count());
        Assert.Equal(["replace-sample", "replace-beams", "preserve-sample", "preserve-beams"], figures[1].Panels.Take(4).Select(p => p.Title));
    }

    [Fact]
    public void Shares_keep_between_0_and_1_and_people_have_their_band()
    {
        const string Statements = $"{AlmanacText.MetricName}.hallucination";
        RunResults wide = Results with
        {
            Metrics =
            [
                .. Results.Metrics.Where(m => m.Metric.Number.Part is not (NumberPart.Human or NumberPart.HumanLow or NumberPart.HumanHigh)).Select(m => m.Metric == Statements ? m with { Value = m.Seed == 0 ? 1 : 0 } : m),
                .. (((string, double)[])[("human", 0.1), ("human-low", 0.05), ("human-high", 0.15)]).Select(p => new MetricRow("almanac", "replace-sample", 0, 3, $"{Statements}.{p.Item1}", p.Item2)),
            ],
        };
        var panel = AlmanacFigures.Sentences(wide).Panels[0];
        Assert.Equal("False statements, sample", panel.Title);
        var points = panel.Series.OfType<LineSeries>().Where(s => s.Name != "people").SelectMany(s => s.Points).ToArray();
        Assert.All(points, p => Assert.Equal((0, 1), (p.Low, p.High)));
        Assert.Equal([new LinePoint(3, 0.1, 0.05, 0.15)], panel.Series.OfType<LineSeries>().Single(s => s.Name == "people").Points);
    }
}
