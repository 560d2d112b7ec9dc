using System.Text.Json.Nodes;
using ModelCollapse.ClosedForm;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;
using ModelCollapse.Recipes;
using ModelCollapse.Store;
using ModelCollapse.Tests.Store;
using static ModelCollapse.Tests.Store.RunFixture;

namespace ModelCollapse.Tests.Generations;

public class RecursiveExperimentTests : IDisposable
{
    readonly RunFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Generation_0_is_the_fit_to_real_data_and_each_later_one_is_fitted_to_the_last_ones_samples()
    {
        var generations = await RunAll(fixture.Experiment(generations: 3));

        var real = RunFixture.Data();
        Assert.Equal([0, 1, 2, 3], generations.Select(g => g.Number));
        Assert.Equal(real.Average(), generations[0].Metrics["moments.mean"], 12);
        for (var t = 1; t <= 3; t++)
        {
            var samples = Read(generations[t - 1], "samples.parquet");
            Assert.Equal(20, samples.Count);
            Assert.All(samples.Origins, o => Assert.Equal(t - 1, Assert.IsType<Origin.Synthetic>(o).Generation));
            Assert.Equal(samples.Average(), generations[t].Metrics["moments.mean"], 12);
        }
    }

    [Fact]
    public async Task A_run_in_memory_gives_the_numbers_of_a_stored_one_and_leaves_nothing()
    {
        var stored = await RunAll(fixture.Experiment());
        var inMemory = await RunAll(new RecursiveExperiment<double>
        {
            NewModel = () => new Gaussian(),
            Real = new(RunFixture.Data()),
            Codec = new NumberCodec(),
            Generations = 5,
            PerGeneration = 20,
            Seed = 0,
            Prompts = PromptSource.Original,
            PromptSelection = PromptSelection.Random,
            Metrics = [new Moments()],
        });

        Assert.Equal(stored.Select(g => g.Metrics), inMemory.Select(g => g.Metrics));
        Assert.All(inMemory, g => Assert.Null(g.Folder));
    }

    [Fact]
    public async Task The_control_of_real_data_never_samples()
    {
        var generations = await RunAll(fixture.Experiment(policy: new PreserveFraction(1), model: () => new NeverSampled(), metric: new Origins()));

        Assert.Equal(20, generations[5].Metrics["origins.Human"]);
        Assert.All(generations, g => Assert.False(File.Exists(Path.Combine(g.Folder!, "samples.parquet"))));
        Assert.All(Read(generations[5], "training.parquet").Origins, o => Assert.IsType<Origin.Human>(o));
    }

    [Theory]
    [InlineData(InitialWeights.Previous, 3.0)]
    [InlineData(InitialWeights.Generation0, 2.0)]
    [InlineData(InitialWeights.Pretrained, 1.0)]
    public async Task A_fit_starts_from_the_chosen_weights(InitialWeights initial, double fits)
    {
        // The model counts how many fits its weights have behind them: after generation 2 that is 3, 2 or 1.
        var generations = await RunAll(fixture.Experiment(initial: initial, generations: 2, model: () => new CountingModel(), metric: new FitCount()));

        Assert.Equal(fits, generations[2].Metrics["fits"]);
    }

