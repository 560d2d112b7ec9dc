using System.Runtime.CompilerServices;
using ModelCollapse.Provenance;
using ModelCollapse.Store;

namespace ModelCollapse.Generations;

/// <summary>
/// The recursive loop, written once for every model family: model 0 is fitted to real data; then model t − 1 writes samples, the
/// policy composes training set t from them, the real data and the history, curators select, model t is fitted, metrics
/// measure it. Shumailov et al. 2024, definition 2.1.
/// </summary>
/// <remarks>
/// With a <see cref="Store"/> every generation is one immutable folder. A run that was killed at any point goes on when it is started
/// again, and ends with the same bytes: seeds depend on the generation alone (<see cref="Seeds"/>), and each model is taken from its
/// saved form before it is used further. Without one only model 0 is saved, to a temporary folder.
/// </remarks>
/// <typeparam name="TSample">One sample.</typeparam>
public sealed record RecursiveExperiment<TSample>
{
    readonly ISampleCodec<TSample>? codec;

    /// <summary>Makes a model with its weights before any fit, the same ones each time; disposed by the loop if it is disposable.</summary>
    public required Func<IGenerativeModel<TSample>> NewModel { get; init; }

    /// <summary>The real data.</summary>
    public required RealData<TSample> Real { get; init; }

    /// <summary>How samples are stored; needed with a <see cref="Store"/> only.</summary>
    public ISampleCodec<TSample> Codec
    {
        get => codec ?? throw new InvalidOperationException("A run that is stored needs a codec for its samples.");
        init => codec = value;
    }

    /// <summary>Number of the last generation. Range: at least 0.</summary>
    public required int Generations { get; init; }

    /// <summary>Number n of samples that one generation works with; null for as many as there are original ones.</summary>
    public int? PerGeneration { get; init; }

    /// <summary>Decides every random choice.</summary>
    public required long Seed { get; init; }

    /// <summary>What generation t ≥ 1 is trained on.</summary>
    public DataPolicy Policy { get; init; } = new Replace();

    /// <summary>What becomes of the real, the synthetic and the composed set; those of one place in their order.</summary>
    public IReadOnlyList<ICurator<TSample>> Curators { get; init; } = [];

    /// <summary>How many times the samples that the policy needs are written, for curators of the synthetic set to choose from. Range: at least 1.</summary>
    public double Surplus { get; init; } = 1;

    /// <summary>What the experiment works with, for curators and metrics.</summary>
    public LoopSetting Setting { get; init; } = new();

    /// <summary>Held-out prompts that every model writes its own text from, for metrics; null for none.</summary>
    public Dataset<TSample>? EvaluationPrompts { get; init; }

    /// <summary>Measured after each fit.</summary>
    public IReadOnlyList<IMetric<TSample>> Metrics { get; init; } = [];

    /// <summary>The number shown as the run goes on, for example <c>perplexity.mean</c>; null for none.</summary>
    public MetricKey? Headline { get; init; }

    /// <summary>Weights that the fit of generation t ≥ 1 starts from.</summary>
    public InitialWeights InitialWeights { get; init; } = InitialWeights.Previous;

    /// <summary>What the model continues; null for a model that takes no prompts.</summary>
    public PromptSource? Prompts { get; init; }

    /// <summary>Which prompts are used where there are more than samples are needed.</summary>
    public PromptSelection PromptSelection { get; init; } = PromptSelection.First;

    /// <summary>Which checkpoints stay on disk.</summary>
    public CheckpointRetention KeepCheckpoints { get; init; } = CheckpointRetention.LastAndFirst;

    /// <summary>Where the run is kept, with its description; null to keep nothing beyond the run.</summary>
    public (RunFolder Folder, RunDescription Description)? Store { get; init; }

    /// <summary>Equal for runs with the same generation 0 in the same recipe, which then train it once per seed; null to train it in each.</summary>
    public string? SharedGeneration0Key { get; init; }

    /// <summary>Called while a shared generation 0 is fitted, which other processes wait for: gives the fit all processors until it is disposed of; null to leave it as it is.</summary>
    public Func<IDisposable>? WholeMachine { get; init; }

    /// <summary>Told how the run goes on, on the thread that works; null for nobody.</summary>
    public Action<RunStatus>? Progress { get; init; }

    /// <summary>Runs the experiment, or resumes it, and yields each generation when it is finished; those found finished come first.</summary>
    /// <param name="cancellation">Stops it; what is finished stays.</param>
    /// <exception cref="InputException">The run cannot go on; the message says why. What is finished stays.</exception>
    public async IAsyncEnumerable<Generation> RunAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        Check();
        var temporary = Store is null ? Directory.CreateTempSubdirectory("collapse-").FullName : null;
        try
        {
            var folder = Store?.Folder ?? new RunFolder(Path.Combine(temporary!, "recipe", "arm", "run"), durable: false);
            using var mine = folder.Lock();
            if (Store is { } store) folder.Open(store.Description);
            if (KeepCheckpoints == CheckpointRetention.LastAndFirst)
                for (var t = 1; t < folder.Completed - 1; t++) folder.DropCheckpoint(t);
            using var reporter = new RunReporter<TSample>(this, folder);
            using var loop = new GenerationLoop<TSample>(this, folder, reporter, cancellation);
            for (var t = 0; t <= Generations; t++)
            {
                var restored = t < folder.Completed;
                if (!restored) await reporter.GuardAsync(() => loop.MakeAsync(t));
                var metrics = folder.Metrics(t);
                reporter.Completed(t, metrics);
                yield return new Generation(t, metrics, temporary is null ? folder.GenerationPath(t) : null, restored);
            }

            reporter.Finished();
        }
        finally
        {
            if (temporary is not null) Directory.Delete(temporary, recursive: true);
        }
    }

    /// <summary>Finds what could go wrong before anything is run: names that clash, curators and metrics that cannot work, a policy that cannot be carried out.</summary>
    /// <exception cref="InputException">Something does; the message says what to do.</exception>
    public void Check()
    {
        if (!(Surplus >= 1)) throw new InputException($"The surplus is {Surplus} but must be at least 1: 1 writes what the policy needs.");
        var setting = SizedSetting;
        if (Metrics.GroupBy(m => m.Name).FirstOrDefault(g => g.Count() > 1 && g.SelectMany(m => m.Numbers).GroupBy(n => n.Name).Any(n => n.Count() > 1)) is { } twice)
            throw new InputException($"Two metrics give the numbers of '{twice.Key}': leave one of them out, or give it another name.");
        if (Metrics.FirstOrDefault(m => m.Name.Contains('.') || m.Name.Length == 0) is { } odd) throw new InputException($"The metric '{odd.Name}' needs a name without dots.");
        if (Curators.FirstOrDefault(c => !PlainName.Is(c.Name) || c.Name.Contains('.')) is { } unnamed) throw new InputException($"The curator '{unnamed.Name}' needs a name of {PlainName.InWords}, without dots.");
        if (Surplus > 1 && Curators.All(c => c.At != CurationPlace.Synthetic)) throw new InputException("A surplus is written for curators of the synthetic set, but there are none: leave it at 1, or give a curator with 'at': 'synthetic'.");
        foreach (var metric in Metrics) metric.Check(setting);
        foreach (var curator in Curators) curator.Check(setting);
    }

    internal LoopSetting SizedSetting => Setting.For(this);
}
