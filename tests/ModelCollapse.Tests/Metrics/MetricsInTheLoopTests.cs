using System.ComponentModel.DataAnnotations;
using System.Reflection;
using ModelCollapse.ClosedForm;
using ModelCollapse.Data;
using ModelCollapse.Data.Almanac;
using ModelCollapse.Generations;
using ModelCollapse.Images;
using ModelCollapse.Language;
using ModelCollapse.Metrics;
using ModelCollapse.Models;
using ModelCollapse.Provenance;
using ModelCollapse.Store;
using ModelCollapse.Text;

namespace ModelCollapse.Tests.Metrics;

/// <summary>Every metric that recipes can name, in the loop, on the smallest language model that there is.</summary>
public class MetricsInTheLoopTests
{
    const int Prompts = 24, Length = 64, Prompt = 16;

    static readonly AlmanacWorld World = AlmanacWorld.Of(new() { Entities = 60, TrainArticles = 120, TestArticles = 40 });
    static readonly AlmanacCorpus Corpus = new(World);
    static readonly BytePairTokenizer Tokenizer = BpeTrainer.Train(Corpus.Documents("train"), 700);
    static readonly TokenBlockOptions Cut = new() { Remainder = Remainder.DropAtEnd, PerLineSpecials = false };
    static readonly int[][] Train = [.. Blocks("train").Take(80)], Test = [.. Blocks("test").Take(40)];

    /// <summary>The metrics that need a network or an encoder; they have tests of their own.</summary>
    static readonly Type[] OfNetworks = [typeof(OwnFeatures), typeof(TrainingFeatures), typeof(OwnEmbeddings), typeof(TrainingEmbeddings)];

    static MetricsInTheLoopTests() => Kinds.Register(typeof(LanguageModel).Assembly);

    static IReadOnlyList<int[]> Blocks(string split) => TokenBlocks.Cut(Corpus.Documents(split), Tokenizer, Cut).Blocks;

    static TextSetting Setting => new() { Tokenizer = Tokenizer, Test = Test, Corpus = Corpus, Cut = Cut, PromptTokens = Prompt, NewTokens = Length };

    static IMetric<int[]> New(Type kind) => kind == typeof(SampleTexts) ? new SampleTexts { Prompts = [" = A = \n"] } : (IMetric<int[]>)Activator.CreateInstance(kind)!;

    static RecursiveExperiment<int[]> Experiment(IReadOnlyList<IMetric<int[]>> metrics, int generations = 1, int prompts = Prompts, TextSetting? setting = null) => new()
    {
        NewModel = () => new NGram(Tokenizer.VocabularySize, order: 1, Length),
        Real = new(Dataset<int[]>.Human(Train, "almanac/train")),
        Generations = generations,
        PerGeneration = 40,
        Seed = 1,
        Metrics = metrics,
        Setting = new(setting ?? Setting),
        EvaluationPrompts = prompts == 0 ? null : Dataset<int[]>.Human(Test.Take(prompts).Select(b => b[..Prompt]), "almanac/test"),
    };

    static async Task<List<Generation>> RunAsync(RecursiveExperiment<int[]> experiment)
    {
        List<Generation> generations = [];
        await foreach (var generation in experiment.RunAsync(TestContext.Current.CancellationToken)) generations.Add(generation);
        return generations;
    }

    /// <summary>The loop refuses a number that is not described, so that what is left to see is that none is described in vain.</summary>
    [Fact]
    public async Task Every_metric_gives_the_numbers_that_it_describes_and_the_same_ones_again()
    {
        IMetric<int[]>[] metrics = [.. Kinds.Of(typeof(IMetric<int[]>)).Values.Except(OfNetworks).Where(IsOurs).Select(New)];
        var (run, again) = (await RunAsync(Experiment(metrics)), await RunAsync(Experiment(metrics)));
        Assert.Equal(run.Select(g => g.Metrics), again.Select(g => g.Metrics));
        Assert.InRange(metrics.Length, 14, 40);
        foreach (var generation in run)
            foreach (var metric in metrics)
            {
                var given = generation.Metrics.Keys.Where(k => k.Metric == metric.Name).Select(k => k.Number.Name).ToHashSet();
                // What a model of pairs of tokens writes need not have a word of English.
                if (metric is TextReadability && given.Count == 0) continue;
                Assert.Equal(metric.Numbers.Select(n => n.Name).Order(StringComparer.Ordinal), given.Order(StringComparer.Ordinal));
            }
    }