    [Theory]
    [InlineData(PromptSource.Original, PromptSelection.First)]
    [InlineData(PromptSource.Original, PromptSelection.Random)]
    [InlineData(PromptSource.Generated, PromptSelection.First)]
    public async Task Prompts_are_those_asked_for_and_their_index_is_that_in_the_whole_set(PromptSource source, PromptSelection selection)
    {
        var seen = new List<(int Generation, Dataset<double> Prompts)>();
        var experiment = new RecursiveExperiment<double>
        {
            NewModel = () => new Echo(seen),
            Real = new(RunFixture.Data()),
            Codec = new NumberCodec(),
            Generations = 3,
            PerGeneration = 20,
            Seed = 5,
            Prompts = source,
            PromptSelection = selection,
            Store = (fixture.Store.Run("gauss", "a", 5), new RunDescription { Recipe = "gauss", Arm = "a", Seed = 5, Settings = [] }),
        };
        var generations = await RunAll(experiment);

        Assert.Equal([0, 1, 2, 3], seen.Select(s => s.Generation));
        for (var t = 1; t <= 4; t++)
        {
            var prompts = seen[t - 1].Prompts;
            var from = source == PromptSource.Original || t == 1 ? RunFixture.Data() : Read(generations[t - 2], "samples.parquet");
            Assert.Equal(20, prompts.Count);
            if (selection == PromptSelection.First) Assert.Equal(from.Take(20), prompts);
            else Assert.Equal(20, prompts.Distinct().Count());

            // Echo writes its prompt, so the recorded index must lead to it.
            var samples = Read(generations[t - 1], "samples.parquet");
            for (var i = 0; i < 20; i++) Assert.Equal(samples[i], from[Assert.IsType<Origin.Synthetic>(samples.Origins[i]).Prompt]);
        }

        if (selection == PromptSelection.Random) Assert.NotEqual(seen[0].Prompts, seen[1].Prompts);
    }

    public static TheoryData<DataPolicy> Policies => [new Replace(), new PreserveFraction(0.1), new PreserveFraction(1), new Accumulate(), new AccumulateSubsample(), new GrowingReplace()];

    [Theory, MemberData(nameof(Policies))]
    public async Task What_a_metric_reads_is_what_the_next_generation_is_trained_on_and_changes_nothing_else(DataPolicy policy)
    {
        var plain = await RunAll(fixture.Experiment("plain", policy: policy));
        var ahead = await RunAll(fixture.Experiment("ahead", policy: policy, metric: new Moments(ahead: true), evaluation: HeldOut));
        var inMemory = await RunAll(Stripped(fixture.Experiment("memory", policy: policy, metric: new Moments(ahead: true), evaluation: HeldOut)));

        Assert.Equal(ahead.Select(g => g.Metrics), inMemory.Select(g => g.Metrics));
        Assert.Equal(plain.Select(g => g.Metrics), ahead.Select(g => g.Metrics.Where(m => m.Key.Number.Name is not ("written" or "own" or "prompts")).ToDictionary()));
        for (var t = 0; t <= 5; t++)
        {
            var needed = policy.SyntheticCount(new(t + 1, 50, 20));
            Assert.Equal(needed > 0, File.Exists(Path.Combine(ahead[t].Folder!, "samples.parquet")));
            var written = needed > 0 ? Read(ahead[t], "samples.parquet") : Dataset<double>.Empty;
            Assert.Equal(needed, written.Count);
            Assert.Equal(ahead[t].Metrics["moments.written"], written.Sum());
            if (needed > 0) Assert.Equal(Bytes(plain[t], "samples.parquet"), Bytes(ahead[t], "samples.parquet"));
            Assert.Equal(ahead[t].Metrics["moments.own"], Read(ahead[t], "own-text.parquet").Sum());
            Assert.False(File.Exists(Path.Combine(plain[t].Folder!, "own-text.parquet")));
            if (t < 5) AssertTrainedOn(written, ahead[t + 1], policy);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.1)]
    public async Task Written_text_leads_to_its_prompts_and_its_own_text_to_the_held_out_ones_in_every_arm(double preserved)
    {
        var reader = new TextReader();
        var experiment = fixture.Experiment(policy: new PreserveFraction(preserved), model: () => new Echo([]), metric: reader, prompts: PromptSource.Generated, evaluation: HeldOut);
        var generations = await RunAll(experiment);

        for (var t = 0; t <= 5; t++)
        {
            var (written, own, prompts) = reader.Seen[t];
            Assert.Equal(preserved == 1 ? 0 : 18, written.Count);
            var from = t == 0 || preserved == 1 ? RunFixture.Data() : Read(generations[t - 1], "samples.parquet");
            for (var i = 0; i < written.Count; i++) Assert.Equal(written[i], from[Assert.IsType<Origin.Synthetic>(written.Origins[i]).Prompt]);

            Assert.Equal(HeldOut.AsEnumerable(), prompts);
            Assert.Equal(HeldOut.AsEnumerable(), own);
            Assert.Equal(Enumerable.Range(0, 7), own.Origins.Select(o => Assert.IsType<Origin.Synthetic>(o).Prompt));
            Assert.Equal(own.Origins, Read(generations[t], "own-text.parquet").Origins);
        }
    }

