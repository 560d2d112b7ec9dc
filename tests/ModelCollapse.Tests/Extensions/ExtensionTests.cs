using ModelCollapse.ClosedForm;
using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Models;
using ModelCollapse.Provenance;
using ModelCollapse.Recipes;
using ModelCollapse.Store;
using TorchSharp;

namespace ModelCollapse.Tests.Extensions;

/// <summary>What the table "files touched" of lib/README.md says: each extension lies in this assembly, in as many files as it says, and runs.</summary>
[Collection(nameof(Alone))]
public class ExtensionTests : IDisposable
{
    const string Everything = """
        {
          "name": "own",
          "data": { "corpus": { "kind": "own-corpus", "count": 120 }, "train": { "split": "train" }, "test": { "split": "test" }, "blockLength": 16, "perLineSpecials": false, "remainder": "drop-at-end", "testBlocks": 8, "promptBlocks": 8 },
          "model": { "shape": { "kind": "own-bigram", "vocabularySize": 300, "width": 8, "layers": 1, "heads": 1, "feedForward": 1, "maxPositions": 64, "tiedHead": false }, "tokenizer": "trained", "precision": "fp32" },
          "training": { "epochs": 1, "batchSize": 16, "learningRate": 0.01 },
          "sampling": { "promptTokens": 8, "blocksPerGeneration": 20, "decoding": { "sample": true, "maxNewTokens": 8, "minNewTokens": 8, "rules": [ { "kind": "own-rule", "least": 40 } ] } },
          "policy": "own-policy",
          "curators": [ { "kind": "own-curator", "most": 0.5 } ],
          "metrics": [ "perplexity", { "kind": "own-metric", "token": 45 } ],
          "generations": 2
        }
        """;

    readonly TemporaryFolder folder = new();

    public ExtensionTests() => Kinds.Register(typeof(ExtensionTests).Assembly);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_recipe_runs_with_a_metric_curator_policy_corpus_architecture_and_decoding_rule_of_another_assembly()
    {
        var study = TextStudy.Open(Recipe.Parse(Everything), RunDescription.OnlyArm, new DataFolder(folder.Path));
        List<Generation> generations = [];
        await foreach (var g in study.RunAsync(0, new RunStore(folder.Path))) generations.Add(g);

        Assert.Equal([0, 1, 2], generations.Select(g => g.Number));
        Assert.All(generations, g => Assert.InRange(g.Metrics["own.share"], 0, 1));
        Assert.All(generations, g => Assert.InRange(g.Metrics["perplexity.mean"], 1, 1000));
        Assert.All(generations.Skip(1), g => Assert.True(g.Metrics["curation.own-curator.kept"] > 0));
        var written = new TokenBlockCodec().Read(Path.Combine(generations[1].Folder!, RunFolder.SamplesFile));
        Assert.Equal(10, written.Count);
        Assert.All(written, text => Assert.All(text, token => Assert.True(token >= 40)));
        Assert.All(written.Origins, o => Assert.Equal("own-rule(40)", Assert.IsType<Origin.Synthetic>(o).Decoding.Rules[^1].ToString()));
        Assert.Contains(study.Hashes.Keys, name => name == "code.ModelCollapse.Tests");
    }

    [Fact]
    public void A_checkpoint_of_another_assemblys_architecture_is_saved_and_loaded()
    {
        using var model = CausalLM.Create(new OwnConfig { VocabularySize = 50, Width = 4, Layers = 1, Heads = 1, FeedForward = 1, MaxPositions = 32, TiedHead = false }, torch.float32, 1);
        model.Save(folder.Path);
        using var loaded = CausalLM.Load(folder.Path, torch.float32);

        Assert.IsType<OwnModel>(loaded);
        Assert.Equal(model.WeightsHash(), loaded.WeightsHash());
    }

    [Fact]
    public async Task A_closed_form_family_of_another_assembly_collapses_as_its_law_says()
    {
        // The ends of n uniform numbers leave (n − 1) / (n + 1) of an interval on average, in each generation.
        List<double> widths = [];
        for (var seed = 0; seed < 400; seed++)
        {
            var model = OwnDistribution.Uniform(0, 1);
            var experiment = new RecursiveExperiment<double[]>
            {
                NewModel = () => model,
                Real = new KnownTruth<double[]>(OwnDistribution.Uniform(0, 1), 20, seed),
                Generations = 3,
                Seed = seed,
            };
            await foreach (var _ in experiment.RunAsync()) { }
            widths.Add(model.Distribution.High - model.Distribution.Low);
        }

        // The standard error of the mean is about 0.005.
        Assert.Equal(Math.Pow(19.0 / 21, 4), widths.Average(), 0.02);
    }

    [Fact]
    public void An_unknown_kind_names_the_nearest()
    {
        var error = Assert.Throws<InputException>(() => Recipe.Parse(Everything.Replace("own-curator", "own-curater")));
        Assert.Contains("'own-curater' but must be one of", error.Message);
        Assert.Contains("did you mean 'own-curator'?", error.Message);
    }

    /// <summary>Files that each extension takes, beside the most that the issue of this design allowed.</summary>
    [Theory]
    [InlineData("metric", 2, "OwnMetric.cs")]
    [InlineData("curator", 1, "OwnCurator.cs")]
    [InlineData("data policy", 1, "OwnPolicy.cs")]
    [InlineData("closed-form family", 1, "OwnDistribution.cs")]
    [InlineData("language-model architecture", 3, "OwnConfig.cs", "OwnModel.cs")]
    [InlineData("corpus", 2, "OwnCorpus.cs")]
    [InlineData("decoding rule", 2, "OwnDecodingRule.cs")]
    [InlineData("figure", 1, "OwnFigure.cs")]
    [InlineData("kind of claim", 1, "OwnClaim.cs")]
    public void The_table_of_the_library_says_how_many_files_an_extension_takes(string what, int most, params string[] files)
    {
        Assert.All(files, file => Assert.True(File.Exists(Repository.PathOf($"tests/ModelCollapse.Tests/Extensions/{file}")), file));
        Assert.InRange(files.Length, 1, most);
        var row = File.ReadLines(Repository.PathOf("lib/README.md")).Single(line => line.StartsWith($"| {what} |", StringComparison.Ordinal));
        Assert.Contains($"| {files.Length} |", row);
    }
}
