using System.Text.Json;
using System.Text.Json.Nodes;
using ModelCollapse.Provenance;
using ModelCollapse.Runs;

namespace ModelCollapse.Generations;

/// <summary>Makes one generation after the other, each as a whole folder.</summary>
sealed class GenerationLoop<TSample>(
    RecursiveExperiment<TSample> experiment, RunFolder folder, RunReporter<TSample> reporter, CancellationToken cancellation) : IDisposable
{
    const string SyntheticFile = "samples.parquet";
    const string TrainingFile = "training.parquet";

    /// <summary>A model with the weights of generation <see cref="currentGeneration"/>.</summary>
    IGenerativeModel<TSample>? current;
    int currentGeneration = -1;
    IGenerativeModel<TSample>? model0;
    readonly List<Dataset<TSample>> history = [];

    /// <summary>What model t − 1 wrote for the generation that was made last; used only where the run is kept in memory.</summary>
    Dataset<TSample> written = Dataset<TSample>.Empty;

    /// <summary>Whether every generation is a whole folder. In memory only model 0 is saved, because it may be needed again.</summary>
    bool Stored => experiment.Store is not null;

    Dataset<TSample> Original => experiment.Real.Original;

    int PerGeneration => experiment.PerGeneration ?? Original.Count;

    public async Task MakeAsync(int t)
    {
        cancellation.ThrowIfCancellationRequested();
        var cost = new CostClock();
        reporter.Begin(t, cost);
        var partial = folder.BeginGeneration(t);
        var checkpoint = Path.Combine(partial, "checkpoint");
        JsonObject? shared = null;

        var synthetic = Dataset<TSample>.Empty;
        var training = Original;
        if (t == 0)
        {
            shared = await MakeGeneration0(checkpoint, cost);
        }
        else
        {
            synthetic = Write(t, cost);
            training = cost.Time("compose", () => Compose(t, synthetic));
            PrepareInitialWeights(t);
            Fit(t, training, checkpoint, cost);
        }

        if (Directory.Exists(checkpoint)) Current.Load(checkpoint);
        currentGeneration = t;
        var metrics = Measure(t, training, synthetic, Path.Combine(partial, "artifacts"), cost);

        MetricsFile.Write(Path.Combine(partial, MetricsFile.FileName), metrics);
        if (Stored)
        {
            if (synthetic.Count > 0) experiment.Codec.Write(synthetic, Path.Combine(partial, SyntheticFile));
            if (!ReferenceEquals(training, synthetic)) experiment.Codec.Write(training, Path.Combine(partial, TrainingFile));
            File.WriteAllText(Path.Combine(partial, "generation.json"), Record(t, training, synthetic).ToJsonString(RecipeJson.Options) + "\n");
            File.WriteAllText(Path.Combine(partial, AtomicFolder.CostFile), cost.ToJson(shared).ToJsonString(RecipeJson.Options) + "\n");
        }

        folder.CommitGeneration(t);
        written = synthetic;
        if (experiment.Policy.UsesHistory && t > 0) history.Add(synthetic);
        if (experiment.KeepCheckpoints == CheckpointRetention.LastAndFirst && t > 1) folder.DropCheckpoint(t - 1);
    }

    /// <summary>The one model that is fitted and sampled; made when first needed.</summary>
    IGenerativeModel<TSample> Current => current ??= experiment.NewModel();

    async Task<JsonObject?> MakeGeneration0(string checkpoint, CostClock cost)
    {
        if (experiment.SharedGeneration0Key is not { } key || experiment.Store is null)
        {
            Fit(0, Original, checkpoint, cost);
            return null;
        }

        var (paid, now) = await new SharedGeneration0(folder, key, experiment.Seed).GetAsync(checkpoint, Train, reporter.Waiting, cancellation);
        return new JsonObject { ["key"] = key, ["trainedNow"] = now, ["cost"] = paid };

        JsonObject Train(string target)
        {
            var own = new CostClock();
            reporter.Begin(0, own);
            Fit(0, Original, target, own);
            reporter.Begin(0, cost);
            return own.ToJson();
        }
    }

    /// <summary>S_t: what model t − 1 writes.</summary>
    Dataset<TSample> Write(int t, CostClock cost)
    {
        var count = experiment.Policy.SyntheticCount(new(t, Original.Count, PerGeneration));
        if (count == 0) return Dataset<TSample>.Empty;
        LoadGeneration(t - 1);
        var (prompts, indices) = Prompts(t, count);
        var options = new SampleOptions<TSample>(t - 1, Seed(t, "sample"), prompts, reporter, cancellation);
        var written = cost.Time("sample", () => Current.Sample(count, options));
        if (written.Count != count) throw new InvalidOperationException($"The model wrote {written.Count} samples instead of {count}.");
        return indices is null ? written : new(written, written.Origins.Select(o => o is Origin.Synthetic { Prompt: >= 0 } s ? s with { Prompt = indices[s.Prompt] } : o));
    }

    /// <summary>The prompts for <paramref name="count"/> samples, and the index of each in the set they were chosen from.</summary>
    (Dataset<TSample>? Prompts, int[]? Indices) Prompts(int t, int count)
    {
        if (experiment.Prompts is not { } source) return (null, null);
        var all = source == PromptSource.Generated && t > 1 && SyntheticOf(t - 1) is { Count: > 0 } generated ? generated : Original;
        var order = Enumerable.Range(0, all.Count).ToArray();
        if (experiment.PromptSelection == PromptSelection.Random) Seeds.NewRandom(Seed(t, "prompts")).Shuffle(order);
        var chosen = order[..Math.Min(count, order.Length)];
        return (all.Select(chosen), chosen);
    }

    /// <summary>Training set t: policy, then curators.</summary>
    Dataset<TSample> Compose(int t, Dataset<TSample> synthetic)
    {
        if (experiment.Policy.UsesHistory)
            while (history.Count < t - 1) history.Add(SyntheticOf(history.Count + 1));
        var training = experiment.Policy.Compose(new PolicyContext<TSample>
        {
            Generation = t,
            Real = experiment.Real,
            Synthetic = synthetic,
            Earlier = [.. history],
            PerGeneration = PerGeneration,
            Random = Seeds.NewRandom(Seed(t, "policy")),
        });
        foreach (var (curator, place) in experiment.Curators.Select((c, i) => (c, i)))
        {
            var context = new CurationContext<TSample>
            {
                Generation = t,
                Real = Original,
                Random = Seeds.NewRandom(Seed(t, $"curator {place}")),
                Cancellation = cancellation,
            };
            training = curator.Curate(experiment.HideOrigins ? training.WithOriginsHidden() : training, context).ApplyTo(training);
        }

        return training.Count > 0 ? training : throw new InputException(
            $"The training set of generation {t} is empty after {(experiment.Curators.Count > 0 ? string.Join(", ", experiment.Curators.Select(c => c.Name)) : "the policy")}: keep more.");
    }

    /// <summary>S_t of a finished generation; in memory that of the last one alone, which is all that is asked for there.</summary>
    Dataset<TSample> SyntheticOf(int t) => !Stored ? written
        : Path.Combine(folder.GenerationPath(t), SyntheticFile) is var file && File.Exists(file) ? experiment.Codec.Read(file) : Dataset<TSample>.Empty;

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
            Current.Fit(training, new FitOptions(t, Seed(t, "fit"), reporter, cancellation));
            if (Stored || t == 0) Current.Save(Directory.CreateDirectory(checkpoint).FullName);
            return true;
        });
    }

    SortedDictionary<string, double> Measure(int t, Dataset<TSample> training, Dataset<TSample> synthetic, string artifacts, CostClock cost)
    {
        var context = new GenerationContext<TSample>(() => t == 0 ? Current : model0 ??= LoadModel0(), artifacts)
        {
            Generation = t,
            Seed = experiment.Seed,
            Model = Current,
            TrainingSet = training,
            Synthetic = synthetic,
            Real = Original,
            Progress = reporter,
            Cancellation = cancellation,
        };
        var numbers = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var metric in experiment.Metrics)
        {
            cancellation.ThrowIfCancellationRequested();
            reporter.Measuring(metric.Name);
            foreach (var (name, value) in cost.Time($"measure {metric.Name}", () => metric.Measure(context)))
                if (!numbers.TryAdd(name.Length == 0 ? metric.Name : $"{metric.Name}.{name}", value))
                    throw new InvalidOperationException($"Two metrics give the number {metric.Name}.{name}.");
        }

        return numbers;
    }

    IGenerativeModel<TSample> LoadModel0()
    {
        var model = experiment.NewModel();
        model.Load(folder.CheckpointPath(0));
        return model;
    }

    /// <summary>What went into the generation, in numbers and seeds; the same for equal runs.</summary>
    JsonObject Record(int t, Dataset<TSample> training, Dataset<TSample> synthetic)
    {
        var origins = new JsonObject();
        foreach (var kind in training.Origins.GroupBy(o => o.GetType().Name).OrderBy(g => g.Key, StringComparer.Ordinal)) origins[kind.Key] = kind.Count();
        var seeds = new JsonObject();
        foreach (var purpose in (string[])["fit", "sample", "policy", "prompts"]) seeds[purpose] = Seed(t, purpose);
        return new JsonObject
        {
            ["generation"] = t,
            ["synthetic"] = synthetic.Count,
            ["training"] = training.Count,
            ["origins"] = origins,
            ["trainingFile"] = ReferenceEquals(training, synthetic) ? SyntheticFile : TrainingFile,
            ["seeds"] = seeds,
        };
    }

    long Seed(int t, string purpose) => Seeds.Derive(experiment.Seed, t, purpose);

    public void Dispose()
    {
        (current as IDisposable)?.Dispose();
        (model0 as IDisposable)?.Dispose();
    }
}