    /// <summary>All that model t − 1 wrote is in training set t; where the policy draws from a pool, what is in it of that model's is what it wrote.</summary>
    static void AssertTrainedOn(Dataset<double> written, Generation generation, DataPolicy policy)
    {
        var set = TrainingSet(generation);
        var found = set.Where((_, i) => set.Origins[i] is Origin.Synthetic synthetic && synthetic.Generation == generation.Number - 1);
        if (policy is AccumulateSubsample) Assert.Subset(written.ToHashSet(), found.ToHashSet());
        else Assert.Equal(written.Order(), found.Order());
    }

    static Dataset<double> Read(Generation generation, string file) => new NumberCodec().Read(Path.Combine(generation.Folder!, file));

    static byte[] Bytes(Generation generation, string file) => File.ReadAllBytes(Path.Combine(generation.Folder!, file));

    /// <summary>What a generation was trained on, in the file that its record names.</summary>
    static Dataset<double> TrainingSet(Generation generation) =>
        Read(generation, JsonNode.Parse(File.ReadAllText(Path.Combine(generation.Folder!, "generation.json")))!["trainingFile"]!.GetValue<string>());

    static RecursiveExperiment<double> Stripped(RecursiveExperiment<double> e) => new()
    {
        NewModel = e.NewModel,
        Real = e.Real,
        Generations = e.Generations,
        PerGeneration = e.PerGeneration,
        Seed = e.Seed,
        Policy = e.Policy,
        EvaluationPrompts = e.EvaluationPrompts,
        Prompts = e.Prompts,
        PromptSelection = e.PromptSelection,
        Metrics = e.Metrics,
    };

    [Fact]
    public async Task Arms_with_the_same_seed_share_their_random_numbers_and_seeds_do_not()
    {
        var a = await RunAll(fixture.Experiment("a"));
        var b = await RunAll(fixture.Experiment("b"));
        var other = await RunAll(fixture.Experiment("a", seed: 1));

        Assert.Equal(a.Select(g => g.Metrics), b.Select(g => g.Metrics));
        Assert.NotEqual(a[1].Metrics["moments.mean"], other[1].Metrics["moments.mean"]);
    }

    [Fact]
    public async Task Accumulate_keeps_every_set_and_replace_does_not()
    {
        var accumulated = await RunAll(fixture.Experiment("acc", policy: new Accumulate()));
        Assert.Equal([50, 70, 90, 110, 130, 150], accumulated.Select(g => (int)g.Metrics["moments.training"]));
    }

    [Fact]
    public void Replaced_Gaussians_lose_variance_at_the_rate_of_maximum_likelihood()
    {
        // E[σ²_t] = σ²_0 (1 − 1/M)^t: M = 20 and t = 5 give 0.774. Over 2,000 seeds the mean ratio has a standard error of about 0.015.
        var ratios = new List<double>();
        for (var seed = 0; seed < 2000; seed++)
        {
            var model = new Gaussian(0, 1);
            for (var t = 1; t <= 5; t++) model.Fit(model.Sample(20, new(t - 1, Seeds.Derive(seed, t, "sample"))), new(t, 0));
            ratios.Add(model.StandardDeviation * model.StandardDeviation);
        }

        Assert.Equal(Math.Pow(0.95, 5), ratios.Average(), 0.06);
    }

