using ModelCollapse.Recipes;
using ModelCollapse.Reporting;
using ModelCollapse.Results;
using ModelCollapse.Results.Stages;
using ModelCollapse.Store;
using static ModelCollapse.Results.Stages.CollapseStage;

namespace ModelCollapse.Tests.Results.Stages;

/// <summary>Runs whose stages are known because they were made so, and runs in which nothing happens.</summary>
public class CollapseStagesTests
{
    internal const int Last = 10;

    /// <summary>What goes on in a generation of one arm, without noise.</summary>
    internal sealed record State(double Rare = 0.3, double Unknown = 0.01, double Frequent = 0.8, double SaysNothing = 0.02, double Hallucination = 0.2, double Support = 400, double Phrases = 5000, double Perplexity = 10);

    internal static readonly State Healthy = new();

    static ArmStages Of(Func<int, State> arm, double noise = 0.01, int seeds = 3, StageRules? rules = null, long draw = 1, State? control = null) =>
        Assert.Single(CollapseStages.Of(Results(arm, noise, seeds, draw, control), "almanac", rules));

    /// <summary>An arm that goes through states, and its control.</summary>
    internal static RunResults Results(Func<int, State> arm, double noise = 0.01, int seeds = 3, long draw = 1, State? control = null) => Results((_, t) => arm(t), noise, seeds, draw, control);

    /// <summary>An arm that goes through states by seed and generation, and its control.</summary>
    internal static RunResults Results(Func<int, int, State> arm, double noise = 0.01, int seeds = 3, long draw = 1, State? control = null)
    {
        var random = Seeds.NewRandom(draw);
        List<MetricRow> rows = [];
        foreach (var (name, state) in new[] { ("replace-sample", arm), ("control-sample", (_, _) => control ?? Healthy) })
            for (var seed = 0; seed < seeds; seed++)
                for (var t = 0; t <= Last; t++)
                    foreach (var (metric, value) in Numbers(state(seed, t), random, noise)) rows.Add(new("almanac", name, seed, t, metric, value));
        return new() { Metrics = rows, Runs = [Run("replace-sample", "control-sample"), Run("control-sample", null)] };
    }

    /// <summary>What an arm stands for, as its name spells it here: policy and decoding.</summary>
    internal static RunDescription Run(string arm, string? control, string recipe = "almanac") => new()
    {
        Recipe = recipe,
        Arm = arm,
        Seed = 0,
        Factors = new Dictionary<string, string> { [ArmInfo.Policy] = arm.Split('-')[0], [ArmInfo.Decoding] = arm.Split('-')[1] },
        Control = control,
        Settings = [],
        Started = control is null ? DateTime.UnixEpoch.AddDays(1) : DateTime.UnixEpoch,
    };

    static IEnumerable<(string, double)> Numbers(State s, Random random, double noise)
    {
        yield return ("almanac-cloze.chance", 0.1);
        for (var d = 0; d < 10; d++) yield return ($"almanac-cloze.probability.decile-{d}", 0.1 + Noisy(d switch { 0 => s.Frequent, < 6 => s.Rare, _ => s.Unknown }));
        yield return ("almanac-text.says-nothing", Noisy(s.SaysNothing));
        yield return ("almanac-text.says-nothing.human-high", 0.02);
        yield return ("almanac-text.hallucination", Noisy(s.Hallucination));
        yield return ("almanac-text.hallucination.human-high", 0);
        yield return ("almanac-text.support", Noisy(s.Support));
        yield return ("almanac-text.support.human", 500);
        yield return ("almanac-text.phrases", Noisy(s.Phrases));
        yield return ("almanac-text.phrases.human", 6000);
        yield return ("perplexity.ofMeanLoss", Noisy(s.Perplexity));

        double Noisy(double value) => value * (1 + noise * Normal(random));
    }

    static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    [Fact]
    public void Each_stage_begins_where_it_was_made_to()
    {
        var found = Of(t => Healthy with
        {
            Rare = t < 2 ? 0.3 : 0.1,
            Frequent = t < 6 ? 0.8 : 0.2,
            SaysNothing = t < 3 ? 0.02 : 0.4,
            Support = t < 4 ? 400 : t < 8 ? 150 : 3,
            Phrases = t < 7 ? 5000 : 20,
            Perplexity = t < 5 ? 10 : 40,
        });

        Assert.Equal((2, 4, 8), (found.Stages[Early].Generation, found.Stages[Late].Generation, found.Stages[Total].Generation));
        Assert.Equal(5, found.TestLossRise.Generation);
        Assert.Equal([Early, Late, Total], found.Order);
        Assert.Equal([None, None, Early, Early, Late, Late, Late, Late, Total, Total, Total], Enumerable.Range(0, Last + 1).Select(found.At));
        Assert.All(found.Stages.Values, onset => Assert.Equal([onset.Generation], onset.Seeds.Values.Distinct()));
        Assert.Equal(("replace-sample", "control-sample", Last), (found.Arm, found.Control, found.Last));
    }