    [Fact]
    public async Task Own_text_is_what_the_model_writes_and_the_training_set_is_what_it_read()
    {
        var run = await RunAsync(Experiment([new OwnDiversity(), new TrainingDiversity(), new OwnReadability { Blocks = 5 }, new TrainingDiversityOfOne()]));
        Assert.All(run, g => Assert.Equal(Prompts, g.Metrics["diversity.blocks"]));
        Assert.All(run, g => Assert.Equal(40, g.Metrics["training-diversity.blocks"])); // n, though generation 0 is trained on 80
        Assert.All(run, g => Assert.Equal(1, g.Metrics["one.blocks"]));
        // Generation 0 reads people's text, and does not write it.
        Assert.NotEqual(run[0].Metrics["diversity.entropy"], run[0].Metrics["training-diversity.entropy"]);
        Assert.True(run[0].Metrics["training-diversity.distinct-4"] < run[0].Metrics["diversity.distinct-4"]); // formulas against pairs drawn at random
    }

    /// <summary>A metric of the test's own: one file, nothing else touched.</summary>
    sealed class TrainingDiversityOfOne : IMetric<int[]>
    {
        public string Name => "one";

        public IReadOnlyList<MetricNumber> Numbers => [new("blocks", "Texts", "texts", UnderCollapse.Varies, "definition")];

