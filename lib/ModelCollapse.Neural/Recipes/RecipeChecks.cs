using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Store;
using ModelCollapse.Training;

namespace ModelCollapse.Recipes;

/// <content>What makes a recipe valid beyond its types: ranges, and no setting that nothing would consume.</content>
public sealed partial record Recipe
{
    /// <summary>Whether a name can be a folder of the run store.</summary>
    internal static bool IsPlainName(string name) =>
        name.Length is > 0 and <= 100 && name[0] != '.' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>What one generation works with: the blocks asked for, or as many as there are original blocks.</summary>
    /// <param name="originalBlocks">Number N of original blocks.</param>
    public int SamplesPerGeneration(int originalBlocks) => Sampling.BlocksPerGeneration ?? originalBlocks;

    void CheckFamily(string document)
    {
        Require(IsPlainName(Name), $"the name '{Name}' must consist of letters, digits, '.', '_' and '-'");
        foreach (var arm in Arms.Keys)
            Require(IsPlainName(arm) && arm != SharedGeneration0.FolderName, $"the arm '{arm}' must have a name of letters, digits, '.', '_' and '-', other than {SharedGeneration0.FolderName}");
        Require(Seeds.Count > 0, "'seeds' is empty");
        Require(Seeds.Distinct().Count() == Seeds.Count, "'seeds' holds a seed twice");

        void Require(bool condition, string problem)
        {
            if (!condition) throw new InputException($"{document}: {problem}.");
        }
    }

    void CheckConsumed(string document)
    {
        var (d, s, t, g) = (Data, Sampling, Training, Sampling.Decoding);
        Require(Generations >= 0, "'generations' must be at least 0");
        Require(Threads >= 1, "'threads' must be at least 1");

        var folder = d.Corpus == Corpus.Folder;
        Require(folder == d.Folder is not null, folder ? "the corpus 'folder' needs 'data.folder'" : "'data.folder' is only for the corpus 'folder'");
        Require(d.Almanac is null || d.Corpus == Corpus.Almanac, "'data.almanac' is only for the corpus 'almanac'");
        d.Almanac?.Check();
        foreach (var (name, range) in new[] { ("train", d.Train), ("validation", d.Validation), ("test", d.Test), ("fresh", d.Fresh) })
        {
            if (range is null) continue;
            Require(range.From >= 0 && range.From < range.To && range.To <= 1, $"'data.{name}' must have 0 ≤ from < to ≤ 1");
            Require(folder || range.Split is "train" or "valid" or "test", $"'data.{name}.split' must be train, valid or test");
            Require(!folder || range.Split is null, $"'data.{name}.split' is not for a folder, which has no splits: give from and to");
        }

        Require(d.BlockLength >= 2, "'data.blockLength' must be at least 2");
        Positive(d.MapProcesses, "data.mapProcesses");
        Require(d.MapProcesses is null || d.Remainder == Remainder.DropPerBatch, "'data.mapProcesses' is only for the remainder drop-per-batch");
        Positive(d.TrainBlocks, "data.trainBlocks");
        Positive(d.ValidationBlocks, "data.validationBlocks");
        Positive(d.TestBlocks, "data.testBlocks");

        Positive(t.MaxSteps, "training.maxSteps");
        Positive(t.Base.MaxSteps, "training.base.maxSteps");
        Require(t.Base.MaxSteps is null || t.ForGeneration(0).Epochs > 0, "'training.base.maxSteps' is given but generation 0 has no epoch");
        var training = new[] { t, t.ForGeneration(0) };
        Require(t.Epochs >= 1, "'training.epochs' must be at least 1");
        foreach (var section in training)
        {
            Require(section.Epochs >= 0 && section.BatchSize >= 1, "'training.base.epochs' must be at least 0 and 'training.batchSize' at least 1");
            Require(section.LearningRate > 0 && section.WeightDecay >= 0 && section.WarmupSteps >= 0 && section.Clip is null or > 0,
                "'training' must have learningRate > 0, weightDecay ≥ 0, warmupSteps ≥ 0 and clip > 0 or null");
        }

        var validates = training.Any(x => x.Select == CheckpointSelection.BestByValidation);
        Require(!validates || d.Validation is not null, "'training.select' is best-by-validation, so 'data.validation' must be given");
        Require(d.ValidationBlocks is null || d.Validation is not null, "'data.validationBlocks' is given without 'data.validation'");
        Require((Policy is FreshReal) == d.Fresh is not null, Policy is FreshReal ? "the policy FreshReal needs 'data.fresh'" : "'data.fresh' is only for the policy FreshReal");

        Positive(s.BlocksPerGeneration, "sampling.blocksPerGeneration");
        Require(s.PromptTokens >= 1 && s.PromptTokens <= d.BlockLength, "'sampling.promptTokens' must lie between 1 and 'data.blockLength'");
        Require(s.BatchSize >= 1, "'sampling.batchSize' must be at least 1");
        Require(g.NewTokens >= 1 && g.MinNewTokens >= 0 && g.MinNewTokens <= g.NewTokens, "'sampling.decoding' must have newTokens ≥ 1 and 0 ≤ minNewTokens ≤ newTokens");
        Require(g.MinNewTokens >= 2 || g.NewTokens < 2, "'sampling.decoding.minNewTokens' must be at least 2: a block of one token has nothing to predict");
        Require(g.RepetitionPenalty > 0 && g.NoRepeatNGram is null or >= 1, "'sampling.decoding' must have repetitionPenalty > 0 and noRepeatNGram ≥ 1 or null");
        Only(DecodingStrategy.Beams, ("beams", g.Beams), ("lengthPenalty", g.LengthPenalty), ("earlyStopping", g.EarlyStopping));
        Only(DecodingStrategy.Sample, ("temperature", g.Temperature), ("topK", g.TopK), ("topP", g.TopP), ("minP", g.MinP), ("typical", g.Typical));
        Require(g.Beams is null or >= 2, "'sampling.decoding.beams' must be at least 2: for one beam choose the strategy greedy");
        Require(g.Temperature is null or > 0, "'sampling.decoding.temperature' must be above 0: for 0 choose the strategy greedy");
        Require(g.TopK is null or >= 1, "'sampling.decoding.topK' must be at least 1");
        Require(g.TopP is null or (> 0 and <= 1), "'sampling.decoding.topP' must lie above 0 and not above 1");
        Require(g.MinP is null or (>= 0 and <= 1), "'sampling.decoding.minP' must lie between 0 and 1");
        Require(g.Typical is null or (> 0 and < 1), "'sampling.decoding.typical' must lie between 0 and 1");

        void Only(DecodingStrategy strategy, params ReadOnlySpan<(string Name, object? Value)> settings)
        {
            foreach (var (name, value) in settings)
                Require(value is null || g.Strategy == strategy,
                    $"'sampling.decoding.{name}' is only for the strategy {strategy.ToString().ToLowerInvariant()}, and the strategy is {g.Strategy.ToString().ToLowerInvariant()}");
        }

        void Positive(int? value, string name) => Require(value is null or >= 1, $"'{name}' must be at least 1, or null");

        void Require(bool condition, string problem)
        {
            if (!condition) throw new InputException($"{document}: {problem}.");
        }
    }
}