    [Fact]
    public void Stages_may_come_in_any_order()
    {
        var found = Of(t => Healthy with { Rare = t < 7 ? 0.3 : 0.1, Support = t < 1 ? 400 : 3, Phrases = t < 1 ? 5000 : 20, SaysNothing = t < 9 ? 0.02 : 0.5 });
        Assert.Equal([Total, Early, Late], found.Order);
        Assert.Equal(Total, found.At(1));
        Assert.Equal("never within 10 generations", found.TestLossRise.ToString());
    }

    [Fact]
    public void Rare_facts_that_fade_no_sooner_than_frequent_ones_are_no_early_stage()
    {
        var together = Of(t => t < 3 ? Healthy : Healthy with { Rare = 0.1, Frequent = 0.3 });
        Assert.Equal(3, together.RareFade.Generation);
        Assert.Null(together.Stages[Early].Generation);

        var frequentFirst = Of(t => Healthy with { Rare = t < 5 ? 0.3 : 0.1, Frequent = t < 3 ? 0.8 : 0.3 });
        Assert.Null(frequentFirst.Stages[Early].Generation);
    }

    [Fact]
    public void What_was_never_known_cannot_fade()
    {
        Assert.Null(Of(t => Healthy with { Unknown = t < 3 ? 0.01 : -0.1 }).RareFade.Generation);
        Assert.Null(Of(t => Healthy with { Rare = t < 3 ? 0.04 : 0 }, control: Healthy with { Rare = 0.04 }).RareFade.Generation);
        Assert.Equal(3, Of(t => Healthy with { Rare = t < 3 ? 0.04 : 0 }, control: Healthy with { Rare = 0.04 }, rules: new() { Known = 0.03 }).RareFade.Generation);
    }

    [Fact]
    public void What_comes_and_goes_again_is_no_stage()
    {
        var found = Of(t => t is > 2 and < 10 ? Healthy with { Rare = 0.1, SaysNothing = 0.5, Support = 3, Phrases = 20, Perplexity = 90 } : Healthy);
        Assert.All(found.Signs.Values, onset => Assert.Null(onset.Generation));
        Assert.All(Enumerable.Range(0, Last + 1), t => Assert.Equal(None, found.At(t)));
    }

    [Fact]
    public void A_sure_effect_that_is_too_small_does_not_count_and_rules_say_what_is()
    {
        State Slightly(int t) => t < 4 ? Healthy : Healthy with { Rare = 0.3 * 0.95, Perplexity = 10.3 };
        Assert.All(Of(Slightly, noise: 1e-4).Signs.Values, onset => Assert.Null(onset.Generation));
        var finer = Of(Slightly, noise: 1e-4, rules: new() { Loss = 0.03, PerplexityRise = 0.02 });
        Assert.Equal((4, 4), (finer.Stages[Early].Generation, finer.TestLossRise.Generation));
    }

    [Fact]
    public void A_share_of_sentences_must_rise_above_peoples_text_too()
    {
        // 0.06 above the control, which says something with every sentence, but 0.04 above the upper end of people's text.
        var found = Of(_ => Healthy with { SaysNothing = 0.06, Support = 100 }, noise: 1e-4, control: Healthy with { SaysNothing = 0 });
        Assert.Null(found.Signs["uninformative"].Generation);
        Assert.Equal(0, found.Signs["fewer facts"].Generation);
    }

    [Fact]
    public void Seeds_that_do_not_agree_show_nothing_but_each_has_its_onset()
    {
        // Student's quantile for three seeds is 2.92: effects of 0.3, 0.3 and 0 have the mean 0.2 and the standard error 0.1.
        List<MetricRow> rows = [];
        foreach (var arm in (string[])["replace-beams", "control-beams"])
            for (var seed = 0; seed < 3; seed++)
                for (var t = 0; t <= 2; t++)
                    foreach (var (metric, value) in Numbers(arm[0] == 'r' && seed < 2 && t >= 1 + seed ? Healthy with { Perplexity = 10 * Math.Exp(0.3) } : Healthy, new Random(0), 0))
                        rows.Add(new("almanac", arm, seed, t, metric, value));
        var found = Assert.Single(CollapseStages.Of(new RunResults { Metrics = rows, Runs = [Run("replace-beams", "control-beams"), Run("control-beams", null)] }, "almanac"));
        Assert.Null(found.TestLossRise.Generation);
        Assert.Equal([1, 2, null], found.TestLossRise.Seeds.Values);
        Assert.Equal((2.0, 1, null), (found.TestLossRise.Median, found.TestLossRise.Range.Earliest, found.TestLossRise.Range.Latest));
        Assert.Equal("never within 2 generations (seeds: 1 to never)", found.TestLossRise.ToString());
    }

