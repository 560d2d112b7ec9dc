using ModelCollapse.Reporting;
using ModelCollapse.Reporting.Report;
using ModelCollapse.Results;
using ModelCollapse.Results.Stages;
using ModelCollapse.Tests.Results.Stages;

namespace ModelCollapse.Tests.Reporting;

/// <summary>Tables, figures and answers of runs whose stages are known because they were made so.</summary>
public class StageTablesTests
{
    static readonly RunResults EarlyThenLate = CollapseStagesTests.Results(t => CollapseStagesTests.Healthy with
    {
        Rare = t < 3 ? 0.3 : 0.1,
        SaysNothing = t < 5 ? 0.02 : 0.4,
        Support = t < 5 ? 400 : 150,
        Perplexity = t < 7 ? 10 : 40,
    });

    static readonly RunResults Nothing = CollapseStagesTests.Results(_ => CollapseStagesTests.Healthy, draw: 2);

    [Fact]
    public void Onsets_are_those_of_the_stages()
    {
        var table = StageTables.Onsets(EarlyThenLate);
        Assert.Equal(["arm", "early", "late", "total", "order", "test loss rises"], table.Columns);
        Assert.Equal(["replace-sample", "3", "5", "never", "early, then late", "7"], Assert.Single(table.Rows));
        Assert.Equal(["replace-sample", "never", "never", "never", "none", "never"], Assert.Single(StageTables.Onsets(Nothing).Rows));
        Assert.Equal(StageSign.All.Count + 1, StageTables.SignOnsets(EarlyThenLate).Columns.Count);
        var effects = Assert.Single(StageTables.Effects(EarlyThenLate, "rare facts fade", 0, 4).Rows);
        Assert.StartsWith("0.6", effects[2]); // (0.3 − 0.1) / 0.3, less what was never known
    }

    [Fact]
    public void Definitions_and_signs_are_all_there()
    {
        Assert.Equal(["early", "late", "total"], StageTables.Definitions().Rows.Select(r => r[0]));
        Assert.Equal(StageSign.All.Select(s => s.Name), StageTables.Signs().Rows.Select(r => r[0]));
    }

    [Fact]
    public void A_run_without_a_control_has_no_stages() =>
        Assert.Contains("control", Assert.Throws<InputException>(() => StageTables.Onsets(EarlyThenLate with { Metrics = [.. EarlyThenLate.Metrics.Where(m => m.Arm == "replace-sample")] })).Message);

    [Fact]
    public void The_three_questions_are_answered_in_sentences()
    {
        var answers = StageAnswers.Of(EarlyThenLate);
        Assert.Equal(["replace-sample shows it before.", "replace-sample: early, then late.", "None: every arm is in a later stage at generation 10."], answers.Select(a => a.Sentence));
        Assert.StartsWith("replace-sample: rare facts fade from generation 3 (seeds: 3); perplexity rises from generation 7 (seeds: 7), 4.00 (4.00 to 4.00) generations later, paired over 3 seeds. At generation 3, 0.6", answers[0].Details[0]);
        Assert.Equal(["replace-sample shows neither.", "replace-sample: none.", "replace-sample enters no stage."], StageAnswers.Of(Nothing).Select(a => a.Sentence));
        Assert.StartsWith("replace-sample: rare facts fade never within 10 generations; perplexity rises never within 10 generations. At generation 10, ", StageAnswers.Of(Nothing)[0].Details[0]);
    }

    /// <summary>One generation between two onsets over all seeds, but the seeds disagree; then perplexity first, and an arm that stays in the first stage.</summary>
    [Fact]
    public void What_comes_first_is_told_by_the_seeds()
    {
        // Rare facts fade from 3, 4 and 7 on, perplexity rises from 5, 5 and 5: leads of 2, 1 and −2.
        int[] rare = [3, 4, 7];
        var unsure = CollapseStagesTests.Results((seed, t) => CollapseStagesTests.Healthy with { Rare = t < rare[seed] ? 0.3 : 0.1, Perplexity = t < 5 ? 10 : 40 });
        var (first, _, third) = (StageAnswers.Of(unsure)[0], 0, StageAnswers.Of(unsure)[2]);
        Assert.Equal("replace-sample shows both, and the seeds do not show which comes first.", first.Sentence);
        Assert.Contains("0.333 (−4.84 to 5.50) generations later, paired over 3 seeds", first.Details[0]);
        Assert.Equal("replace-sample enters only the first.", third.Sentence);

        var after = CollapseStagesTests.Results(t => CollapseStagesTests.Healthy with { Rare = t < 6 ? 0.3 : 0.1, Perplexity = t < 2 ? 10 : 40 });
        Assert.Equal("replace-sample shows it after.", StageAnswers.Of(after)[0].Sentence);
        Assert.Contains("4.00 (4.00 to 4.00) generations earlier", StageAnswers.Of(after)[0].Details[0]);
    }

    [Fact]
    public void One_seed_cannot_tell()
    {
        var answers = StageAnswers.Of(EarlyThenLate with { Metrics = [.. EarlyThenLate.Metrics.Where(m => m.Seed == 0)] });
        Assert.All(answers, a => Assert.StartsWith("One seed cannot tell", a.Sentence));
        Assert.Contains("seeds: 3", answers[0].Details[0]);
    }

    [Fact]
    public void Other_recipes_have_no_answers_of_stages() => Assert.Empty(StageAnswers.Of(new() { Metrics = [new("r", "A", 0, 0, "perplexity.ofMeanLoss", 2)] }));

    [Fact]
    public void Figures_are_drawn_from_what_is_there()
    {
        Assert.Equal(["almanac-knowledge", "almanac-fading", "almanac-sentences", "almanac-variety"], AlmanacFigures.Of(EarlyThenLate).Select(f => f.Name));
        Assert.Empty(AlmanacFigures.Of(new() { Metrics = [new("r", "A", 0, 0, "perplexity.ofMeanLoss", 2)] }));
        var fading = AlmanacFigures.Fading(EarlyThenLate);
        Assert.Equal(["most frequent decile of the facts", "the other nine deciles"], fading.Panels.Select(p => p.Title));
        Assert.Equal(["replace", "control"], fading.Panels[0].Series.Select(s => s.Name));
        var lost = Assert.IsType<LineSeries>(fading.Panels[1].Series[0]).Points;
        Assert.True(lost[10].Y < 0.7 * lost[0].Y);
        Assert.Contains(AlmanacFigures.Variety(EarlyThenLate).Panels[0].Series, s => s.Name == "people");
        Assert.Throws<InputException>(() => AlmanacFigures.Recall(EarlyThenLate));
    }
}
