using ModelCollapse.Data;
using ModelCollapse.Models;
using ModelCollapse.Recipes;
using ModelCollapse.Training;
using static TorchSharp.torch;

namespace ModelCollapse.Tests.Recipes;

/// <summary>
/// A model that writes at positions that it was never trained at writes worse there, and a recursion on it collapses for that reason too: the
/// base models of the project know every position that their recipes write at.
/// </summary>
public class BaseModelTests
{
    /// <summary>Predictions at the start of a block have too little context to compare with.</summary>
    const int Start = 16;

    const int MostBlocks = 100;

    [Fact]
    public void The_Almanac_knows_every_position_that_writes() => KnowsEveryPositionThatWrites("almanac", DataFolder.Default);

    [Fact, Trait("kind", "data")]
    public void Mini_knows_every_position_that_writes() => KnowsEveryPositionThatWrites("wikitext2-mini", new(TestData.Root));

    static void KnowsEveryPositionThatWrites(string name, DataFolder folder)
    {
        var recipe = Recipe.Load(name);
        var resolved = recipe.Resolve(recipe.ArmNames[0]);
        var (prompt, all) = (resolved.Sampling.PromptTokens, resolved.Sampling.PromptTokens + resolved.Sampling.Decoding.MaxNewTokens);
        var files = ModelFiles.Open(resolved.Model, folder, () => []);
        var test = CorpusShare.Take(resolved.Data.Corpus.Open(folder), resolved.Data.Test);
        var blocks = TokenBlocks.Cut(test, files.Tokenizer, resolved.Data.Cut with { Length = all }).Blocks;
        using var model = CausalLM.Load(files.Weights!, float32);
        var found = NetworkEvaluation.Of(model, [.. blocks.Take(MostBlocks)]).TokenLogLikelihoods;

        double reading = LossOf(Start..(prompt - 1)), writing = LossOf((prompt - 1)..(all - 1));
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {reading:F3} nats at positions {Start + 1} to {prompt - 1}, {writing:F3} where it writes");
        Assert.InRange(writing, 0.5 * reading, reading + 0.05);

        double LossOf(Range positions) => -found.Average(block => block[positions].Average());
    }
}
