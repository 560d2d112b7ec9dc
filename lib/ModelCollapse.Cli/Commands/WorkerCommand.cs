using System.Runtime.InteropServices;
using ModelCollapse.Data;
using ModelCollapse.Recipes;
using ModelCollapse.Recipes.Executors;
using ModelCollapse.Store;

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

        var item = new WorkItem(arm, long.Parse(seed));
        return await StudyWorker.RunAsync(item, () => TextStudy.Open(Plan.Read(plan).Recipe, arm, new DataFolder(data)), new RunStore(output));
    }
}
