using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using ModelCollapse.Store;

namespace ModelCollapse.Recipes.Executors;

/// <summary>
/// Runs studies of a program of your own in parallel, each in a process that is that program again. One line at the start of <c>Main</c> makes it a worker:
/// <c>if (await StudyWorker.TakeOverAsync(args, item => StudyOf(item.Arm)) is { } code) return code;</c>
/// </summary>
public static class StudyWorker
{
    /// <summary>First argument of a process that is a worker.</summary>
    public const string Verb = "collapse-worker";

    /// <summary>Runs one arm and seed if this process was started as a worker.</summary>
    /// <param name="args">The arguments of the program.</param>
    /// <param name="study">Gives the study of an arm, the same as in the program that started it.</param>
    /// <returns>The exit code for the program to end with; null if it is no worker and goes on.</returns>
    public static async Task<int?> TakeOverAsync(string[] args, Func<WorkItem, TextStudy> study)
    {
        if (args is not [Verb, var arm, var seed, var root]) return null;
        var item = new WorkItem(arm, long.Parse(seed, CultureInfo.InvariantCulture));
        return await RunAsync(item, () => study(item), new RunStore(root));
    }

    /// <summary>Runs one arm and seed in this process and reports it to the process that started it.</summary>
    /// <param name="item">What is run.</param>
    /// <param name="study">Gives the study.</param>
    /// <param name="store">Where it is kept.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(WorkItem item, Func<TextStudy> study, RunStore store)
    {
        // Ctrl-C reaches the whole group of processes; the one that started this worker decides.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        return await Worker.RunAsync(item, async (report, stop) =>
        {
            await foreach (var _ in study().RunAsync(item.Seed, store, report, stop)) { }
        }, Console.In, Console.Out);
    }

    /// <summary>An executor whose workers are this program again.</summary>
    /// <param name="store">Where runs are kept.</param>
    /// <param name="threads">Threads of each run: <see cref="TextStudy.Threads"/>. As many workers run at a time as the machine has room for.</param>
    public static LocalExecutor ExecutorOf(RunStore store, int threads) => new()
    {
        Workers = Math.Max(1, Environment.ProcessorCount / threads),
        Command = item => ThisProgram(threads, [Verb, item.Arm, item.Seed.ToString(CultureInfo.InvariantCulture), store.Root]),
    };

    /// <summary>This program again, with other arguments.</summary>
    /// <param name="threads">Threads of libtorch and OpenMP.</param>
    /// <param name="arguments">The arguments.</param>
    public static ProcessStartInfo ThisProgram(int threads, IReadOnlyList<string> arguments)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known.");
        var start = new ProcessStartInfo(program);
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(Assembly.GetEntryAssembly()!.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        return start;
    }
}