        public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<int[]> c) => new TrainingDiversity { Blocks = 1 }.Measure(c).Where(n => n.Key == "blocks").ToDictionary();
    }

    /// <summary>Under its own relative frequencies a model of pairs has the cross-entropy that counting gives.</summary>
    [Fact]
    public async Task Training_perplexity_of_generation_0_is_that_of_the_counted_pairs()
    {
        var run = await RunAsync(Experiment([new TrainingPerplexity()], generations: 0));
        var model = new NGram(Tokenizer.VocabularySize, 1, Length);
        model.Fit(Dataset<int[]>.Human(Train, ""), new(0, 0));
        var logs = Train.SelectMany(b => Enumerable.Range(1, b.Length - 1).Select(i => Math.Log(model.Next(b.AsSpan(0, i))[b[i]])));
        Assert.Equal(Math.Exp(-logs.Average()), run[0].Metrics["training-perplexity.ofMeanLoss"], 1e-9);
    }

    /// <summary>A small network, so that there are hidden states. Human text is embedded once for all generations that share model 0.</summary>
    [Fact]
    public async Task Features_of_model_0_compare_own_text_and_training_set_with_human_text()
    {
        var run = await RunAsync(OfNetwork([new OwnFeatures(), new TrainingFeatures { MostBlocks = 20 }]));
        Assert.All(run, g => Assert.Equal((Prompts, 20), (g.Metrics["features.blocks"], g.Metrics["training-features.blocks"])));
        foreach (var metric in (IMetric<int[]>[])[new OwnFeatures(), new TrainingFeatures()])
            Assert.All(run, g => Assert.Equal(metric.Numbers.Select(n => n.Name).Order(), g.Metrics.Keys.Where(k => k.Metric == metric.Name).Select(k => k.Number.Name).Order()));
        Assert.All(run.SelectMany(g => g.Metrics), m => Assert.True(double.IsFinite(m.Value), m.Key.ToString()));
        Assert.Equal(run.Select(g => g.Metrics), (await RunAsync(OfNetwork([new OwnFeatures(), new TrainingFeatures { MostBlocks = 20 }]))).Select(g => g.Metrics));
    }

    [Fact, Trait("kind", "data")]
    public async Task Embeddings_find_the_training_set_of_generation_0_nearer_to_human_text_than_what_pairs_of_tokens_write()
    {
        var run = await RunAsync(Experiment([new OwnEmbeddings(), new TrainingEmbeddings { MostBlocks = Prompts }], generations: 0, setting: Setting with { Folder = new(TestData.Root) }));
        Assert.True(run[0].Metrics["training-embeddings.frechet"] < run[0].Metrics["embeddings.frechet"]);
        Assert.Equal(Prompts, run[0].Metrics["training-embeddings.blocks"]);
    }

    static RecursiveExperiment<int[]> OfNetwork(IReadOnlyList<IMetric<int[]>> metrics)
    {
        OptConfig config = new()
        {
            Layers = 1, Width = 16, EmbeddingWidth = 16, Heads = 2, FeedForward = 32, VocabularySize = Tokenizer.VocabularySize, MaxPositions = 128, TiedHead = true, BosId = 2, EosIds = [2], PadId = 1,
        };
        var small = Experiment(metrics);
        return new()
        {
            NewModel = () => new LanguageModel(CausalLM.Create(config, TorchSharp.torch.float32, 1), Tokenizer, new()
            {
                Training = _ => new() { Epochs = 1, MaxSteps = 2, BatchSize = 8 }, Decoding = new() { Sample = true, MaxNewTokens = 20 }, PromptTokens = Prompt,
            }),
            Real = small.Real, Generations = 2, PerGeneration = 40, Seed = 1, Metrics = metrics, Setting = small.Setting, EvaluationPrompts = small.EvaluationPrompts, Prompts = PromptSource.Original,
        };
    }

    [Fact]
    public void Features_are_the_words_and_the_probability_of_a_text_as_they_are_defined()
    {
        var model0 = new NGram(Tokenizer.VocabularySize, 1, Length);
        model0.Fit(Dataset<int[]>.Human(Train, ""), new(0, 0));
        GenerationContext<int[]> c = new(() => model0, "")
        {
            Generation = 0, Seed = 0, Model = model0, TrainingSet = Dataset<int[]>.Empty, Synthetic = Dataset<int[]>.Empty, Real = Dataset<int[]>.Human(Train, ""), Setting = new(Setting),
        };
        var words = TfIdf.Fit([.. Train.Select(b => Tokenizer.Decode(b))]);
        Assert.Equal(Train[..5].Select(b => words.Vector(Tokenizer.Decode(b))), c.Features(new TfIdfFeatures(), Train[..5]));
        Assert.Equal(Evaluation.Of(model0, Train[..5]).Perplexities.Select(p => -Math.Log(p)), c.Features(new LogProbabilityFeatures(), Train[..5]).Select(v => v.Single()), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Same(c.Features(new TfIdfFeatures(), Train[..1])[0], c.Features(new TfIdfFeatures(), Train[..5])[0]);
    }

    [Fact]
    public void Two_metrics_with_one_number_are_refused_before_anything_is_run()
    {
        Assert.Contains("'diversity'", Assert.Throws<InputException>(Experiment([new OwnDiversity(), new OwnDiversity { Blocks = 3 }]).Check).Message);
        Experiment([new OwnDiversity(), new TrainingDiversity()]).Check();
    }

    [Fact]
    public void What_cannot_be_measured_is_said_before_anything_is_run()
    {
        foreach (var metric in (IMetric<int[]>[])[new OwnDiversity(), new OwnLexicalDiversity(), new OwnReadability(), new AlmanacText(), new CopiedText(), new OwnFeatures()])
            Assert.Contains($"'{metric.Name}'", Refused(Experiment([metric], prompts: 0)));
        Assert.Contains("corpus 'almanac'", Refused(Experiment([new AlmanacCloze()], setting: Setting with { Corpus = null })));
        Assert.Contains("'almanac-text'", Refused(Experiment([new AlmanacText()], setting: Setting with { Corpus = null })));
        Assert.Contains("asks for 25 blocks, but there are 24", Refused(Experiment([new OwnDiversity { Blocks = 25 }])));
        Assert.Contains("asks for 41 blocks, but there are 40", Refused(Experiment([new TrainingLexicalDiversity { Blocks = 41 }])));
        Assert.Contains("'training-features'", Refused(Experiment([new TrainingFeatures()], setting: Setting with { Test = Test[..3] })));
        Assert.Contains("'perplexity'", Refused(Experiment([new TestPerplexity()], setting: Setting with { Test = [] })));
        Assert.Contains("'prompts' is empty", Refused(Experiment([new SampleTexts { Prompts = [] }])));
        Assert.Contains("sentence encoder", Refused(Experiment([new OwnEmbeddings()], setting: Setting with { Folder = new(Path.GetTempPath()) })));

        static string Refused(RecursiveExperiment<int[]> experiment) => Assert.Throws<InputException>(experiment.Check).Message;
    }

    [Fact]
    public async Task A_model_that_is_none_of_text_is_named()
    {
        var experiment = new RecursiveExperiment<int[]>
        {
            NewModel = () => new Ensemble<int>(2, _ => Discrete.Zipf(5, 1)), Real = new(Dataset<int[]>.Human([[1, 2], [3, 4]], "")), Generations = 0, Seed = 0,
            Metrics = [new TestPerplexity()], Setting = new(Setting),
        };
        var refused = await Assert.ThrowsAsync<InputException>(async () => { await foreach (var _ in experiment.RunAsync(TestContext.Current.CancellationToken)) { } });
        Assert.Contains("'perplexity' needs a model that scores text, but Ensemble", refused.Message);
    }

    [Fact]
    public void Metrics_are_read_from_JSON_and_written_back_with_their_settings_alone()
    {
        foreach (var (name, type) in Kinds.Of(typeof(IMetric<int[]>)).Where(k => IsOurs(k.Value)))
        {
            var metric = New(type);
            Assert.Equal(name, metric.Name);
            var json = System.Text.Json.JsonSerializer.SerializeToNode(metric, StrictJson.Options)!.AsObject();
            Assert.Equal(name, (string?)json["kind"]);
            Assert.All(json, p => Assert.Contains(p.Key, (string[])["kind", "blocks", "mostBlocks", "perDecile", "answers", "prompts", "n"]));
            if (type != typeof(SampleTexts)) Assert.Equal(metric, StrictJson.Read<IMetric<int[]>>(json, "The test"));
        }

        Assert.Equal(new OwnDiversity { Blocks = 7 }, StrictJson.Read<IMetric<int[]>>(System.Text.Json.Nodes.JsonNode.Parse("""{ "kind": "diversity", "blocks": 7 }""")!, "The test"));
        Assert.Contains("metric", StrictJson.Read<IMetric<int[]>>("perplexity", "The test").GetType().Name + "metric");
    }

    [Fact]
    public void Every_numeric_setting_has_a_range_and_a_default_within_it()
    {
        foreach (var type in Kinds.Of(typeof(IMetric<int[]>)).Values.Concat(Kinds.Of(typeof(IMetric<float[]>)).Values).Where(IsOurs).Distinct())
            foreach (var setting in type.GetProperties().Where(p => p.SetMethod is not null && (Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType).IsPrimitive))
            {
                var range = setting.GetCustomAttribute<RangeAttribute>();
                Assert.True(range is not null, $"{type.Name}.{setting.Name} has no range.");
                Assert.True(range.IsValid(setting.GetValue(Activator.CreateInstance(type))), $"{type.Name}.{setting.Name}");
            }
    }

    static bool IsOurs(Type type) => type.Assembly == typeof(TextMeasure).Assembly || type.Assembly == typeof(LatentDeviation).Assembly;
}
