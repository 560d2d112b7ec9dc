using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Training;

namespace ModelCollapse.Recipes;

/// <content>What makes a recipe valid beyond the types and ranges of its fields: no setting that nothing would consume.</content>
public sealed partial record Recipe
{
    /// <summary>What one generation works with: the blocks asked for, or as many as there are original blocks.</summary>
    /// <param name="originalBlocks">Number N of original blocks.</param>
    public int SamplesPerGeneration(int originalBlocks) => Sampling.BlocksPerGeneration ?? originalBlocks;

    void CheckFamily(string document)
    {
        if (!PlainName.Is(Name)) throw new InputException($"{document}: the name '{Name}' must consist of {PlainName.InWords}.");
        if (Seeds.Count == 0) throw new InputException($"{document}: 'seeds' is empty: give at least one.");
        if (Seeds.Distinct().Count() < Seeds.Count) throw new InputException($"{document}: 'seeds' holds a seed twice.");
        CheckArms(document);
    }

    void CheckConsumed(string document)
    {
        var (d, s, t, g) = (Data, Sampling, Training, Sampling.Decoding);
        foreach (var (name, range) in new[] { ("train", d.Train), ("validation", d.Validation), ("test", d.Test), ("fresh", d.Fresh), ("prompts", d.Prompts) })
        {
            if (range is null) continue;
            Require(range.From >= 0 && range.From < range.To && range.To <= 1, $"'data.{name}' must have 0 ≤ from < to ≤ 1");
            Require(!d.Corpus.HasSplits || range.Split is "train" or "valid" or "test", $"'data.{name}.split' must be train, valid or test");
            Require(d.Corpus.HasSplits || range.Split is null, $"'data.{name}.split' is not for this corpus, which has no splits: give from and to");
        }

        Require(d.MapProcesses is null || d.Remainder == Remainder.DropPerBatch, "'data.mapProcesses' is only for the remainder drop-per-batch");
        Require(Model.Preset is null != Model.Shape is null, "'model' must have either a 'preset' or a 'shape'");
        var first = t.ForGeneration(0, document);
        Require(t.Epochs >= 1, "'training.epochs' must be at least 1");
        Require(!t.Base.ContainsKey("maxSteps") || first.Epochs > 0, "'training.base.maxSteps' is given but generation 0 has no epoch");
        var validates = t.Select == CheckpointSelection.BestByValidation || first.Select == CheckpointSelection.BestByValidation;
        Require(!validates || d.Validation is not null, "'training.select' is best-by-validation, so 'data.validation' must be given");
        Require(d.ValidationBlocks is null || d.Validation is not null, "'data.validationBlocks' is given without 'data.validation'");
        Require((Policy is FreshReal) == d.Fresh is not null, Policy is FreshReal ? "the policy FreshReal needs 'data.fresh'" : "'data.fresh' is only for the policy FreshReal");
        Require(s.PromptTokens <= d.BlockLength, "'sampling.promptTokens' must not be above 'data.blockLength'");
        Require(g.MinNewTokens >= 2 || g.MaxNewTokens < 2, "'sampling.decoding.minNewTokens' must be at least 2, or as many as maxNewTokens for texts of one length: a block of one token has nothing to predict");
        g.Check($"{document}: 'sampling.decoding'");

        void Require(bool condition, string problem)
        {
            if (!condition) throw new InputException($"{document}: {problem}.");
        }
    }
}
