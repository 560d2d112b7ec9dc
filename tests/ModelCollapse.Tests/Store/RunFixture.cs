using System.Text.Json.Nodes;
using ModelCollapse.ClosedForm;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;
using ModelCollapse.Recipes;
using ModelCollapse.Store;

namespace ModelCollapse.Tests.Store;

/// <summary>A recursion of Gaussians in a temporary run store.</summary>
sealed class RunFixture : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("collapse-tests-").FullName;

    public RunStore Store => new(Root);

    public static Dataset<double> Data(int count = 50) =>
        Dataset<double>.Human(Enumerable.Range(0, count).Select(i => Math.Sin(i * 12.9898) * 3), "sine");

    /// <summary>Prompts that no run is trained on.</summary>
    public static Dataset<double> HeldOut => Dataset<double>.Human(Enumerable.Range(0, 7).Select(i => 1000.0 + i), "held out");

    public RecursiveExperiment<double> Experiment(
        string arm = "a", long seed = 0, int generations = 5, DataPolicy? policy = null, InitialWeights initial = InitialWeights.Previous,
        string? shared = null, IMetric<double>? metric = null, Func<IGenerativeModel<double>>? model = null, string? setting = null,
        CheckpointRetention keep = CheckpointRetention.LastAndFirst, Action<RunStatus>? progress = null, RunStore? store = null,
        ISampleCodec<double>? codec = null, PromptSource prompts = PromptSource.Original, Dataset<double>? evaluation = null)
    {
        var description = new RunDescription { Recipe = "gauss", Arm = arm, Seed = seed, Settings = new JsonObject { ["setting"] = setting ?? "x", ["generations"] = generations }, Identity = new JsonObject { ["setting"] = setting ?? "x" } };
        return new()
        {
            NewModel = model ?? (() => new Gaussian()),
            Real = new RealData<double>(Data(), Data(500)),
            Codec = codec ?? new NumberCodec(),
            Generations = generations,
            PerGeneration = 20,
            Seed = seed,
            Policy = policy ?? new Replace(),
            InitialWeights = initial,
            Prompts = prompts,
            PromptSelection = PromptSelection.Random,
            EvaluationPrompts = evaluation,
            Metrics = [metric ?? new Moments()],
            Headline = "moments.deviation",
            KeepCheckpoints = keep,
            SharedGeneration0Key = shared,
            Progress = progress,
            Store = ((store ?? Store).Run("gauss", arm, seed), description),
        };
    }

    /// <summary>Every file that must be equal in equal runs, with its content: all but timings, status, lock and sessions.</summary>
    public static SortedDictionary<string, string> Bytes(RunFolder run)
    {
        string[] free = ["cost.json", "status.json", "lock", "sessions.jsonl", "run.json"];
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(run.Path, "*", SearchOption.AllDirectories))
            if (!free.Contains(Path.GetFileName(file)))
                files[Path.GetRelativePath(run.Path, file)] = Convert.ToHexString(File.ReadAllBytes(file));
        return files;
    }

    public static async Task<List<Generation>> RunAll(RecursiveExperiment<double> experiment)
    {
        var generations = new List<Generation>();
        await foreach (var generation in experiment.RunAsync()) generations.Add(generation);
        return generations;
    }

    /// <summary>Descriptions of numbers whose meaning no test is about.</summary>
    public static IReadOnlyList<MetricNumber> Numbers(params IEnumerable<string> names) => [.. names.Select(n => new MetricNumber(n, n, "", UnderCollapse.Varies, "tests"))];

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

/// <summary>Mean and deviation of the model, and how far it is from model 0; writes a small artifact.</summary>
/// <param name="ahead">Whether it also reads what the model writes: for the next generation, and from held-out prompts.</param>
sealed class Moments(bool ahead = false) : IMetric<double>
{
    public string Name => "moments";

    public IReadOnlyList<MetricNumber> Numbers => RunFixture.Numbers("mean", "deviation", "drift", "training", "draw", "written", "own", "prompts");

    public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<double> c)
    {
        var (model, model0) = ((Gaussian)c.Model, (Gaussian)c.Model0);
        File.WriteAllText(c.ArtifactPath("sizes.txt"), $"{c.TrainingSet.Count} {c.Synthetic.Count}");
        var numbers = new Dictionary<NumberKey, double>
        {
            ["mean"] = model.Mean,
            ["deviation"] = model.StandardDeviation,
            ["drift"] = model.Mean - model0.Mean,
            ["training"] = c.TrainingSet.Count,
            ["draw"] = Seeds.NewRandom(c.SeedFor("draw")).NextDouble(),
        };
        if (ahead) (numbers["written"], numbers["own"], numbers["prompts"]) = (c.Written.Sum(), c.OwnText.Sum(), c.OwnPrompts.Sum());
        return numbers;
    }
}