    /// <summary>
    /// With any effect large enough, a sign is shown in the last generation with the probability of the one-sided test, and an onset needs that: 5 %.
    /// 2,000 draws have a standard deviation of 0.5 %; five of those.
    /// </summary>
    [Fact]
    public void Noise_alone_gives_each_sign_at_the_nominal_rate_and_stages_no_more_often()
    {
        const int Draws = 2000;
        var rules = new StageRules { Loss = 1e-12, Rise = 1e-12, PerplexityRise = 1e-12 };
        var (signs, stages) = (new Dictionary<string, int>(), 0);
        for (var draw = 0; draw < Draws; draw++)
        {
            var found = Of(_ => Healthy, rules: rules, draw: draw);
            foreach (var (name, onset) in found.Signs) signs[name] = signs.GetValueOrDefault(name) + (onset.Generation is null ? 0 : 1);
            if (found.Order.Count > 0) stages++;
        }

        foreach (var sign in (string[])["rare facts fade", "frequent facts fade", "fewer facts", "perplexity rises"]) Assert.InRange(signs[sign] / (double)Draws, 0.025, 0.075);
        Assert.InRange(signs["hallucinates"] / (double)Draws, 0.025, 0.075);
        Assert.InRange(signs["uninformative"] / (double)Draws, 0, 0.075); // must rise above people's text as well
        Assert.Equal(0, signs["facts gone"] + signs["text has stopped changing"]);
        Assert.InRange(stages / (double)Draws, 0, 0.075);
    }

    [Fact]
    public void With_the_least_effects_as_fixed_noise_gives_next_to_nothing()
    {
        for (var draw = 0; draw < 300; draw++) Assert.Empty(Of(_ => Healthy, noise: 0.05, draw: draw).Order);
    }

    /// <summary>What the committed runs show; data/results/README.md and notebook 05 say the same.</summary>
    [Fact]
    public void Committed_results_have_the_stages_that_are_published()
    {
        var found = CollapseStages.Of(RunResults.Read(Path.Combine(ModelCollapse.Data.ProjectData.Require("results"), "almanac")), "almanac");
        Assert.Equal(["replace-sample", "preserve-sample", "accumulate-sample", "subsample-sample", "replace-beams", "preserve-beams", "accumulate-beams", "subsample-beams"], found.Select(a => a.Arm));
        Assert.All(found, a => Assert.Equal($"control-{a.Arm.Split('-')[1]}", a.Control));
        Assert.Equal([4, 5, null, null, 5, null, null, null], found.Select(a => a.RareFade.Generation));
        Assert.Equal([4, 5, null, null, 1, 1, 8, 4], found.Select(a => a.TestLossRise.Generation));
        Assert.Equal([null, null, null, null, 9, null, null, null], found.Select(a => a.Signs["frequent facts fade"].Generation));
        Assert.Equal([null, null, null, null, 9, null, null, null], found.Select(a => a.Stages[Total].Generation));
        Assert.Equal([Early], found[0].Order);
        Assert.Equal([Early, Total], found[4].Order);
    }

    [Fact]
    public void One_seed_shows_nothing_for_sure_and_has_its_own_onsets()
    {
        var found = Of(t => t < 3 ? Healthy : Healthy with { Rare = 0.1 }, seeds: 1);
        Assert.Null(found.Stages[Early].Generation);
        Assert.Equal([3], found.Stages[Early].Seeds.Values);
    }

    [Fact]
    public void An_arm_is_held_against_the_control_that_its_description_names_and_what_is_missing_is_named()
    {
        var made = Results(t => Healthy with { Perplexity = t < 5 ? 10 : 40 });
        var renamed = made with { Metrics = [.. made.Metrics.Select(m => m with { Arm = m.Arm == "control-sample" ? "real text" : "mine" })] };
        Assert.Empty(CollapseStages.Of(renamed, "almanac"));
        var found = Assert.Single(CollapseStages.Of(renamed with { Runs = [made.Runs[0] with { Arm = "mine", Control = "real text" }, made.Runs[1] with { Arm = "real text" }] }, "almanac"));
        Assert.Equal(("mine", "real text", 5), (found.Arm, found.Control, found.TestLossRise.Generation));
        Assert.Empty(CollapseStages.Of(renamed with { Runs = [made.Runs[0] with { Arm = "mine", Control = "not run" }] }, "almanac"));

        MetricRow[] rows = [new("r", "a", 0, 0, "perplexity.ofMeanLoss", 1), new("r", "c", 0, 0, "perplexity.ofMeanLoss", 1), new("r", "d", 1, 0, "perplexity.ofMeanLoss", 1)];
        var results = new RunResults { Metrics = rows };
        Assert.Empty(CollapseStages.Of(results, "r"));
        Assert.Contains("almanac-cloze", Assert.Throws<InputException>(() => CollapseStages.Of(results, "r", "a", "c")).Message);
        Assert.Contains("no seed in common", Assert.Throws<InputException>(() => CollapseStages.Of(results, "r", "a", "d")).Message);
    }
}
