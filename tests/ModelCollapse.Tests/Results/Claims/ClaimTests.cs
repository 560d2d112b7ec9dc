using CsCheck;
using ModelCollapse.ClosedForm.Laws;
using ModelCollapse.Data;
using ModelCollapse.Images;
using ModelCollapse.Recipes;
using ModelCollapse.Reporting;
using ModelCollapse.Results;
using ModelCollapse.Results.Claims;
using ModelCollapse.Tests.Results.Stages;

namespace ModelCollapse.Tests.Results.Claims;

public class ClaimTests
{
    const string Metric = "perplexity.ofMeanLoss";

    [Fact]
    public void The_projects_file_is_strict_json_with_a_note_on_when_rules_were_written()
    {
        using var document = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(ModelCollapse.Data.ProjectData.Require("recipes"), "..", ClaimFile.FileName)));
        Assert.Equal(document.RootElement.GetProperty("note").GetString(), ClaimFile.OfProject().Note);
        Assert.NotEmpty(ClaimFile.OfProject().Note);
    }

    [Fact]
    public void A_change_is_its_mean_with_students_interval_over_seeds()
    {
        // Differences 1, 2, 3: mean 2, standard error 1/√3, 97.5 % quantile of Student's t with two degrees of freedom 4.302652…
        var verdict = Judge(new Change { Recipe = "r", Arm = "A", Metric = Metric, Direction = Direction.Up }, Rows(("A", [(10, 11), (20, 22), (30, 33)])));
        Assert.Equal(Outcome.Inconclusive, verdict.Outcome);
        Assert.Equal(3, verdict.Seeds);
        Assert.Equal(2, verdict.Value, 12);
        Assert.Equal(2 - 4.302652729911275 / Math.Sqrt(3), verdict.Low, 9);
        Assert.Equal("perplexity.ofMeanLoss, A: generation 1 − generation 0", verdict.Quantity);
    }

    [Theory]
    [InlineData(Direction.Up, Outcome.Reproduced, "reproduced")]
    [InlineData(Direction.Down, Outcome.Contradicted, "not reproduced: contradicted")]
    public void An_interval_on_one_side_reproduces_or_contradicts(Direction direction, Outcome outcome, string words)
    {
        var verdict = Judge(new Change { Recipe = "r", Arm = "A", Metric = Metric, Direction = direction }, Rows(("A", [(10, 20), (20, 31), (30, 42)])));
        Assert.Equal(outcome, verdict.Outcome);
        Assert.Equal(words, verdict.InWords);
    }

    [Fact]
    public void Turning_a_claim_round_turns_its_verdict_round() =>
        Gen.Double[-1, 1].Array[2, 6].Sample(differences =>
        {
            var rows = Rows(("A", [.. differences.Select(d => (5.0, 5 + d))]));
            Outcome Of(Direction direction) => Judge(new Change { Recipe = "r", Arm = "A", Metric = Metric, Direction = direction }, rows).Outcome;
            Assert.Equal(Of(Direction.Up) switch { Outcome.Reproduced => Outcome.Contradicted, Outcome.Contradicted => Outcome.Reproduced, var undecided => undecided }, Of(Direction.Down));
        });

    [Fact]
    public void Arms_are_paired_by_seed()
    {
        // Seeds differ by tens, arms within a seed by 1, 2 and 1.
        var rows = Rows(("A", [(1, 11), (1, 22), (1, 31)]), ("control", [(1, 10), (1, 20), (1, 30), (1, 99)]));
        var verdict = Judge(new ArmDifference { Recipe = "r", Arm = "A", Against = "control", Metric = Metric, Direction = Direction.Up }, rows);
        Assert.Equal((4.0 / 3, 3), (verdict.Value, verdict.Seeds));
        Assert.Equal("perplexity.ofMeanLoss, generation 1: A − control", verdict.Quantity);
    }

    [Fact]
    public void A_bounded_arm_changes_by_less_than_a_share_of_the_other()
    {
        var test = new ShareOfChange { Recipe = "r", Arm = "B", Against = "A", Metric = Metric, Share = 0.5 };
        var verdict = Judge(test, Rows(("A", [(10, 20), (10, 22)]), ("B", [(10, 11), (10, 12)])));
        Assert.Equal((1 - 5 + (2 - 6)) / 2.0, verdict.Value, 12);
        Assert.Equal(Outcome.Reproduced, verdict.Outcome);
    }

    [Fact]
    public void Relative_changes_compare_metrics_of_different_size()
    {
        RunResults results = new()
        {
            Metrics = [.. from seed in (long[])[0, 1] from t in (int[])[0, 1] from m in (string[])["diversity.types", "diversity.entropy"] select new MetricRow("r", "A", seed, t, m, (m, t) switch { ("diversity.types", 0) => 1000, ("diversity.types", _) => 500 + seed, (_, 0) => 4, _ => 3 })],
        };
        var verdict = Judge(new RelativeChange { Recipe = "r", Arm = "A", Metric = "diversity.types", Than = "diversity.entropy", Direction = Direction.Down }, results);
        Assert.Equal(-0.5 + 0.0005 + 0.25, verdict.Value, 12);
        Assert.Equal(Outcome.Reproduced, verdict.Outcome);
    }

    [Fact]
    public void An_onset_lies_where_a_straight_line_crosses() =>
        Gen.Select(Gen.Double[0.1, 50], Gen.Double[-0.2, 0.2], Gen.Double[0.05, 4.9]).Where(g => Math.Abs(g.Item2) > 1e-3).Sample((first, slope, crossing) =>
        {
            double[] line = [.. Enumerable.Range(0, 7).Select(t => first * (1 + slope * t))];
            var factor = 1 + slope * crossing;
            if (factor <= 0) return;
            Assert.Equal(crossing, new MetricOnset { Metric = Metric, Factor = factor }.Crossing(line), 6);
            Assert.Equal(double.PositiveInfinity, new MetricOnset { Metric = Metric, Factor = 2 - factor }.Crossing(line));
        });

    [Fact]
    public void What_is_never_reached_counts_as_the_last_generation_and_nothing_reached_decides_nothing()
    {
        RunResults results = new()
        {
            Metrics =
            [
                .. from seed in (long[])[0, 1]
                   from t in Enumerable.Range(0, 4)
                   from m in (string[])[Metric, "diversity.types"]
                   select new MetricRow("r", "A", seed, t, m, m == Metric ? 10 : 100 - (10 + seed) * t),
            ],
        };
        MetricOnset types = new() { Metric = "diversity.types", Factor = 0.9 }, perplexity = new() { Metric = Metric, Factor = 1.1 };
        var verdict = Judge(new Order { Recipe = "r", Arm = "A", First = types, Then = perplexity }, results);
        Assert.Equal(3 - (1 + 10.0 / 11) / 2, verdict.Value, 12);
        Assert.Equal(Outcome.Reproduced, verdict.Outcome);
        var neither = Judge(new Order { Recipe = "r", Arm = "A", First = types with { Factor = 0.1 }, Then = perplexity }, results);
        Assert.Equal((Outcome.NotTestable, "neither onset is reached by generation 3"), (neither.Outcome, neither.Reason));
    }

    [Theory]
    [InlineData(10.5, 11.5, Outcome.Reproduced)]
    [InlineData(20, 28, Outcome.Contradicted)]
    public void A_printed_range_is_met_where_the_interval_overlaps_it(double low, double high, Outcome outcome)
    {
        var verdict = Judge(new Within { Recipe = "r", Arm = "A", Metric = Metric, From = 0, Low = low, High = high }, Rows(("A", [(10, 20), (20, 31), (30, 42)])));
        Assert.Equal(outcome, verdict.Outcome);
        Assert.True(double.IsNaN(verdict.P) && double.IsNaN(verdict.HolmP));
    }

    [Fact]
    public void What_runs_cannot_decide_says_why()
    {
        var rows = Rows(("A", [(10, 20)]), ("B", [(10, double.NaN), (10, 11)]));
        string Why(ClaimTest test) => Judge(test, rows) is { Outcome: Outcome.NotTestable } v ? v.Reason : "decided";
        Change change = new() { Recipe = "r", Arm = "A", Metric = Metric, Direction = Direction.Up };
        Assert.Equal("one seed gives no interval", Why(change));
        Assert.Equal("these runs have no arm C", Why(change with { Arm = "C" }));
        Assert.Equal("these runs did not measure diversity.types", Why(change with { Metric = "diversity.types" }));
        Assert.Equal("arm A has no perplexity.ofMeanLoss at generation 7", Why(change with { To = 7 }));
        Assert.Equal("perplexity.ofMeanLoss of arm B, seed 0, generation 1 is not a finite number", Why(change with { Arm = "B" }));
        Assert.Equal("it is read from runs of other, which are not among these", Why(change with { Recipe = "other" }));
        Assert.Equal("too large", Why(new NotTestable { Reason = "too large" }));
        Assert.Contains("did you mean 'perplexity'", Assert.Throws<InputException>(() => Why(change with { Metric = "perplexitee.mean" })).Message);
        Assert.Contains("did you mean 'perplexity.ofMeanLoss'", Assert.Throws<InputException>(() => Why(change with { Metric = "perplexity.ofMeanLos" })).Message);
    }

    [Fact]
    public void Signs_are_ordered_by_their_onsets_in_each_seed()
    {
        var results = CollapseStagesTests.Results(t => CollapseStagesTests.Healthy with { Rare = t < 3 ? 0.3 : 0.1, Perplexity = t < 7 ? 10 : 40 });
        Verdict Of(string first, string then, string arm = "replace-sample") => Judge(new SignOrder { Recipe = "almanac", Arm = arm, First = first, Then = then }, results);

        var verdict = Of("rare facts fade", "perplexity rises");
        Assert.Equal((Outcome.Reproduced, 4.0, 3), (verdict.Outcome, verdict.Value, verdict.Seeds));
        Assert.Equal(Outcome.Contradicted, Of("perplexity rises", "rare facts fade").Outcome);
        Assert.Equal(CollapseStagesTests.Last - 3, Of("rare facts fade", "facts gone").Value); // what never comes counts as the last generation
        Assert.Contains("neither sign", Of("facts gone", "uninformative").Reason);
        Assert.Contains("no arm preserve-sample", Of("rare facts fade", "perplexity rises", "preserve-sample").Reason);
        Assert.Contains("arm control-sample has no control", Of("rare facts fade", "perplexity rises", "control-sample").Reason);
        Assert.Contains("did you mean 'rare facts fade'", Assert.Throws<InputException>(() => Of("rare fact fades", "perplexity rises")).Message);
    }

    [Fact]
    public void P_values_are_corrected_over_all_claims_that_were_tested()
    {
        var rows = Rows(("A", [(10, 11), (20, 22), (30, 33)]));
        Claim[] claims = [.. ((Direction[])[Direction.Up, Direction.Down]).Select(d => ClaimOf(new Change { Recipe = "r", Arm = "A", Metric = Metric, Direction = d })), ClaimOf(new NotTestable { Reason = "x" })];
        var verdicts = ClaimTable.Of(claims, rows);
        Assert.Equal([2 * verdicts[0].P, 2 * verdicts[0].P, double.NaN], verdicts.Select(v => v.HolmP));
    }

    [Theory]
    [InlineData("\"statment\": \"x\"", "did you mean 'claims[0].statement'")]
    [InlineData("\"tests\": []", "has no test")]
    [InlineData("\"tests\": [{ \"kind\": \"rises\" }]", "armDifference, change")]
    [InlineData("\"tests\": [{ \"kind\": \"change\", \"recipe\": \"r\", \"arm\": \"A\", \"metric\": \"perplexitee.mean\", \"direction\": \"up\" }]", "perplexitee.mean")]
    [InlineData("\"tests\": [{ \"kind\": \"change\", \"recipe\": \"r\", \"arm\": \"A\", \"metric\": \"perplexity.mean\", \"direction\": \"sideways\" }]", "one of up, down")]
    [InlineData("\"tests\": [{ \"kind\": \"shareOfChange\", \"recipe\": \"r\", \"arm\": \"A\", \"against\": \"B\", \"metric\": \"perplexity.mean\", \"share\": 2 }]", "between 0 and 1")]
    [InlineData("\"grade\": \"P\"", "full text")]
    public void A_wrong_claim_is_said_in_one_sentence(string field, string said)
    {
        var fields = new Dictionary<string, string>
        {
            ["id"] = "\"x\"", ["source"] = "\"x\"", ["where"] = "\"x\"", ["grade"] = "\"abstract\"", ["statement"] = "\"x\"", ["quantity"] = "\"x\"", ["tests"] = "[{ \"kind\": \"notTestable\", \"reason\": \"x\" }]",
        };
        var name = field.Split('"')[1];
        fields[name] = field[(field.IndexOf(':') + 1)..];
        var message = Assert.Throws<InputException>(() => ClaimFile.Parse($"{{ \"claims\": [{{ {string.Join(", ", fields.Select(f => $"\"{f.Key}\": {f.Value}"))} }}] }}")).Message;
        Assert.Contains(said, message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public async Task Every_claim_of_the_project_names_recipes_arms_metrics_and_laws_that_exist()
    {
        var claims = ClaimFile.OfProject().Claims;
        Assert.InRange(claims.Count, 15, 1000);
        HashSet<string> laws = [];
        await foreach (var row in LawTable.MeasureAsync(1, 0.001)) laws.Add(row.Law);
        foreach (var test in claims.SelectMany(c => c.Tests))
            switch (test)
            {
                case Law law: Assert.Contains(law.Name, laws); break;
                case RunTest { Recipe: VaeCollapse.Name } run: Assert.All(run.Arms, arm => Assert.Contains(arm, VaeCollapse.Arms.Keys)); break;
                case RunTest run:
                    var recipe = Recipe.Load(run.Recipe);
                    Assert.All(run.Arms, arm => Assert.Contains(arm, recipe.ArmNames));
                    Assert.All(run.Metrics, metric => Assert.Contains(metric.Metric, recipe.Metrics.Select(m => m.Name)));
                    break;
            }
    }

    /// <summary>One file: a rule of this assembly is read from JSON, checked, and judges runs.</summary>
    [Fact]
    public void A_kind_of_claim_of_another_assembly_is_read_and_judges()
    {
        Kinds.Register(typeof(Extensions.OwnClaim).Assembly);
        string Json(string level) => $$"""{ "claims": [{ "id": "x", "source": "x", "where": "x", "grade": "abstract", "statement": "x", "quantity": "x", "tests": [{ "kind": "own-claim", "recipe": "r", "arm": "A", "metric": "{{Metric}}", "level": {{level}} }] }] }""";
        Assert.Contains("its 'level' must be at least 0", Assert.Throws<InputException>(() => ClaimFile.Parse(Json("-1"))).Message);

        var claims = ClaimFile.Parse(Json("8")).Claims;
        var verdict = Assert.Single(ClaimTable.Of(claims, Rows(("A", [(10, 11), (20, 19), (12, 13)]))));
        Assert.Equal((Outcome.Inconclusive, (2 + 11 + 4) / 3.0, 3), (verdict.Outcome, verdict.Value, verdict.Seeds));
        Assert.Equal("least perplexity.ofMeanLoss of A in generations 0 to 1, above 8", verdict.Quantity);
        Assert.Equal(Outcome.Reproduced, Assert.Single(ClaimTable.Of(claims, Rows(("A", [(10, 11), (10.5, 12), (10, 13)])))).Outcome);
        var one = Rows(("A", [(10, 11), (20, 19)]));
        Assert.Equal("there is one generation only", Assert.Single(ClaimTable.Of(claims, one with { Metrics = [.. one.Metrics.Where(m => m.Generation == 0)] })).Reason);
    }

    [Theory]
    [InlineData("wikitext2-mini")]
    [InlineData("wikitext2-smollm2")]
    public void Committed_results_give_verdicts(string recipe)
    {
        var verdicts = ClaimTable.Of(ClaimFile.OfProject().Claims, RunResults.Read(Path.Combine(ModelCollapse.Data.ProjectData.Require("results"), recipe)));
        var tested = verdicts.Where(v => v.Recipe is not null).ToList();
        Assert.All(tested, v => Assert.True(v.IsTested, v.Reason));
        Assert.All(tested, v => Assert.True(v.Low <= v.Value && v.Value <= v.High && v.P <= v.HolmP));
        Assert.Equal(Outcome.Reproduced, tested.First(v => v.Claim.Id == "perplexity-rises").Outcome);
        // As data/results/README.md says of the headline: "these runs do not show that B degrades less".
        Assert.Equal(recipe == "wikitext2-mini" ? Outcome.Reproduced : Outcome.Inconclusive, tested.First(v => v.Claim.Id == "ten-percent-degrades-less").Outcome);
        Assert.Equal(tested.Count, ClaimTables.Tested(verdicts).Rows.Count);
        Assert.Equal(verdicts.Count - tested.Count, ClaimTables.NotTested(verdicts).Rows.Count);
    }

    static Verdict Judge(ClaimTest test, RunResults results) => Assert.Single(ClaimTable.Of([ClaimOf(test)], results));

    static Claim ClaimOf(ClaimTest test) => new() { Id = "x", Source = "x", Where = "x", Grade = Grade.Abstract, Statement = "x", Quantity = "x", Tests = [test] };

    /// <summary>By arm the values of generations 0 and 1, one pair for each seed.</summary>
    static RunResults Rows(params (string Arm, (double First, double Last)[] Seeds)[] arms) => new()
    {
        Metrics =
        [
            .. from arm in arms
               from seed in arm.Seeds.Index()
               from t in (int[])[0, 1]
               select new MetricRow("r", arm.Arm, seed.Index, t, Metric, t == 0 ? seed.Item.First : seed.Item.Last),
        ],
    };
}
