using System.Runtime.InteropServices;
using ModelCollapse.Data;
using ModelCollapse.Recipes;
using ModelCollapse.Recipes.Executors;
using ModelCollapse.Store;
using TorchSharp;

namespace ModelCollapse.Cli.Commands;

/// <summary>One arm and seed in a process of its own: <c>collapse worker PLAN ARM SEED DATA OUT</c>, started by <see cref="WorkRunner"/>.</summary>
static class WorkerCommand
{
    public const string Name = "worker";

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [_, var plan, var arm, var seed, var data, var output])
        {
            Console.Error.WriteLine("collapse: 'worker' is started by 'collapse run' and not meant to be called by hand.");
            return Worker.InputExitCode;
        }

        // Ctrl-C reaches the whole group of processes; the one that started this worker decides.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        return await Worker.RunAsync(new(arm, long.Parse(seed)), async (report, stop) =>
        {
            var recipe = Plan.Read(plan).Recipe;
            torch.set_num_threads(recipe.Resolve(arm).Threads);
            var experiment = TextExperiment.Open(recipe, arm, new DataFolder(data)).WithSeed(long.Parse(seed), new RunStore(output), report);
            await foreach (var _ in experiment.RunAsync(stop)) { }
        }, Console.In, Console.Out);
    }
}
