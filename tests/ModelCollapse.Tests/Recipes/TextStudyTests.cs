using ModelCollapse.ClosedForm;
using ModelCollapse.Curation;
using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Metrics;
using ModelCollapse.Provenance;
using ModelCollapse.Recipes;
using ModelCollapse.Store;
using ModelCollapse.Tests.Extensions;

namespace ModelCollapse.Tests.Recipes;

/// <summary>A study is a value: what replaces the recipe's parts runs, and belongs to the identity of the run.</summary>
[Collection(nameof(Alone))]
public class TextStudyTests : IDisposable
{
    const string Small = """
        {
          "name": "small",
          "data": { "corpus": "almanac", "train": { "split": "train" }, "test": { "split": "test" }, "blockLength": 16, "perLineSpecials": false, "remainder": "drop-at-end", "trainBlocks": 40, "testBlocks": 10, "promptBlocks": 10 },
          "model": { "preset": "almanac", "weights": "pretrained", "precision": "fp32" },
          "training": { "epochs": 1, "batchSize": 8, "learningRate": 1e-3 },
          "sampling": { "promptTokens": 8, "blocksPerGeneration": 16, "decoding": { "sample": true, "maxNewTokens": 16, "minNewTokens": 16 } },
          "metrics": ["perplexity", "diversity"],
          "generations": 2,
          "factors": {
            "policy": { "replace": { "set": { "policy": "Replace" } }, "control": { "set": { "policy": { "kind": "PreserveFraction", "fraction": 1 } } } }
          },
          "control": { "policy": "control" }
        }
        """;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_n_gram_model_takes_the_place_of_the_network_and_has_perplexity()
    {
        var study = Open() with { Model = seed => new NGram(2048, 1, 16) };
        var generations = await RunAsync(study);

        Assert.All(generations, g => Assert.True(g.Metrics["perplexity.mean"] > 1));
        Assert.All(generations, g => Assert.True(g.Metrics["diversity.distinct-2"] > 0));
        Assert.Equal("model", Assert.Single(study.Describe(0).Replaced).What);
    }

    [Fact]
    public async Task What_is_replaced_is_another_run_and_changed_settings_never_resume()
    {
        var study = Open();
        await RunAsync(study);
        foreach (var other in new[] { study with { Curators = [new ExactDeduplication()] }, study with { Policy = new Accumulate() }, study with { Metrics = [.. study.Metrics, new OwnMetric()] } })
        {
            var error = await Assert.ThrowsAsync<InputException>(() => RunAsync(other));
            Assert.Contains("holds a run with other settings (replaced was null and is now", error.Message);
        }

        var first = study with { Metrics = [.. study.Metrics, new OwnMetric { Token = 5 }] };
        var second = study with { Metrics = [.. study.Metrics, new OwnMetric { Token = 6 }] };
        Assert.NotEqual(first.Describe(0).IdentityHash, second.Describe(0).IdentityHash);
        var replaced = Assert.Single(first.Describe(0).Replaced);
        Assert.Equal(("metric own", typeof(OwnMetric).FullName, "5"), (replaced.What, replaced.Type, (string?)replaced.Settings["Token"]));
        Assert.Equal(AtomicFolder.HashOf(typeof(OwnMetric).Assembly.Location), replaced.AssemblyHash);
    }

    [Fact]
    public void Equal_parts_replace_nothing()
    {
        var study = Open();
        var same = study with { Policy = new Replace(), Metrics = [.. study.Metrics] };
        Assert.Empty(same.Describe(0).Replaced);
        Assert.Equal(study.Describe(0).IdentityHash, same.Describe(0).IdentityHash);
    }

    [Fact]
    public async Task Every_arm_is_asked_with_the_same_held_out_prompts()
    {
        var replace = await RunAsync(Open("replace"));
        var control = await RunAsync(Open("control"));
        foreach (var generation in replace.Concat(control))
        {
            var own = new TokenBlockCodec().Read(Path.Combine(generation.Folder!, RunFolder.OwnTextFile));
            Assert.Equal(Enumerable.Range(0, 10), own.Origins.Select(o => Assert.IsType<Origin.Synthetic>(o).Prompt));
            Assert.All(own.Origins, o => Assert.Equal(generation.Number, ((Origin.Synthetic)o).Generation));
        }

        Assert.Equal(File.ReadAllBytes(Path.Combine(replace[0].Folder!, RunFolder.OwnTextFile)), File.ReadAllBytes(Path.Combine(control[0].Folder!, RunFolder.OwnTextFile)));
        Assert.False(File.Exists(Path.Combine(control[1].Folder!, RunFolder.SamplesFile)));
    }

    [Fact]
    public void A_description_says_what_the_arm_stands_for_and_what_its_numbers_mean()
    {
        var description = Open("replace").Describe(3);
        Assert.Equal(("replace", "control", "replace"), (description.Factors["policy"], description.Control, description.Label));
        Assert.Null(Open("control").Describe(3).Control);
        Assert.Contains(description.Numbers[TestPerplexity.MetricName], n => n is { Name: "ofMeanLoss", UnderCollapse: UnderCollapse.Rises });
    }

    [Fact]
    public void Fields_at_their_default_change_no_identity()
    {
        var spelt = Recipe.Parse(Small).With("training.weightDecay=0.01", "sampling.surplus=1", "data.remainder=drop-at-end");
        Assert.Equal(Describe(Recipe.Parse(Small)).IdentityHash, Describe(spelt).IdentityHash);
        Assert.NotEqual(Describe(Recipe.Parse(Small)).IdentityHash, Describe(Recipe.Parse(Small).With("training.weightDecay=0.02")).IdentityHash);
        Assert.Null(Describe(spelt).Identity!["training"]!["weightDecay"]);

        RunDescription Describe(Recipe recipe) => TextStudy.Open(recipe, "replace", new DataFolder(folder.Path)).Describe(0);
    }

    TextStudy Open(string arm = "replace") => TextStudy.Open(Recipe.Parse(Small), arm, new DataFolder(folder.Path));

    async Task<IReadOnlyList<Generation>> RunAsync(TextStudy study)
    {
        List<Generation> generations = [];
        await foreach (var generation in study.RunAsync(0, new RunStore(folder.Path))) generations.Add(generation);
        return generations;
    }
}
