using System.Text.Json.Nodes;
using ModelCollapse.ClosedForm;
using ModelCollapse.Curation;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;
using ModelCollapse.Recipes;
using ModelCollapse.Store;

namespace ModelCollapse.Tests.Generations;

/// <summary>What curators see, decide and leave behind in the loop.</summary>
public class CurationTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Decisions_are_stored_with_true_origins_though_the_curator_sees_none()
    {
        var curator = new Choosing((set, _) =>
        {
            Assert.All(set.Origins, o => Assert.IsType<Origin.Unknown>(o));
            var curation = new Curation<double>();
            for (var i = 2; i < set.Count; i++) curation.Keep(i, score: set[i]);
            curation.Drop(0, 0.5, "first");
            curation.Edit(2, -7, reason: "rewritten");
            curation.Plant(99, "flip", 3);
            return curation;
        });
        var generation = (await RunAsync(Experiment(new PreserveFraction(0.5), curator)))[1];

        var rows = CurationRow.Read(Path.Combine(generation.Folder!, RunFolder.CurationFile));
        Assert.Equal([18, 2, 1, 1], new[] { "kept", "dropped", "edited", "planted" }.Select(kind => rows.Count(r => r.Decision == kind)));
        Assert.Equal(("Human", "first", (double?)0.5), rows.Where(r => r.Decision == "dropped").Select(r => (r.Origin, r.Reason, r.Score)).First());
        Assert.Equal(("Human", ""), rows.Where(r => r.Decision == "dropped").Select(r => (r.Origin, r.Reason)).Last());
        Assert.All(rows, r => Assert.Equal(("choosing", "composed"), (r.Curator, r.At)));
        var training = new NumberCodec().Read(Path.Combine(generation.Folder!, RunFolder.TrainingFile));
        var (edited, planted) = (training.Origins[18], training.Origins[19]);
        Assert.IsType<Origin.Human>(Assert.IsType<Origin.Edited>(edited).Original);
        Assert.Equal("choosing", Assert.IsType<Origin.Edited>(edited).By);
        Assert.IsType<Origin.Human>(Assert.IsType<Origin.Poison>(planted).Original);
        Assert.Equal([-7, 99], training.Skip(18));
    }

    [Fact]
    public async Task The_loop_scores_what_a_curator_drops_against_the_truth()
    {
        // Ten real and ten synthetic items: the first twelve of them are dropped, so all real ones and two synthetic ones.
        var curator = new Choosing((set, _) => Curation<double>.Keeping(Enumerable.Range(12, set.Count - 12)));
        var metrics = (await RunAsync(Experiment(new PreserveFraction(0.5), curator)))[1].Metrics;

        Assert.Equal((8, 12), (metrics["curation.choosing.kept"], metrics["curation.choosing.dropped"]));
        Assert.Equal((0, 10), (metrics["curation.choosing.kept-human"], metrics["curation.choosing.dropped-human"]));
        Assert.Equal((8, 2), (metrics["curation.choosing.kept-synthetic"], metrics["curation.choosing.dropped-synthetic"]));
        Assert.Equal((2.0 / 12, 2.0 / 10), (metrics["curation.choosing.synthetic-precision"], metrics["curation.choosing.synthetic-recall"]));
        Assert.True(double.IsNaN(metrics["curation.choosing.poison-recall"]));
    }

    [Fact]
    public async Task A_curator_that_sees_origins_finds_all_that_models_wrote()
    {
        var metrics = (await RunAsync(Experiment(new PreserveFraction(0.5), new LabelFilter<double>())))[1].Metrics;
        Assert.Equal((1, 1), (metrics["curation.label-filter.synthetic-precision"], metrics["curation.label-filter.synthetic-recall"]));
    }

    [Fact]
    public async Task Poison_at_the_source_reaches_generation_0_and_what_policies_keep_of_the_real_data()
    {
        var poison = new Choosing((set, c) =>
        {
            Assert.Equal(0, c.Generation);
            Assert.Throws<InvalidOperationException>(() => c.Previous);
            var curation = new Curation<double>();
            for (var i = 1; i < set.Count; i++) curation.Keep(i);
            curation.Plant(1000, "outlier", 0);
            return curation;
        })
        { At = CurationPlace.Real };
        var filter = new Choosing((set, _) => Curation<double>.Keeping(Enumerable.Range(0, set.Count).Where(i => set[i] < 500)));
        var generations = await RunAsync(Experiment(new PreserveFraction(1), poison, filter));

        Assert.Equal(Real.Skip(1).Append(1000).Average(), generations[0].Metrics["mean"], 9);
        Assert.Equal(1, generations[0].Metrics["curation.choosing.planted"]);
        Assert.All(generations.Skip(1), g => Assert.Equal((1, 1), (g.Metrics["curation.choosing-2.poison-precision"], g.Metrics["curation.choosing-2.poison-recall"])));
        Assert.False(File.Exists(Path.Combine(generations[1].Folder!, "real.parquet")));
    }

    [Fact]
    public async Task Curators_of_the_synthetic_set_choose_from_a_surplus_and_what_they_leave_enters_the_history()
    {
        var largest = new Choosing((set, c) =>
        {
            Assert.Equal((40, 20), (set.Count, c.Wanted));
            Assert.Equal(set, c.Synthetic);
            return Curation<double>.Keeping(Enumerable.Range(0, set.Count).OrderByDescending(i => set[i]).Take(c.Wanted));
        })
        { At = CurationPlace.Synthetic };
        var generations = await RunAsync(Experiment(new Accumulate(), largest) with { Surplus = 2 });

        var first = new NumberCodec().Read(Path.Combine(generations[1].Folder!, "synthetic.parquet"));
        var written = new NumberCodec().Read(Path.Combine(generations[0].Folder!, RunFolder.SamplesFile));
        Assert.Equal(written.OrderDescending().Take(20), first);
        var training = new NumberCodec().Read(Path.Combine(generations[2].Folder!, RunFolder.TrainingFile));
        Assert.Equal(60, training.Count);
        Assert.Equal(first, training.Skip(20).Take(20));
    }

    [Fact]
    public async Task A_run_with_curators_that_is_stopped_goes_on_to_the_same_bytes()
    {
        ICurator<double>[] curators =
        [
            new RandomSelection<double> { Share = 0.9, At = CurationPlace.Real },
            new RandomSelection<double> { At = CurationPlace.Synthetic },
            new RandomSelection<double> { Share = 0.8 },
        ];
        var whole = await RunAsync(Experiment(new Accumulate(), curators) with { Surplus = 1.5 });
        var stopped = Experiment(new Accumulate(), curators) with { Surplus = 1.5, Store = (new RunStore(folder.Path).Run("curation", "stopped", 1), Description("stopped")) };
        await foreach (var generation in stopped.RunAsync())
            if (generation.Number == 1) break;
        List<Generation> resumed = [];
        await foreach (var generation in stopped.RunAsync()) resumed.Add(generation);

        Assert.Equal([true, true, false, false], resumed.Select(g => g.Restored));
        foreach (var (a, b) in whole.Zip(resumed)) Assert.Equal(File.ReadAllText(Path.Combine(a.Folder!, "files.sha256")), File.ReadAllText(Path.Combine(b.Folder!, "files.sha256")));
    }

    [Fact]
    public async Task Each_curator_draws_from_a_stream_of_its_own()
    {
        List<long> seeds = [];
        var one = new Choosing((set, c) => Noted(set, c));
        await RunAsync(Experiment(new Replace(), one, one, one) with { Generations = 1 });

        Assert.Equal(3, seeds.Distinct().Count());

        Curation<double> Noted(Dataset<double> set, CurationContext<double> c)
        {
            seeds.Add(c.SeedFor("draw"));
            return Curation<double>.Keeping(Enumerable.Range(0, set.Count));
        }
    }

    [Fact]
    public async Task A_curator_sees_the_numbers_of_earlier_generations_and_the_models_and_its_work_is_counted()
    {
        var alarm = new Choosing((set, c) =>
        {
            Assert.Equal(c.Generation, c.Earlier.Count);
            Assert.Equal(c.Earlier[^1]["mean"], ((Gaussian)c.Previous).Mean, 12);
            Assert.Equal(c.Earlier[0]["mean"], ((Gaussian)c.Model0).Mean, 12);
            c.Meter.Add("calls", 3);
            c.Meter.Add("USD", 0.25);
            return Curation<double>.Keeping(Enumerable.Range(0, set.Count));
        });
        var generations = await RunAsync(Experiment(new Replace(), alarm));

        var cost = JsonNode.Parse(File.ReadAllText(Path.Combine(generations[2].Folder!, "cost.json")))!["phases"]!["curate choosing"]!;
        Assert.Equal((3, 0.25), ((double)cost["calls"]!, (double)cost["USD"]!));
    }

    [Fact]
    public async Task Marks_are_told_by_their_keys_alone()
    {
        var marking = new Choosing((set, _) =>
        {
            var curation = new Curation<double>();
            for (var i = 0; i < set.Count; i++)
                if (i % 2 == 0) curation.Mark(i, set[i] + 0.001, "key-7");
                else curation.Keep(i);
            return curation;
        })
        { At = CurationPlace.Synthetic };
        var reading = new Choosing((set, c) =>
        {
            Assert.Equal(["key-7"], c.MarkKeys);
            Assert.All(set.Origins, o => Assert.Null(o.Mark));
            return Curation<double>.Keeping(Enumerable.Range(0, set.Count));
        })
        { Sees = Sight.Marks };
        var generations = await RunAsync(Experiment(new PreserveFraction(0.5), marking, reading) with { Generations = 1 });

        var training = new NumberCodec().Read(Path.Combine(generations[1].Folder!, RunFolder.TrainingFile));
        Assert.Equal(5, training.Origins.Count(o => o is Origin.Synthetic { Mark: "key-7" }));
    }

    [Fact]
    public async Task A_set_that_curators_empty_and_names_that_clash_are_said()
    {
        var nothing = new Choosing((_, _) => new Curation<double>());
        var error = await Assert.ThrowsAsync<InputException>(() => RunAsync(Experiment(new Replace(), nothing)));
        Assert.Contains("The training set of generation 1 is empty after choosing", error.Message);

        Assert.Contains("A surplus is written for curators of the synthetic set", Assert.Throws<InputException>(() => (Experiment(new Replace(), nothing) with { Surplus = 2 }).Check()).Message);
        var twice = Experiment(new Replace()) with { Metrics = [new ModelNumber<double>("mean", _ => 1), new ModelNumber<double>("mean", _ => 2)] };
        Assert.Contains("Two metrics give the numbers of 'mean'", Assert.Throws<InputException>(twice.Check).Message);
    }

    [Fact]
    public void A_curator_that_would_leave_nothing_is_found_before_the_first_fit()
    {
        Assert.Contains("would leave nothing", Assert.Throws<InputException>(Experiment(new Replace(), new LabelFilter<double>()).Check).Message);
        Assert.Contains("would leave nothing", Assert.Throws<InputException>(Experiment(new Replace(), new RandomSelection<double> { Share = 0.01 }).Check).Message);
        Experiment(new PreserveFraction(0.1), new LabelFilter<double>()).Check();
        Experiment(new Accumulate(), new RandomSelection<double> { Share = 0.1 }).Check();
    }

    [Fact]
    public async Task Vectors_of_samples_are_computed_once_in_a_generation()
    {
        var asked = new List<int>();
        var features = new Counted(asked);
        var curator = new ChoosingBlocks(features);
        var experiment = new RecursiveExperiment<int[]>
        {
            NewModel = () => new NGram(4, 1, 6),
            Real = new(Dataset<int[]>.Human(Enumerable.Range(0, 12).Select(i => new[] { i % 4, 1, 2, 3, i % 3, 0 }), "test")),
            Generations = 1,
            Seed = 0,
            Curators = [curator, curator],
        };
        await foreach (var _ in experiment.RunAsync()) { }

        Assert.Equal([12], asked);
    }

    [Fact]
    public async Task Metrics_share_the_vectors_with_the_curators_of_their_generation()
    {
        var asked = new List<int>();
        var features = new Counted(asked);
        var experiment = new RecursiveExperiment<int[]>
        {
            NewModel = () => new NGram(4, 1, 6),
            Real = new(Dataset<int[]>.Human(Enumerable.Range(0, 12).Select(i => new[] { i % 4, 1, 2, 3, i % 3, 0 }), "test")),
            Generations = 1,
            Seed = 0,
            Curators = [new ChoosingBlocks(features)],
            Metrics = [new MeanFeature(features)],
        };
        await foreach (var _ in experiment.RunAsync()) { }

        // Generation 0 has no curator of the composed set: the metric asks there, the curator in generation 1.
        Assert.Equal([12, 12], asked);
    }

    static double[] Real => [.. Enumerable.Range(0, 20).Select(i => Math.Sin(i))];

    RecursiveExperiment<double> Experiment(DataPolicy policy, params ICurator<double>[] curators) => new()
    {
        NewModel = () => new Gaussian(),
        Real = new(Dataset<double>.Human(Real, "sine")),
        Codec = new NumberCodec(),
        Generations = 3,
        Seed = 1,
        Policy = policy,
        Curators = curators,
        Metrics = [new ModelNumber<double>("mean", m => ((Gaussian)m).Mean)],
        Store = (new RunStore(folder.Path).Run("curation", "arm", 1), Description("arm")),
    };

    static RunDescription Description(string arm) => new() { Recipe = "curation", Arm = arm, Seed = 1, Settings = [] };

    static async Task<IReadOnlyList<Generation>> RunAsync(RecursiveExperiment<double> experiment)
    {
        List<Generation> generations = [];
        await foreach (var generation in experiment.RunAsync()) generations.Add(generation);
        return generations;
    }

    sealed class Choosing(Func<Dataset<double>, CurationContext<double>, Curation<double>> choose) : ICurator<double>
    {
        public string Name => "choosing";

        public CurationPlace At { get; init; } = CurationPlace.Composed;

        public Sight Sees { get; init; } = Sight.Nothing;

        public async ValueTask<Curation<double>> CurateAsync(Dataset<double> set, CurationContext<double> context)
        {
            await Task.Yield(); // as a judge that is asked over a network
            return choose(set, context);
        }
    }

    sealed class ChoosingBlocks(IFeatures<int[]> features) : ICurator<int[]>
    {
        public string Name => "blocks";

        public ValueTask<Curation<int[]>> CurateAsync(Dataset<int[]> set, CurationContext<int[]> context) =>
            new(Curation<int[]>.Keeping(Enumerable.Range(0, set.Count).Where(i => context.Features(features, set)[i][0] >= 0)));
    }

    sealed class MeanFeature(IFeatures<int[]> features) : IMetric<int[]>
    {
        public string Name => "mean-feature";

        public IReadOnlyList<MetricNumber> Numbers => [new("", "mean", "", UnderCollapse.Varies, "test")];

        public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<int[]> context) =>
            new Dictionary<NumberKey, double> { [""] = context.Features(features, context.TrainingSet).Average(v => v[0]) };
    }

    sealed record Counted(List<int> Asked) : IFeatures<int[]>
    {
        public IReadOnlyList<double[]> Of(IReadOnlyList<int[]> samples, LoopContext<int[]> context)
        {
            Asked.Add(samples.Count);
            return [.. samples.Select(s => new[] { (double)s.Sum() })];
        }
    }
}
