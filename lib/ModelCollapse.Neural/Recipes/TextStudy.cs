using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Language;
using ModelCollapse.Metrics;
using ModelCollapse.Models;
using ModelCollapse.Provenance;
using ModelCollapse.Sampling;
using ModelCollapse.Store;
using ModelCollapse.Text;
using TorchSharp;

namespace ModelCollapse.Recipes;

/// <summary>
/// An arm of a recipe with everything that it names opened: real text, tokenizer, weights. A value: <c>with</c> puts a model, a policy, curators or metrics of your
/// own in place of the recipe's, and what was replaced becomes part of the identity of its runs.
/// </summary>
public sealed record TextStudy
{
    /// <summary>Weights above which one process with all threads is faster than one process per core: 257 against 2 × 95 tokens per second for SmolLM2-135M on one machine with two cores.</summary>
    public const long LargeModel = 50_000_000;

    /// <summary>Parts that the fit of a shared generation 0 of a small model is divided into. A number of its own, so that the weights do not depend on the machine's cores.</summary>
    public const int SharedFitThreads = 4;

    readonly Recipe resolved;
    readonly DecodingOptions decoding;

    /// <summary>The study as it was opened, to tell what was replaced; null in that one itself.</summary>
    readonly TextStudy? opened;

    TextStudy(Recipe family, Arm arm, Recipe resolved, ModelFiles files, TextData data, DataFolder folder, ICorpus corpus)
    {
        (Family, Arm, this.resolved, Files, Data, Folder) = (family, arm, resolved, files, data, folder);
        decoding = resolved.Sampling.Decoding.For(files.Config, files.Tokenizer.VocabularySize);
        Model = NewModel;
        (Policy, Curators, Metrics, Generations) = (resolved.Policy, resolved.Curators, resolved.Metrics, resolved.Generations);
        Setting = new()
        {
            Tokenizer = files.Tokenizer,
            Test = data.Test,
            Train = data.Train,
            Corpus = corpus,
            Cut = resolved.Data.Cut,
            PromptTokens = resolved.Sampling.PromptTokens,
            NewTokens = decoding.MaxNewTokens,
            Folder = folder,
            Threads = Threads,
        };
        // Once: files of weights are large, and every run of the arm asks.
        Hashes = new SortedDictionary<string, string>(data.Hashes.Concat(files.Hashes()).Concat(Replacements.CodeOf(resolved)).ToDictionary(), StringComparer.Ordinal);
        opened = this;
    }

    /// <summary>The recipe.</summary>
    public Recipe Family { get; }

    /// <summary>The arm.</summary>
    public Arm Arm { get; }

    /// <summary>The real text.</summary>
    public TextData Data { get; }

    /// <summary>Tokenizer, weights and shape of the recipe's model.</summary>
    public ModelFiles Files { get; }

    /// <summary>Where published text and weights are.</summary>
    public DataFolder Folder { get; }

    /// <summary>What curators and metrics work with.</summary>
    public TextSetting Setting { get; }

    /// <summary>Makes the model of a seed with its weights before any fit. Any model of blocks of token ids; metrics of probabilities need an <see cref="ITextModel"/>.</summary>
    public Func<long, IGenerativeModel<int[]>> Model { get; init; }

    /// <summary>What generation t ≥ 1 is trained on.</summary>
    public DataPolicy Policy { get; init; }

    /// <summary>What becomes of the real, the synthetic and the composed text, in this order.</summary>
    public IReadOnlyList<ICurator<int[]>> Curators { get; init; }

    /// <summary>What is measured in each generation.</summary>
    public IReadOnlyList<IMetric<int[]>> Metrics { get; init; }

    /// <summary>Number of the last generation.</summary>
    public int Generations { get; init; }

    /// <summary>Threads of a run: the recipe's, else by the size of its model.</summary>
    public int Threads => resolved.Threads ?? (IsLarge ? Environment.ProcessorCount : 1);

    /// <summary>Opens an arm of a recipe: reads the text, finds the weights, checks that all fit together. Writes nothing.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="arm">Name of the arm.</param>
    /// <param name="folder">Where published text and weights are.</param>
    /// <exception cref="InputException">Something is missing, damaged, or does not fit.</exception>
    public static TextStudy Open(Recipe recipe, string arm, DataFolder folder)
    {
        var resolved = recipe.Resolve(arm);
        var corpus = resolved.Data.Corpus.Open(folder);
        var files = ModelFiles.Open(resolved.Model, folder, () => CorpusShare.Take(corpus, resolved.Data.Train));
        var study = new TextStudy(recipe, recipe.ArmOf(arm), resolved, files, TextData.Read(resolved.Data, corpus, files.Tokenizer), folder, corpus);
        study.CheckLengths();
        study.WithSeed(recipe.Seeds[0]).Check();
        return study;
    }

    /// <summary>Runs a seed, or resumes it, and yields each generation when it is finished; those found finished come first.</summary>
    /// <param name="seed">Decides every random choice.</param>
    /// <param name="store">Where it is kept; null to keep nothing.</param>
    /// <param name="progress">Told how it goes on; may be null.</param>
    /// <param name="cancellation">Stops it; what is finished stays.</param>
    /// <exception cref="InputException">The run cannot go on; the message says why.</exception>
    public async IAsyncEnumerable<Generation> RunAsync(
        long seed, RunStore? store = null, Action<RunStatus>? progress = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var threads = IsOwnModel ? null : new TorchThreads(Threads);
        await foreach (var generation in WithSeed(seed, store, progress).RunAsync(cancellation)) yield return generation;
    }

