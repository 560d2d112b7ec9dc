using System.Diagnostics;
using System.Globalization;
using ModelCollapse.Data;
using ModelCollapse.Recipes;
using ModelCollapse.Recipes.Executors;
using ModelCollapse.Results;
using ModelCollapse.Results.Claims;
using ModelCollapse.Store;

namespace ModelCollapse.Cli;

/// <summary>Checks a plan, then runs it in worker processes, with progress, a table at the end, and one sentence for each run that failed.</summary>
static class WorkRunner
{
    /// <summary>Runs a plan. Nothing is written before everything that it names was opened and found right.</summary>
    /// <param name="plan">What to run.</param>
    /// <param name="output">Folder of the run store.</param>
    /// <param name="workers">Processes at a time; null for one per core.</param>
    /// <param name="before">Runs to go on with beside those of the plan.</param>
    /// <param name="cancellation">Stops the workers; finished generations stay.</param>
    /// <returns>Exit code: 0; 1 for a defect; 2 where an arm failed for a reason that the user can mend; 130 if stopped.</returns>
    public static async Task<int> RunAsync(Plan plan, string output, int? workers, IReadOnlyList<WorkItem> before, CancellationToken cancellation)
    {
        var (recipe, store, folder) = (plan.Recipe, new RunStore(output), new DataFolder(plan.Data));
        IReadOnlyList<WorkItem> work = [.. plan.Work, .. before];
        var threads = 1;
        foreach (var arm in work.GroupBy(w => w.Arm, w => w.Seed))
        {
            var study = TextStudy.Open(recipe, arm.Key, folder);
            threads = Math.Max(threads, study.Threads);
            foreach (var seed in arm) store.Run(recipe.Name, arm.Key, seed).RequireSame(study.Describe(seed));
        }

        var path = Path.Combine(store.Root, recipe.Name, Plan.FileName);
        plan.Write(path);
        var executor = new LocalExecutor
        {
            Workers = workers ?? Math.Max(1, Environment.ProcessorCount / threads),
            Command = item => StudyWorker.ThisProgram(threads, WorkerArguments(path, item, folder, store)),
        };
        IReadOnlyList<WorkResult> results = [];
        await RunProgress.ShowAsync(work, recipe, async report => results = await executor.RunAsync(work, report, cancellation));

        var runs = Path.Combine(store.Root, recipe.Name);
        if (work.Any(w => store.Run(recipe.Name, w.Arm, w.Seed).Completed > 0)) ReportText.Headline(new() { Metrics = MetricRow.ReadAll(runs) });
        Console.WriteLine($"Results: {runs}");
        foreach (var failed in results.Where(r => r.Outcome == RunPhase.Failed))
            Console.Error.WriteLine($"collapse: arm {failed.Item.Arm}, seed {failed.Item.Seed}: {failed.Reason}");
        if (results.Any(r => r.Outcome == RunPhase.Failed)) return results.Any(r => r is { Outcome: RunPhase.Failed, IsMendable: false }) ? 1 : Worker.InputExitCode;
        if (results.All(r => r.Outcome == RunPhase.Finished)) return 0;
        Console.Error.WriteLine($"collapse: stopped; finished generations are kept, and 'collapse resume {runs}' goes on.");
        return Worker.InterruptedExitCode;
    }

    static string[] WorkerArguments(string plan, WorkItem item, DataFolder data, RunStore store) =>
        [Commands.WorkerCommand.Name, plan, item.Arm, item.Seed.ToString(CultureInfo.InvariantCulture), data.Root, store.Root];
}
