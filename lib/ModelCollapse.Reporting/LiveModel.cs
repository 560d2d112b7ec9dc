using ModelCollapse.Data;
using ModelCollapse.Language;
using ModelCollapse.Metrics;
using ModelCollapse.Models;
using ModelCollapse.Provenance;
using ModelCollapse.Recipes;
using ModelCollapse.Sampling;
using ModelCollapse.Text;
using TorchSharp;

namespace ModelCollapse.Reporting;

/// <summary>The model that a recipe starts from, to write with, here and now.</summary>
public sealed class LiveModel : IDisposable
{
    readonly Recipe recipe;
    readonly ModelFiles files;
    readonly CausalLM network;
    readonly IReadOnlyList<int[]>? blocks;

    LiveModel(Recipe recipe, ModelFiles files, CausalLM network, IReadOnlyList<int[]>? blocks, string note) =>
        (this.recipe, this.files, this.network, this.blocks, Note) = (recipe, files, network, blocks, note);

    /// <summary>What is different because of what this machine lacks; empty if nothing is.</summary>
    public string Note { get; }

    /// <summary>Turns text into ids.</summary>
    public BytePairTokenizer Tokenizer => files.Tokenizer;

    /// <summary>Whether the recipe's real text is on this machine.</summary>
    public bool HasText => blocks is not null;

    /// <summary>Opens the model of a recipe with its published weights. The text of the recipe is used where it is there.</summary>
    /// <param name="recipe">Name of the recipe.</param>
    /// <param name="data">Where published text and weights are; null for the user's folder.</param>
    /// <exception cref="InputException">The weights are not on this machine.</exception>
    public static LiveModel Open(string recipe, DataFolder? data = null)
    {
        data ??= DataFolder.Default;
        var family = Recipe.Load(recipe);
        var resolved = family.Resolve(family.ArmNames[0]);
        var files = ModelFiles.Open(resolved.Model, data, () => []);
        var network = CausalLM.Load(files.Weights ?? throw new InputException($"Recipe {recipe} starts from random weights: there is nothing to write with before a run."), torch.float32);
        try
        {
            var text = TextData.Read(resolved.Data, resolved.Data.Corpus.Open(data), files.Tokenizer);
            return new(resolved, files, network, text.Test, "");
        }
        catch (InputException e)
        {
            return new(resolved, files, network, null, $"The text of recipe {recipe} is not on this machine, so the prompts are its {PromptsOf(resolved).Count} fixed ones. {e.Message}");
        }
    }

    /// <summary>What the model makes of the fixed prompts of the recipe, one text for each way of decoding.</summary>
    /// <param name="prompt">Which prompt, from 0.</param>
    /// <param name="seed">Decides every draw.</param>
    /// <param name="strategies">How.</param>
    public TextComparison Write(int prompt, long seed, params IReadOnlyList<DecodingOptions> strategies)
    {
        var text = PromptsOf(recipe)[prompt];
        int[][] ids = [files.Tokenizer.Encode(text, addSpecial: true)];
        return TextComparison.Of($"\"{text.Trim()}\" …", strategies.Select(s => (s.ToString(), files.Tokenizer.Decode(TextGenerator.Generate(network, ids, Complete(s), seed)[0]))));
    }

    /// <summary>As <see cref="Write"/>, or a sentence where the weights are not on this machine.</summary>
    /// <param name="recipe">Name of the recipe whose model writes.</param>
    /// <param name="prompt">Which of the recipe's prompts, from 0.</param>
    /// <param name="seed">Decides every draw.</param>
    /// <param name="strategies">How.</param>
    /// <returns>A <see cref="TextComparison"/>, or a text that says what is missing and how to get it.</returns>
    public static object WriteIfThere(string recipe, int prompt, long seed, params IReadOnlyList<DecodingOptions> strategies)
    {
        try
        {
            using var model = Open(recipe);
            return model.Write(prompt, seed, strategies);
        }
        catch (InputException e)
        {
            return $"Nothing is written here, because the model of recipe {recipe} is not on this machine. {e.Message}";
        }
    }

    /// <summary>Lets the model continue prompts in several ways and measures the texts; first, where there are any, those of people.</summary>
    /// <param name="prompts">How many prompts: blocks of real test text, or the fixed ones where there is no text.</param>
    /// <param name="seed">Decides every draw.</param>
    /// <param name="strategies">How.</param>
    public IReadOnlyList<DecodedTexts> Compare(int prompts, long seed, params IReadOnlyList<DecodingOptions> strategies)
    {
        IReadOnlyList<int[]> ids = blocks is null ? [.. PromptsOf(recipe).Select(p => files.Tokenizer.Encode(p, addSpecial: true))] : [.. blocks.Take(prompts)];
        var bar = ProgressBar.Show("decoding");
        var results = new List<DecodedTexts>();
        // The network as a model that scores; disposed of with this one.
        LanguageModel model = new(network, files.Tokenizer, new() { Training = recipe.Training.ForGeneration, Decoding = Complete(recipe.Sampling.Decoding) });
        if (blocks is not null) results.Add(DecodedTexts.Of("people", ids, model));
        foreach (var (done, strategy) in strategies.Index())
        {
            bar.Report(done, strategies.Count, strategy.ToString());
            results.Add(DecodedTexts.Of(strategy.ToString(), TextGenerator.Generate(network, ids, Complete(strategy), seed), model));
        }

        bar.Report(strategies.Count, strategies.Count);
        return results;
    }

    /// <summary>Releases the weights.</summary>
    public void Dispose() => network.Dispose();

    /// <summary>All texts are equally long, because diversity depends on length, and only ids that have a text are written.</summary>
    DecodingOptions Complete(DecodingOptions options) => options.For(network.Config, files.Tokenizer.VocabularySize) with { MinNewTokens = options.MaxNewTokens };

    /// <summary>The fixed prompts of a recipe: those of its metric that continues them.</summary>
    static IReadOnlyList<string> PromptsOf(Recipe recipe) => recipe.Metrics.OfType<SampleTexts>().FirstOrDefault()?.Prompts ?? [];
}
