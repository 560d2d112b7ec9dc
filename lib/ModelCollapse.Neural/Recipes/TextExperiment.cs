using System.Security.Cryptography;
using System.Text.Json;
using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Language;
using ModelCollapse.Models;
using ModelCollapse.Provenance;
using ModelCollapse.Sampling;
using ModelCollapse.Store;
using TorchSharp;

namespace ModelCollapse.Recipes;

/// <summary>A recipe with everything that it names opened: real text, tokenizer, weights. Gives the experiment of each arm and seed.</summary>
public sealed class TextExperiment
{
    readonly Recipe resolved;
    readonly ModelFiles files;
    readonly TextData data;
    readonly DecodingOptions decoding;
    readonly DataFolder folder;

    TextExperiment(Recipe family, string arm, Recipe resolved, ModelFiles files, TextData data, DataFolder folder)
    {
        (Family, Arm, this.resolved, this.files, this.data, this.folder) = (family, arm, resolved, files, data, folder);
        decoding = DecodingOptions.From(resolved.Sampling.Decoding, files.Config, files.Tokenizer.VocabularySize);
        decoding.Check();
        CheckLengths();
        Hashes = new SortedDictionary<string, string>(data.Hashes.Concat(files.Hashes()).ToDictionary(), StringComparer.Ordinal);
    }

    /// <summary>The recipe.</summary>
    public Recipe Family { get; }

    /// <summary>Name of the arm.</summary>
    public string Arm { get; }

    /// <summary>The real text.</summary>
    public TextData Data => data;

    /// <summary>Tokenizer, weights and shape of the model.</summary>
    public ModelFiles Model => files;

    /// <summary>SHA-256 of every input by name.</summary>
    public IReadOnlyDictionary<string, string> Hashes { get; }

    /// <summary>Opens an arm of a recipe: reads the text, finds the weights, checks that all fit together. Writes nothing.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="arm">Name of the arm.</param>
    /// <param name="folder">Where published text and weights are.</param>
    /// <exception cref="InputException">Something is missing, damaged, or does not fit.</exception>
    public static TextExperiment Open(Recipe recipe, string arm, DataFolder folder)
    {
        var resolved = recipe.Resolve(arm);
        var corpus = CorpusReader.Open(resolved.Data, folder);
        var files = ModelFiles.Open(resolved.Model, folder, () => CorpusShare.Take(corpus, resolved.Data.Train));
        return new(recipe, arm, resolved, files, TextData.Read(resolved.Data, corpus, files.Tokenizer), folder);
    }

    /// <summary>The experiment of one seed.</summary>
    /// <param name="seed">Decides every random choice.</param>
    /// <param name="store">Where it is kept; null to keep nothing.</param>
    /// <param name="progress">Told how it goes on; may be null.</param>
    public RecursiveExperiment<int[]> WithSeed(long seed, RunStore? store, Action<RunStatus>? progress = null) => new()
    {
        NewModel = () => NewModel(seed),
        Real = new RealData<int[]>(data.Train, data.Fresh),
        Codec = new TokenBlockCodec(block => files.Tokenizer.Decode(block)),
        Generations = resolved.Generations,
        PerGeneration = resolved.SamplesPerGeneration(data.Train.Count),
        Seed = seed,
        Policy = resolved.Policy,
        Metrics = TextMetrics.Of(resolved, data, files.Tokenizer, folder),
        Headline = resolved.Metrics.Contains(TestPerplexity.MetricName) ? TestPerplexity.Headline : null,
        InitialWeights = resolved.Training.InitialWeights,
        Prompts = resolved.Sampling.Prompts,
        PromptSelection = resolved.Sampling.PromptSelection,
        KeepCheckpoints = resolved.KeepCheckpoints,
        Store = store is null ? null : (store.Run(Family.Name, Arm, seed), Describe(seed)),
        SharedGeneration0Key = Generation0Key(resolved, Hashes),
        Progress = progress,
    };

    RunDescription Describe(long seed) => new() { Recipe = Family.Name, Arm = Arm, Seed = seed, Settings = resolved.ToJson(), Hashes = Hashes };

    /// <summary>The key of a recipe: data, model and the training of generation 0, with the hashes of what they name.</summary>
    internal static string Generation0Key(Recipe resolved, IReadOnlyDictionary<string, string> hashes)
    {
        var decisive = new
        {
            Data = resolved.Data with { Fresh = null },
            resolved.Model,
            Training = resolved.Training.ForGeneration(0) with { InitialWeights = default, Base = new() },
            resolved.Threads,
            Hashes = hashes.Where(h => h.Key != "data.fresh").OrderBy(h => h.Key, StringComparer.Ordinal).ToList(),
        };
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(decisive, StrictJson.Options)))[..16];
    }

    LanguageModel NewModel(long seed)
    {
        var dtype = resolved.Model.Precision == Precision.BFloat16 ? torch.bfloat16 : torch.float32;
        var network = files.Weights is { } path ? CausalLM.Load(path, dtype) : CausalLM.Create(files.Config, dtype, Seeds.Derive(seed, 0, "weights"));
        return new(network, files.Tokenizer, new()
        {
            Training = resolved.Training,
            Validation = data.Validation,
            Decoding = decoding,
            PromptTokens = resolved.Sampling.PromptTokens,
            SamplingBatch = resolved.Sampling.BatchSize,
        });
    }

    void CheckLengths()
    {
        var (block, written, most) = (resolved.Data.BlockLength, resolved.Sampling.PromptTokens + decoding.MaxNewTokens, files.Config.MaxPositions);
        if (Math.Max(block, written) > most)
            throw new InputException($"The model reads {most} tokens, but 'data.blockLength' is {block} and 'sampling' needs {written} (prompt and new tokens): choose shorter ones.");
        resolved.Policy.SyntheticCount(new(1, data.Train.Count, resolved.SamplesPerGeneration(data.Train.Count)));
    }
}
