using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Images;
using ModelCollapse.Recipes;
using ModelCollapse.Results;
using ModelCollapse.Store;
using TorchSharp;

namespace ModelCollapse.Reporting;

/// <summary>
/// Where a notebook gets its results: from the committed reference runs, in seconds; from runs that were finished before, where
/// <see cref="Finished"/> is set; or from running the recipe here and now, where <see cref="Fresh"/> is.
/// </summary>
public static class Run
{
    /// <summary>The environment variable that sets <see cref="Fresh"/> from outside: <c>true</c>.</summary>
    public const string Variable = "MODEL_COLLAPSE_FRESH";

    /// <summary>Whether recipes are run again instead of reading their committed results. Takes from minutes to days, by recipe.</summary>
    public static bool Fresh { get; set; } = Environment.GetEnvironmentVariable(Variable) == "true";

    /// <summary>Where fresh runs are kept, so that an interrupted one goes on; relative to the folder of the project.</summary>
    public static string Folder { get; set; } = "runs";

    /// <summary>The environment variable that sets <see cref="Finished"/> from outside.</summary>
    public const string FinishedVariable = "MODEL_COLLAPSE_RUNS";

    /// <summary>
    /// Folder of finished runs that stand in for the committed results of the recipes that it holds, as <c>environment/reproduce</c> leaves
    /// it; relative to the folder of the project; null for none.
    /// </summary>
    public static string? Finished { get; set; } = Environment.GetEnvironmentVariable(FinishedVariable) is { Length: > 0 } folder ? folder : null;

    /// <summary>The results of a recipe of this project: committed ones, those of finished runs, or those of a fresh run of all its arms and seeds.</summary>
    /// <param name="recipe">Name of the recipe.</param>
    /// <param name="changes">For a fresh run: each <c>path=value</c>, as <c>collapse run --set</c> takes them.</param>
    /// <param name="cancellation">Stops a fresh run; finished generations stay, and the next call goes on.</param>
    /// <exception cref="InputException">There are no such results, or a fresh run cannot go on; the message says why.</exception>
    public static async Task<RunResults> ResultsAsync(string recipe, IReadOnlyList<string>? changes = null, CancellationToken cancellation = default)
    {
        if (!Fresh) return FinishedOf(recipe) ?? RunResults.Read(ProjectData.Require($"results/{recipe}"));
        var asked = changes is { Count: > 0 } ? Recipe.Load(recipe).With(changes) : Recipe.Load(recipe);
        // All arms are opened before the first begins: what is missing is said at once.
        var arms = asked.ArmNames.ToDictionary(arm => arm, arm => TextStudy.Open(asked, arm, DataFolder.Default));
        return await StoredAsync(asked.Name, [.. arms.Keys], asked.Seeds, (arm, seed, store, progress) =>
        {
            torch.set_num_threads(arms[arm].Threads);
            return arms[arm].WithSeed(seed, store, progress);
        }, cancellation);
    }

    /// <summary>The results of the paper's experiment with images: committed ones, or those of a fresh run of all its arms.</summary>
    /// <param name="experiment">Its settings, for a fresh run.</param>
    /// <param name="seeds">Seeds of a fresh run.</param>
    /// <param name="cancellation">Stops a fresh run; finished generations stay, and the next call goes on.</param>
    /// <exception cref="InputException">There are no such results, or a fresh run cannot go on; the message says why.</exception>
    public static Task<RunResults> ResultsAsync(VaeCollapse experiment, IReadOnlyList<long> seeds, CancellationToken cancellation = default) => Fresh
        ? StoredAsync(VaeCollapse.Name, [.. VaeCollapse.Arms.Keys], seeds, (arm, seed, store, progress) => experiment.Experiment(arm, seed, DataFolder.Default, store, progress), cancellation)
        : Task.FromResult(FinishedOf(VaeCollapse.Name) ?? RunResults.Read(ProjectData.Require($"results/{VaeCollapse.Name}")));

    /// <summary>The results of a recipe in <see cref="Finished"/>; null where it is not there.</summary>
    static RunResults? FinishedOf(string recipe)
    {
        if (Finished is null || Path.Combine(InProject(Finished), recipe) is not { } folder || !Directory.Exists(folder)) return null;
        if (new RunStore(folder).Runs().FirstOrDefault(run => run.Status?.Phase != RunPhase.Finished) is { } open)
            throw new InputException($"{open.Path} is not finished: continue it with 'collapse resume {folder}', or read the committed results with Run.Finished = null.");
        return RunResults.Read(folder) is { Runs.Count: > 0 } results ? results : null;
    }

    static string InProject(string folder) => Path.GetFullPath(Path.Combine(ProjectData.Require("recipes"), "..", "..", folder));

    /// <summary>Runs all arms and seeds of an experiment, one after the other, in <see cref="Folder"/>; goes on with those that were begun.</summary>
    static async Task<RunResults> StoredAsync<TSample>(
        string name, IReadOnlyList<string> arms, IReadOnlyList<long> seeds, Func<string, long, RunStore, Action<RunStatus>, RecursiveExperiment<TSample>> experiment, CancellationToken cancellation)
    {
        var store = new RunStore(InProject(Folder));
        var (done, total) = (0, arms.Count * seeds.Count);
        var bar = ProgressBar.Show($"{name}: {total} runs");
        foreach (var arm in arms)
            foreach (var seed in seeds)
            {
                await foreach (var _ in experiment(arm, seed, store, status => bar.Report(done, total, Line(status))).RunAsync(cancellation)) { }
                bar.Report(++done, total);
            }

        return RunResults.Read(Path.Combine(store.Root, name));
    }

    /// <summary>Runs a small experiment now, in memory, for several arms and seeds, with a bar that shows how far it is.</summary>
    /// <typeparam name="TArm">In what the arms differ, a <see cref="DataPolicy"/> for example.</typeparam>
    /// <typeparam name="TSample">One sample.</typeparam>
    /// <param name="name">What to call it.</param>
    /// <param name="arms">In what each arm differs, by its name.</param>
    /// <param name="seeds">Number of seeds: 0, 1, 2, ….</param>
    /// <param name="experiment">Gives the experiment of an arm and a seed.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task<RunResults> LiveAsync<TArm, TSample>(
        string name, IReadOnlyDictionary<string, TArm> arms, int seeds, Func<TArm, long, RecursiveExperiment<TSample>> experiment, CancellationToken cancellation = default)
    {
        var (rows, done, total) = (new List<MetricRow>(), 0, arms.Count * seeds);
        var bar = ProgressBar.Show(name);
        foreach (var (arm, difference) in arms)
            for (var seed = 0; seed < seeds; seed++)
            {
                await foreach (var generation in experiment(difference, seed).RunAsync(cancellation))
                    rows.AddRange(generation.Metrics.Select(m => new MetricRow(name, arm, seed, generation.Number, m.Key, m.Value)));
                bar.Report(++done, total, "runs");
            }

        return new() { Metrics = rows };
    }

    static string Line(RunStatus status) => $"arm {status.Arm}, seed {status.Seed}, generation {status.Generation} of {status.Generations}: {status.What} {status.Note}".TrimEnd();
}
