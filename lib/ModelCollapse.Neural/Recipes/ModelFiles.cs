using ModelCollapse.Data;
using ModelCollapse.Language;
using ModelCollapse.Models;
using ModelCollapse.Models.Checkpoints;
using ModelCollapse.Store;
using ModelCollapse.Text;

namespace ModelCollapse.Recipes;

/// <summary>The files behind a recipe's model: where its weights are, its tokenizer, its shape.</summary>
public sealed class ModelFiles
{
    ModelFiles(string? weights, BytePairTokenizer tokenizer, CausalLMConfig config) => (Weights, Tokenizer, Config) = (weights, tokenizer, config);

    /// <summary>Folder or GGUF file with the weights before any fit; null for random ones.</summary>
    public string? Weights { get; }

    /// <summary>Turns text into ids.</summary>
    public BytePairTokenizer Tokenizer { get; }

    /// <summary>The shape of the model: that of the weights, or the preset's.</summary>
    public CausalLMConfig Config { get; }

    /// <summary>Finds the files of a model.</summary>
    /// <param name="section">The recipe's model section.</param>
    /// <param name="folder">Where published weights and tokenizers are.</param>
    /// <param name="trainingText">Gives the text that a trained tokenizer is learned from.</param>
    /// <exception cref="InputException">A file is missing, or tokenizer and model do not fit together.</exception>
    public static ModelFiles Open(ModelSection section, DataFolder folder, Func<IReadOnlyList<string>> trainingText)
    {
        var preset = section.Shape is { } shape ? ModelPresets.Of(shape) : ModelPresets.Get(section.Preset!);
        var weights = WeightsOf(section, preset, folder);
        var config = ConfigOf(weights) ?? preset.Config;
        var tokenizer = TokenizerOf(section, preset, folder, trainingText);
        return tokenizer.VocabularySize <= config.VocabularySize
            ? new(weights, tokenizer, config)
            : throw new InputException($"The tokenizer has {tokenizer.VocabularySize} tokens but the model {config.VocabularySize} rows: choose the tokenizer that belongs to the model, in model.tokenizer.");
    }

    /// <summary>SHA-256 of the weights' files by name, <c>weights.model.safetensors</c> for example; empty for random weights.</summary>
    public IEnumerable<KeyValuePair<string, string>> Hashes()
    {
        yield return new("tokenizer", Tokenizer.Hash);
        if (Weights is null) yield break;
        IEnumerable<string> paths = File.Exists(Weights) ? [Weights] : Directory.EnumerateFiles(Weights).Where(IsWeights).Order(StringComparer.Ordinal);
        foreach (var file in paths)
            yield return new($"weights.{Path.GetFileName(file)}", AtomicFolder.HashOf(file));
    }

    static bool IsWeights(string file) =>
        Path.GetFileName(file) == "config.json" || file.EndsWith(".safetensors", StringComparison.Ordinal) || file.EndsWith(".bin", StringComparison.Ordinal);

    static string? WeightsOf(ModelSection section, ModelPreset preset, DataFolder folder) => section.Weights switch
    {
        null => null,
        ModelSection.PublishedWeights => preset.Name switch
        {
            "almanac" or "mini" => OwnModel(preset.Name),
            "opt-125m" => folder.Require("opt-125m", PinnedDatasets.Opt125m.Name),
            "smollm2-135m" => SmolLM2(folder),
            _ => throw new InputException($"The preset {preset.Name} has no published weights: leave out model.weights to train it from scratch, or give the path of a checkpoint."),
        },
        var path when File.Exists(path) || Directory.Exists(path) => Path.GetFullPath(path),
        var path => throw new InputException($"There are no weights at {Path.GetFullPath(path)}: give the folder of a checkpoint or a GGUF file in model.weights, or 'pretrained'."),
    };

    static CausalLMConfig? ConfigOf(string? weights)
    {
        if (weights is null) return null;
        using var checkpoint = Checkpoint.Open(weights);
        return CausalLMConfig.Of(checkpoint, weights);
    }

    /// <summary>Folder of a base model of this project: weights and tokenizer.</summary>
    static string OwnModel(string name) => ProjectData.Require($"models/{name}");

    /// <summary>The one file that has weights and tokenizer.</summary>
    static string SmolLM2(DataFolder folder) => folder.Require(PinnedDatasets.SmolLM2.Files[0].Path, PinnedDatasets.SmolLM2.Name);

    static BytePairTokenizer TokenizerOf(ModelSection section, ModelPreset preset, DataFolder folder, Func<IReadOnlyList<string>> trainingText)
    {
        if (section.Tokenizer is { } given and not ModelSection.TrainedTokenizer) return BytePairTokenizer.Load(given);
        // Weights that are trained already need the tokenizer that they were trained with.
        if (section.Tokenizer is not null || (preset.Tokenizer == TokenizerSource.Trained && section.Weights is not ModelSection.PublishedWeights))
            return BpeTrainer.Train(trainingText(), preset.Config.VocabularySize);
        return preset.Tokenizer switch
        {
            TokenizerSource.Trained => BytePairTokenizer.Load(OwnModel(preset.Name)),
            TokenizerSource.Mini => BytePairTokenizer.Load(OwnModel("mini")),
            TokenizerSource.SmolLM2 => GgufTokenizer.Read(SmolLM2(folder)),
            _ => BytePairTokenizer.Opt(File.Exists(folder.PathOf("opt-125m/vocab.json")) ? folder.PathOf("opt-125m") : folder.Require("opt-tokenizer", PinnedDatasets.Opt125m.Name)),
        };
    }
}
