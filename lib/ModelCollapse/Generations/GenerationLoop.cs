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
    const string WrittenFile = "written.parquet";
    const string TrainingFile = "training.parquet";

    /// <summary>A model with the weights of generation <see cref="currentGeneration"/>.</summary>
    IGenerativeModel<TSample>? current;
    int currentGeneration = -1;
    IGenerativeModel<TSample>? model0;
    readonly List<Dataset<TSample>> history = [];

    /// <summary>What a model wrote last, and the generation of that model; −1 for none.</summary>
    (int Model, Dataset<TSample> Samples) written = (-1, Dataset<TSample>.Empty);

    /// <summary>Whether each model writes as soon as it is made, because a metric reads it; otherwise it writes when the next one is.</summary>
    readonly bool writesAhead = experiment.Metrics.Any(m => m.ReadsWritten);

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
            synthetic = writesAhead ? SyntheticOf(t) : Write(t, cost).Samples;
            training = cost.Time("compose", () => Compose(t, synthetic));
            PrepareInitialWeights(t);
            Fit(t, training, checkpoint, cost);
        }

        if (Directory.Exists(checkpoint)) Current.Load(checkpoint);
        currentGeneration = t;
        var ahead = writesAhead ? Write(t + 1, cost) : default;
        var metrics = Measure(t, training, synthetic, ahead, Path.Combine(partial, "artifacts"), cost);

        MetricsFile.Write(Path.Combine(partial, MetricsFile.FileName), metrics);
        if (Stored)
        {
            if (writesAhead) experiment.Codec.Write(ahead.Samples, Path.Combine(partial, WrittenFile));
            else if (synthetic.Count > 0) experiment.Codec.Write(synthetic, Path.Combine(partial, SyntheticFile));
            if (!ReferenceEquals(training, synthetic)) experiment.Codec.Write(training, Path.Combine(partial, TrainingFile));
            File.WriteAllText(Path.Combine(partial, "generation.json"), Record(t, training, synthetic).ToJsonString(RecipeJson.Options) + "\n");
            File.WriteAllText(Path.Combine(partial, AtomicFolder.CostFile), cost.ToJson(shared).ToJsonString(RecipeJson.Options) + "\n");
        }

        folder.CommitGeneration(t);
        written = writesAhead ? (t, ahead.Samples) : (t - 1, synthetic);
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

    /// <summary>How many samples of S_t the policy needs.</summary>
    int Needed(int t) => experiment.Policy.SyntheticCount(new(t, Original.Count, PerGeneration));

    /// <summary>What model t − 1 writes, S_t or more where metrics read it, and the whole set that its prompts were chosen from.</summary>
    (Dataset<TSample> Samples, Dataset<TSample>? Prompts) Write(int t, CostClock cost)
    {
        var count = writesAhead ? Math.Max(PerGeneration, Needed(t)) : Needed(t);
        if (count == 0) return (Dataset<TSample>.Empty, null);
        LoadGeneration(t - 1);
        var all = experiment.Prompts is { } source ? PromptsFor(t, source) : null;
        var chosen = all is null ? null : Chosen(t, all.Count, count);
        var options = new SampleOptions<TSample>(t - 1, Seed(t, "sample"), chosen is null ? null : all!.Select(chosen), reporter, cancellation);
        var samples = cost.Time("sample", () => Current.Sample(count, options));
        if (samples.Count != count) throw new InvalidOperationException($"The model wrote {samples.Count} samples instead of {count}.");
        if (chosen is not null) samples = new(samples, samples.Origins.Select(o => o is Origin.Synthetic { Prompt: >= 0 } s ? s with { Prompt = chosen[s.Prompt] } : o));
        return (samples, all);
    }

    /// <summary>What model t − 1 may continue. Generated prompts are all that model t − 2 wrote, if model t − 1 was trained on any of it.</summary>
    Dataset<TSample> PromptsFor(int t, PromptSource source) =>
        source == PromptSource.Generated && t > 1 && Needed(t - 1) > 0 ? WrittenBy(t - 2) : Original;

    int[] Chosen(int t, int prompts, int count)
    {
        var order = Enumerable.Range(0, prompts).ToArray();
        if (experiment.PromptSelection == PromptSelection.Random) Seeds.NewRandom(Seed(t, "prompts")).Shuffle(order);
        return order[..Math.Min(count, prompts)];
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

    /// <summary>S_t, written by a model that is finished.</summary>
    Dataset<TSample> SyntheticOf(int t) => WrittenBy(t - 1).Take(Needed(t));

    /// <summary>All that the model of a generation wrote; where the run is kept in memory only the last one is asked for.</summary>
    Dataset<TSample> WrittenBy(int model) => model == written.Model ? written.Samples
        : (writesAhead ? FileOf(model, WrittenFile) : FileOf(model + 1, SyntheticFile)) is var file && File.Exists(file) ? experiment.Codec.Read(file)
        : Dataset<TSample>.Empty;

    string FileOf(int generation, string name) => Path.Combine(folder.GenerationPath(generation), name);

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

    SortedDictionary<string, double> Measure(int t, Dataset<TSample> training, Dataset<TSample> synthetic, (Dataset<TSample>? Samples, Dataset<TSample>? Prompts) ahead, string artifacts, CostClock cost)
    {
        var context = new GenerationContext<TSample>(() => t == 0 ? Current : model0 ??= LoadModel0(), artifacts)
        {
            Generation = t,
            Seed = experiment.Seed,
            Model = Current,
            TrainingSet = training,
            Synthetic = synthetic,
            Real = Original,
            Written = ahead.Samples ?? Dataset<TSample>.Empty,
            WrittenPrompts = ahead.Prompts ?? Dataset<TSample>.Empty,
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
            ["trainingFile"] = !ReferenceEquals(training, synthetic) ? TrainingFile : writesAhead ? $"../{Path.GetFileName(folder.GenerationPath(t - 1))}/{WrittenFile}" : SyntheticFile,
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