    [Theory]
    [InlineData(Sight.Nothing)]
    [InlineData(Sight.Marks)]
    [InlineData(Sight.Origins)]
    public async Task A_curator_sees_the_origins_that_it_may_see_and_cannot_remove_them(Sight sight)
    {
        var curator = new DropFirst(sight);
        var experiment = new RecursiveExperiment<double>
        {
            NewModel = () => new Gaussian(),
            Real = new(RunFixture.Data()),
            Codec = new NumberCodec(),
            Generations = 1,
            PerGeneration = 20,
            Seed = 0,
            Curators = [curator],
            Metrics = [new Origins()],
        };
        var generations = await RunAll(experiment);

        Assert.Equal(20, curator.Seen.Count);
        if (sight == Sight.Origins) Assert.All(curator.Seen, o => Assert.IsType<Origin.Synthetic>(o));
        else Assert.All(curator.Seen, o => Assert.Equal(Origin.Unknown.Value, o));
        Assert.Equal(19, generations[1].Metrics["origins.Synthetic"]);
    }

    sealed class DropFirst(Sight sight) : ICurator<double>
    {
        public List<Origin> Seen { get; } = [];

        public string Name => "drop-first";

        public Sight Sees => sight;

        public ValueTask<Curation<double>> CurateAsync(Dataset<double> set, CurationContext<double> c)
        {
            Seen.AddRange(set.Origins);
            return ValueTask.FromResult(Curation<double>.Keeping(Enumerable.Range(1, set.Count - 1)));
        }
    }

    sealed class Origins : IMetric<double>
    {
        public string Name => "origins";

        public IReadOnlyList<MetricNumber> Numbers => RunFixture.Numbers(nameof(Origin.Human), nameof(Origin.Synthetic));

        public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<double> c) =>
            c.TrainingSet.Origins.GroupBy(o => o.GetType().Name).ToDictionary(g => new NumberKey(g.Key), g => (double)g.Count());
    }

    sealed class TextReader : IMetric<double>
    {
        public List<(Dataset<double> Written, Dataset<double> Own, Dataset<double> OwnPrompts)> Seen { get; } = [];

        public string Name => "texts";

        public IReadOnlyList<MetricNumber> Numbers => [];

        public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<double> c)
        {
            Seen.Add((c.Written, c.OwnText, c.OwnPrompts));
            return new Dictionary<NumberKey, double>();
        }
    }

    sealed class FitCount : IMetric<double>
    {
        public string Name => "fits";

        public IReadOnlyList<MetricNumber> Numbers => RunFixture.Numbers("");

        public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<double> c) => new Dictionary<NumberKey, double> { [""] = ((CountingModel)c.Model).Fits };
    }

    sealed class CountingModel : TestModel
    {
        public int Fits { get; private set; }

        public override void Fit(Dataset<double> data, FitOptions options) => Fits++;

        public override void Save(string folder) => File.WriteAllText(Path.Combine(folder, "fits"), $"{Fits}");

        public override void Load(string folder) => Fits = int.Parse(File.ReadAllText(Path.Combine(folder, "fits")));
    }

    sealed class Echo(List<(int, Dataset<double>)> seen) : TestModel
    {
        public override Dataset<double> Sample(int count, SampleOptions<double> options)
        {
            seen.Add((options.Generation, options.Prompts!));
            return new(options.Prompts!, Enumerable.Range(0, count).Select(i => new Origin.Synthetic("echo", options.Generation, "echo", options.Seed, i)));
        }
    }

    sealed class NeverSampled : IGenerativeModel<double>
    {
        readonly Gaussian inner = new();

        public void Fit(Dataset<double> data, FitOptions options) => inner.Fit(data, options);

        public Dataset<double> Sample(int count, SampleOptions<double> options) => throw new InvalidOperationException("The control sampled.");

        public void Save(string folder) => inner.Save(folder);

        public void Load(string folder) => inner.Load(folder);
    }

    abstract class TestModel : IGenerativeModel<double>
    {
        public virtual void Fit(Dataset<double> data, FitOptions options) { }

        public virtual Dataset<double> Sample(int count, SampleOptions<double> options) =>
            new(Enumerable.Range(0, count).Select(i => (double)i), Enumerable.Repeat(new Origin.Synthetic("m", options.Generation, "count", options.Seed, -1), count));

        public virtual void Save(string folder) => File.WriteAllText(Path.Combine(folder, "empty"), "");

        public virtual void Load(string folder) { }
    }
}
