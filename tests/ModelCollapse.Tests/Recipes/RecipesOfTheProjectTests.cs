using System.Text.Json.Nodes;
using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Recipes;
using ModelCollapse.Results;
using ModelCollapse.Results.Stages;
using ModelCollapse.Store;

namespace ModelCollapse.Tests.Recipes;

/// <summary>The recipes in <c>data/recipes</c>.</summary>
public class RecipesOfTheProjectTests
{
    [Fact]
    public void Every_recipe_is_valid_and_bears_the_name_of_its_file()
    {
        Assert.NotEmpty(RecipeFolder.Names);
        foreach (var name in RecipeFolder.Names)
        {
            var recipe = Recipe.Load(name);
            Assert.Equal(name, recipe.Name);
            foreach (var arm in recipe.ArmNames) recipe.Resolve(arm);
        }
    }

    /// <summary>A recipe that is changed without running it again would be compared with what another one gave.</summary>
    [Fact]
    public void Committed_results_are_those_of_the_recipes_as_they_are()
    {
        var compared = 0;
        foreach (var folder in Directory.EnumerateDirectories(ProjectData.Require("results")))
            foreach (var run in RunResults.Read(folder).Runs.Where(r => RecipeFolder.Names.Contains(r.Recipe)))
            {
                var recipe = Recipe.Load(run.Recipe);
                Assert.All(run.DifferencesTo(run with { Identity = recipe.Resolve(run.Arm).Decisive() }), d => Assert.True(MayDiffer(d), d));
                // What was measured is part of what is measured now.
                var measured = recipe.Resolve(run.Arm).Metrics.Select(m => m.Name).ToHashSet();
                Assert.All(((JsonArray)run.Identity!["metrics"]!).Select(m => (string)m!["kind"]!), kind => Assert.Contains(kind, measured));
                var arm = recipe.ArmOf(run.Arm);
                Assert.Equal((arm.Label, arm.Control), (run.Label, run.Control));
                Assert.Equal(arm.Factors, run.Factors);
                compared++;
            }

        Assert.InRange(compared, 60, int.MaxValue);
    }

    /// <summary>Metrics were added to recipes since, and threads change the last bits alone.</summary>
    static bool MayDiffer(string difference) => difference.StartsWith("metrics ", StringComparison.Ordinal) || difference.StartsWith("threads ", StringComparison.Ordinal);

    /// <summary>
    /// The paper's protocol on a slice: OPT-125M's architecture with random weights, OPT's tokenizer, blocks as the paper's code cuts them. The
    /// weights and the raw train split are not to be had where this is developed.
    /// </summary>
    [Fact]
    [Trait("kind", "data")]
    public async Task The_papers_protocol_runs_end_to_end_on_a_few_blocks()
    {
        var recipe = Recipe.Load("wikitext2-opt125m").With(
            "model.weights=null", "data.train.split=valid", "data.validation.split=valid", "data.trainBlocks=2", "data.validationBlocks=2", "data.testBlocks=2",
            "training.epochs=1", "training.batchSize=4", "arms.B.set.training.epochs=1", "arms.B.set.training.base.epochs=1", "generations=1", "sampling.decoding.maxNewTokens=64", "seeds=[0]");
        List<Generation> generations = [];
        await foreach (var generation in TextStudy.Open(recipe, "A-repetition-penalty", new DataFolder(TestData.Root)).RunAsync(seed: 0)) generations.Add(generation);
        Assert.Equal([0, 1], generations.Select(g => g.Number));
        Assert.All(generations, g => Assert.InRange(g.Metrics["perplexity.ofMeanLoss"], 1, 1e6));
    }

    /// <summary>The default recipe on a few blocks: the base model knows the world and has its own tokenizer, and every stage finds the numbers that it needs.</summary>
    [Fact]
    public async Task The_default_recipe_runs_end_to_end_on_a_few_blocks()
    {
        var recipe = Recipe.Load("almanac").With("data.trainBlocks=32", "data.testBlocks=8", "sampling.blocksPerGeneration=16", "training.base.maxSteps=1", "training.maxSteps=1", "generations=1");
        Assert.Equal(10, recipe.ArmNames.Count);
        List<MetricRow> rows = [];
        List<RunDescription> runs = [];
        foreach (var arm in (string[])["replace-sample", "control-sample"])
        {
            var study = TextStudy.Open(recipe, arm, new DataFolder("nowhere"));
            for (var seed = 0; seed < 2; seed++)
            {
                runs.Add(study.Describe(seed));
                await foreach (var generation in study.RunAsync(seed))
                    rows.AddRange(generation.Metrics.Select(m => new MetricRow(recipe.Name, arm, seed, generation.Number, m.Key, m.Value)));
            }
        }

        Assert.All(rows.Where(r => r.Metric == "almanac-cloze.accuracy.decile-0"), r => Assert.InRange(r.Value, 0.6, 1)); // chance is a quarter
        Assert.All(rows.Where(r => r.Metric == "perplexity.ofMeanLoss"), r => Assert.InRange(r.Value, 1, 4));
        var stages = Assert.Single(CollapseStages.Of(new() { Metrics = rows, Runs = runs }, recipe.Name));
        Assert.Equal((1, CollapseStage.None), (stages.Last, stages.At(0)));
    }
}