    /// <summary>The experiment of one seed.</summary>
    /// <param name="seed">Decides every random choice.</param>
    /// <param name="store">Where it is kept; null to keep nothing.</param>
    /// <param name="progress">Told how it goes on; may be null.</param>
    public RecursiveExperiment<int[]> WithSeed(long seed, RunStore? store = null, Action<RunStatus>? progress = null) => new()
    {
        NewModel = () => Model(seed),
        Real = new RealData<int[]>(Data.Train, Data.Fresh),
        Codec = new TokenBlockCodec(block => Files.Tokenizer.Decode(block)),
        Generations = Generations,
        PerGeneration = resolved.SamplesPerGeneration(Data.Train.Count),
        Seed = seed,
        Policy = Policy,
        Curators = Curators,
        Surplus = resolved.Sampling.Surplus,
        Metrics = Metrics,
        Setting = new(Setting),
        EvaluationPrompts = Beginnings(Data.Prompts),
        Headline = Metrics.Any(m => m.Name == TestPerplexity.MetricName) ? (MetricKey)TestPerplexity.Headline : (MetricKey?)null,
        InitialWeights = resolved.Training.InitialWeights,
        Prompts = resolved.Sampling.Prompts,
        PromptSelection = resolved.Sampling.PromptSelection,
        KeepCheckpoints = resolved.KeepCheckpoints,
        Store = store is null ? null : (store.Run(Family.Name, Arm.Name, seed), Describe(seed)),
        SharedGeneration0Key = IsOwnModel ? null : Generation0Key(),
        WholeMachine = IsOwnModel ? null : () => new TorchThreads(resolved.Threads ?? (IsLarge ? Environment.ProcessorCount : SharedFitThreads)),
        Progress = progress,
    };

    /// <summary>What a run of this study is.</summary>
    /// <param name="seed">Seed of the run.</param>
    public RunDescription Describe(long seed) => new()
    {
        Recipe = Family.Name,
        Arm = Arm.Name,
        Seed = seed,
        Label = Arm.Label,
        Factors = Arm.Factors,
        LevelLabels = Arm.LevelLabels.Count > 0 ? Arm.LevelLabels : null,
        Control = Arm.Control,
        Settings = resolved.ToJson(),
        Identity = resolved.Decisive(),
        Hashes = Hashes,
        Numbers = Metrics.ToDictionary(m => m.Name, m => m.Numbers),
        Replaced = Replaced(seed),
    };

    /// <summary>SHA-256 of every input by name, and of the assemblies of kinds that are not this library's.</summary>
    public IReadOnlyDictionary<string, string> Hashes { get; }

    /// <summary>Equal for arms that do not differ in generation 0: in data, model, its training and the curators of the real data.</summary>
    internal string Generation0Key()
    {
        var decisive = StrictJson.WithoutDefaults<Recipe>((resolved with
        {
            Data = resolved.Data with { Fresh = null, Prompts = null, PromptBlocks = 0 },
            Training = resolved.Training.ForGeneration(0) with { InitialWeights = default },
            Curators = [.. Curators.Where(c => c.At == CurationPlace.Real && resolved.Curators.Contains(c))],
        }).ToJson());
        string[] parts = ["data", "model", "training", "threads", "curators"];
        var text = new StringBuilder();
        foreach (var part in parts) text.Append(part).Append(' ').Append(decisive[part]?.ToJsonString(StrictJson.OneLine)).Append('\n');
        foreach (var (name, hash) in Hashes.Where(h => h.Key is not ("data.fresh" or "data.prompts"))) text.Append(name).Append(' ').Append(hash).Append('\n');
        foreach (var own in Replaced(0).Where(r => r.What.StartsWith(Replacements.RealCurator, StringComparison.Ordinal))) text.Append(JsonSerializer.Serialize(own, StrictJson.OneLine)).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }

    /// <summary>Whether both are the same instance: what a study holds, such as the function that makes its model, has no equality of its own.</summary>
    public bool Equals(TextStudy? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    IReadOnlyList<Replacement> Replaced(long seed) => ReferenceEquals(opened, this) ? [] : Replacements.Of(opened!, this, seed);

    bool IsLarge => Files.Config.ParameterCount > LargeModel;

    /// <summary>Whether the model is not the recipe's.</summary>
    bool IsOwnModel => opened is { } before && !ReferenceEquals(before.Model, Model);

    LanguageModel NewModel(long seed)
    {
        var dtype = resolved.Model.Precision == Precision.BFloat16 ? torch.bfloat16 : torch.float32;
        var network = Files.Weights is { } path ? CausalLM.Load(path, dtype) : CausalLM.Create(Files.Config, dtype, Seeds.Derive(seed, 0, "weights"));
        return new(network, Files.Tokenizer, new()
        {
            Training = resolved.Training.ForGeneration,
            Validation = Data.Validation,
            Decoding = decoding,
            PromptTokens = resolved.Sampling.PromptTokens,
            SamplingBatch = resolved.Sampling.BatchSize,
        });
    }

    /// <summary>The prompts alone, so that nothing else of the held-out text is at hand.</summary>
    Dataset<int[]>? Beginnings(Dataset<int[]> blocks) => blocks.Count == 0 ? null
        : new(blocks.Select(b => b[..Math.Min(b.Length, resolved.Sampling.PromptTokens)]), blocks.Origins);

    void CheckLengths()
    {
        var (block, written, most) = (resolved.Data.BlockLength, resolved.Sampling.PromptTokens + decoding.MaxNewTokens, Files.Config.MaxPositions);
        if (Math.Max(block, written) > most)
            throw new InputException($"The model reads {most} tokens, but 'data.blockLength' is {block} and 'sampling' needs {written} (prompt and new tokens): choose shorter ones.");
    }
}
