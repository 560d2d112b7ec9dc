using System.Text.Json.Nodes;
using ModelCollapse.Provenance;
using ModelCollapse.Store;

namespace ModelCollapse.Generations;

/// <summary>Makes one generation after the other, each as a whole folder.</summary>
sealed class GenerationLoop<TSample>(
    RecursiveExperiment<TSample> experiment, RunFolder folder, RunReporter<TSample> reporter, CancellationToken cancellation) : IDisposable
{
    /// <summary>A model with the weights of generation <see cref="currentGeneration"/>.</summary>
    IGenerativeModel<TSample>? current;
    int currentGeneration = -1;
    IGenerativeModel<TSample>? model0;

    readonly LoopSetting setting = experiment.SizedSetting;
    readonly GenerationFiles<TSample> files = new(experiment, folder);
    readonly List<IReadOnlyDictionary<MetricKey, double>> earlier = [];

    /// <summary>S_1 … as they entered the policy, where it uses them.</summary>
    readonly List<Dataset<TSample>> history = [];

    /// <summary>What a model wrote last, and the generation of that model; −1 for none.</summary>
    (int Model, Dataset<TSample> Samples) written = (-1, Dataset<TSample>.Empty);

    /// <summary>The real data as curators left them.</summary>
    RealData<TSample>? real;

    /// <summary>Features of the generation that is being made: curators and metrics share them.</summary>
    FeatureMemo<TSample> memo = new();

    /// <summary>Whether every generation is a whole folder. In memory only model 0 is saved, because it may be needed again.</summary>
    bool Stored => experiment.Store is not null;

    int PerGeneration => experiment.PerGeneration ?? experiment.Real.Original.Count;

    public async Task MakeAsync(int t)
    {
        cancellation.ThrowIfCancellationRequested();
        memo = new();
        var cost = new CostClock();
        reporter.Begin(t, cost);
        var partial = folder.BeginGeneration(t);
        var checkpoint = Path.Combine(partial, "checkpoint");
        var line = new CurationLine<TSample>(experiment, partial);
        for (var past = earlier.Count; past < t; past++) earlier.Add(folder.Metrics(past));
        var made = t == 0 ? await MakeFirstAsync(line, checkpoint, cost) : await MakeNextAsync(t, line, checkpoint, cost);
        if (Directory.Exists(checkpoint)) Current.Load(checkpoint);
        currentGeneration = t;

        // A stored run may be given more generations later, but one of generation 0 alone is a base model's.
        var goesOn = t < experiment.Generations || (Stored && t > 0);
        if (goesOn) made.Written = Write(t + 1, cost);
        made.OwnText = WriteOwnText(t, cost);
        var metrics = Measure(t, made, () => goesOn ? made.Written : Write(t + 1, cost), Path.Combine(partial, "artifacts"), cost);
        foreach (var (key, value) in line.Scores) metrics.Add(key, value);

        MetricsFile.Write(Path.Combine(partial, MetricsFile.FileName), metrics);
        if (Stored) files.Write(partial, t, made, line, cost, PerGeneration);
        folder.CommitGeneration(t);
        written = (t, made.Written);
        earlier.Add(metrics);
        if (experiment.Policy.UsesHistory && t > 0) history.Add(made.Synthetic);
        if (experiment.KeepCheckpoints == CheckpointRetention.LastAndFirst && t > 1) folder.DropCheckpoint(t - 1);
    }

    /// <summary>The one model that is fitted and sampled; made when first needed.</summary>
    IGenerativeModel<TSample> Current => current ??= experiment.NewModel();

    async Task<MadeGeneration<TSample>> MakeFirstAsync(CurationLine<TSample> line, string checkpoint, CostClock cost)
    {
        var curated = await line.ApplyAsync(CurationPlace.Real, experiment.Real.Original, experiment.Real.Original.Count, Contexts(0, experiment.Real.Original, Dataset<TSample>.Empty), cost);
        real = line.Touched(CurationPlace.Real) ? new CuratedRealData<TSample>(experiment.Real, curated) : experiment.Real;
        var made = new MadeGeneration<TSample> { Training = NotEmpty(0, curated), RealIsCurated = line.Touched(CurationPlace.Real) };
        if (experiment.SharedGeneration0Key is not { } key || !Stored)
        {
            Fit(0, curated, checkpoint, cost);
            return made;
        }

        var (paid, now) = await new SharedGeneration0(folder, key, experiment.Seed).GetAsync(checkpoint, Train, reporter.Waiting, cancellation);
        made.SharedCost = new JsonObject { ["key"] = key, ["trainedNow"] = now, ["cost"] = paid };
        return made;

        JsonObject Train(string target)
        {
            var own = new CostClock();
            reporter.Begin(0, own);
            using (experiment.WholeMachine?.Invoke()) Fit(0, curated, target, own);
            reporter.Begin(0, cost);
            return own.ToJson();
        }
    }

    async Task<MadeGeneration<TSample>> MakeNextAsync(int t, CurationLine<TSample> line, string checkpoint, CostClock cost)
    {
        var (all, needed) = (WrittenBy(t - 1), Needed(t));
        if (all.Count < needed)
            throw new InputException($"Generation {t} needs {needed} samples but {folder.GenerationPath(t - 1)} holds {all.Count}: it was the only generation of its run. Delete it, and run again.");
        var contexts = Contexts(t, Real.Original, all);
        var synthetic = (await line.ApplyAsync(CurationPlace.Synthetic, all, needed, contexts, cost)).Take(needed);
        var composed = cost.Time("compose", () => Compose(t, synthetic));
        var training = await line.ApplyAsync(CurationPlace.Composed, composed, composed.Count, contexts, cost);
        PrepareInitialWeights(t);
        Fit(t, NotEmpty(t, training), checkpoint, cost);
        return new() { Synthetic = synthetic, Training = training, SyntheticIsCurated = line.Touched(CurationPlace.Synthetic) };
    }

    /// <summary>The real data as curators left them when generation 0 was made.</summary>
    RealData<TSample> Real => real ??= files.CuratedReal() is { } curated ? new CuratedRealData<TSample>(experiment.Real, curated) : experiment.Real;

    /// <summary>How many samples of S_t the policy needs.</summary>
    int Needed(int t) => experiment.Policy.SyntheticCount(new(t, Real.Original.Count, PerGeneration));

    /// <summary>What model t − 1 writes for generation t: S_t, and the surplus that curators choose from.</summary>
    Dataset<TSample> Write(int t, CostClock cost)
    {
        var count = (int)Math.Ceiling(Needed(t) * experiment.Surplus);
        if (count == 0) return Dataset<TSample>.Empty;
        LoadGeneration(t - 1);
        var all = experiment.Prompts is { } source ? PromptsFor(t, source) : null;
        var chosen = all is null ? null : Chosen(t, all.Count, count);
        var samples = Sample("sample", count, chosen is null ? null : all!.Select(chosen), t - 1, Seed(t, "sample"), cost);
        return chosen is null ? samples
            : new(samples, samples.Origins.Select(o => o is Origin.Synthetic { Prompt: >= 0 } s ? s with { Prompt = chosen[s.Prompt] } : o));
    }

    /// <summary>What model t writes from the held-out prompts.</summary>
    Dataset<TSample> WriteOwnText(int t, CostClock cost) => experiment.EvaluationPrompts is { Count: > 0 } prompts
        ? Sample("sample own text", prompts.Count, prompts, t, Seed(t, "own text"), cost)
        : Dataset<TSample>.Empty;

    Dataset<TSample> Sample(string phase, int count, Dataset<TSample>? prompts, int model, long seed, CostClock cost)
    {
        var samples = cost.Time(phase, () => Current.Sample(count, new(model, seed, prompts, reporter, cancellation, cost.Meter)));
        return samples.Count == count ? samples : throw new InvalidOperationException($"The model wrote {samples.Count} samples instead of {count}.");
    }

    /// <summary>What model t − 1 may continue. Generated prompts are all that model t − 2 wrote, if model t − 1 was trained on any of it.</summary>
    Dataset<TSample> PromptsFor(int t, PromptSource source) =>
        source == PromptSource.Generated && t > 1 && Needed(t - 1) > 0 ? WrittenBy(t - 2) : Real.Original;

    int[] Chosen(int t, int prompts, int count)
    {
        var order = Enumerable.Range(0, prompts).ToArray();
        if (experiment.PromptSelection == PromptSelection.Random) Seeds.NewRandom(Seed(t, "prompts")).Shuffle(order);
        return order[..Math.Min(count, prompts)];
    }

    /// <summary>Training set t by the policy.</summary>
    Dataset<TSample> Compose(int t, Dataset<TSample> synthetic)
    {
        if (experiment.Policy.UsesHistory)
            while (history.Count < t - 1) history.Add(files.SyntheticOf(history.Count + 1, Needed(history.Count + 1)));
        return experiment.Policy.Compose(new PolicyContext<TSample>
        {
            Generation = t,
            Real = Real,
            Synthetic = synthetic,
            Earlier = [.. history],
            PerGeneration = PerGeneration,
            Random = Seeds.NewRandom(Seed(t, "policy")),
        });
    }

    Dataset<TSample> NotEmpty(int t, Dataset<TSample> training) => training.Count > 0 ? training : throw new InputException(
        $"The training set of generation {t} is empty after {(experiment.Curators.Count > 0 ? string.Join(", ", experiment.Curators.Select(c => c.Name)) : "the policy")}: keep more.");

    /// <summary>All that the model of a generation wrote for the next; where the run is kept in memory only the last two are asked for.</summary>
    Dataset<TSample> WrittenBy(int model) => model == written.Model ? written.Samples : files.WrittenBy(model);

    void PrepareInitialWeights(int t)
    {
        switch (experiment.InitialWeights)
        {
            case InitialWeights.Previous:
                LoadGeneration(t - 1);
                break;
            case InitialWeights.Generation0:
                LoadGeneration(0);
                break;
            default:
                (current as IDisposable)?.Dispose();
                current = null;
                break;
        }
    }

    void LoadGeneration(int t)
    {
        if (currentGeneration == t) return;
        Current.Load(folder.CheckpointPath(t));
        currentGeneration = t;
    }

    void Fit(int t, Dataset<TSample> training, string checkpoint, CostClock cost)
    {
        currentGeneration = -1;
        cost.Time("fit", () =>
        {
            Current.Fit(training, new FitOptions(t, Seed(t, "fit"), reporter, cancellation, cost.Meter));
            if (Stored || t == 0) Current.Save(Directory.CreateDirectory(checkpoint).FullName);
            return true;
        });
        cost.Add("fit", "samples", training.Count);
    }

    /// <summary>Makes the context of each curator of generation t.</summary>
    Func<ICurator<TSample>, string, int, CostClock, CurationContext<TSample>> Contexts(int t, Dataset<TSample> original, Dataset<TSample> synthetic)
    {
        return (curator, name, wanted, cost) => new(t == 0 ? null : PreviousModel, t == 0 ? null : Model0, Path.Combine(folder.PartialPath(t), "artifacts"), name)
        {
            Generation = t,
            Seed = experiment.Seed,
            Real = original,
            Synthetic = synthetic,
            Setting = setting,
            Earlier = [.. earlier],
            Wanted = wanted,
            Memo = memo,
            Counting = () => cost.Meter,
            Progress = reporter,
            Cancellation = cancellation,
        };

        IGenerativeModel<TSample> PreviousModel()
        {
            LoadGeneration(t - 1);
            return Current;
        }
    }

    IGenerativeModel<TSample> Model0() => currentGeneration == 0 ? Current : model0 ??= LoadModel0();

    SortedDictionary<MetricKey, double> Measure(int t, MadeGeneration<TSample> made, Func<Dataset<TSample>> write, string artifacts, CostClock cost)
    {
        var context = new GenerationContext<TSample>(Model0, artifacts)
        {
            Generation = t,
            Seed = experiment.Seed,
            Model = Current,
            TrainingSet = made.Training,
            Synthetic = made.Synthetic,
            Real = Real.Original,
            Write = write,
            OwnText = made.OwnText,
            OwnPrompts = experiment.EvaluationPrompts ?? Dataset<TSample>.Empty,
            Setting = setting,
            Earlier = [.. earlier],
            Memo = memo,
            Counting = () => cost.Meter,
            Progress = reporter,
            Cancellation = cancellation,
        };
        var numbers = new SortedDictionary<MetricKey, double>();
        foreach (var metric in experiment.Metrics)
        {
            cancellation.ThrowIfCancellationRequested();
            reporter.Measuring(metric.Name);
            foreach (var (number, value) in cost.Time($"measure {metric.Name}", () => metric.Measure(context)))
                if (metric.Numbers.All(n => n.Name != number.Name))
                    throw new InvalidOperationException($"The metric {metric.Name} gives the number '{number}', which it does not describe: add it to its Numbers.");
                else if (!numbers.TryAdd(new(metric.Name, number), value))
                    throw new InvalidOperationException($"Two metrics give the number {new MetricKey(metric.Name, number)}.");
        }

        return numbers;
    }

    IGenerativeModel<TSample> LoadModel0()
    {
        var model = experiment.NewModel();
        model.Load(folder.CheckpointPath(0));
        return model;
    }

    long Seed(int t, string purpose) => Seeds.Derive(experiment.Seed, t, purpose);

    public void Dispose()
    {
        (current as IDisposable)?.Dispose();
        (model0 as IDisposable)?.Dispose();
    }
}

/// <summary>The sets of one generation.</summary>
sealed class MadeGeneration<TSample>
{
    /// <summary>S_t as it entered the policy.</summary>
    public Dataset<TSample> Synthetic { get; init; } = Dataset<TSample>.Empty;

    public required Dataset<TSample> Training { get; init; }

    public bool SyntheticIsCurated { get; init; }

    public bool RealIsCurated { get; init; }

    /// <summary>What this generation's model wrote for the next.</summary>
    public Dataset<TSample> Written { get; set; } = Dataset<TSample>.Empty;

    /// <summary>What it wrote from held-out prompts.</summary>
    public Dataset<TSample> OwnText { get; set; } = Dataset<TSample>.Empty;

    /// <summary>What the shared generation 0 cost and who paid.</summary>
    public JsonObject? SharedCost { get; set; }
}
