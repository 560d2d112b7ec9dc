using ModelCollapse.Cli.Benchmarks;
using ModelCollapse.Data;
using ModelCollapse.Models;
using ModelCollapse.Runs;
using ModelCollapse.Runs.Executors;
using ModelCollapse.Training;
NativeMemory.KeepFreedPages();
if (args[0] == "worker")
{
    var recipe = Recipe.Load(args[1]);
    var item = new WorkItem(args[2], long.Parse(args[3]));
    TorchSharp.torch.set_num_threads(recipe.Resolve(item.Arm).Threads);
    return await Worker.RunAsync(item, async (report, stop) =>
    {
        await foreach (var g in TextExperiment.Open(recipe, item.Arm, DataFolder.Default).WithSeed(item.Seed, new RunStore(args[4]), report).RunAsync(stop)) { }
    }, Console.In, Console.Out);
}

foreach (var p in args[1].Split(','))
    Console.WriteLine(Benchmark.Run(ModelPresets.Get(p), int.Parse(args[0]), 3, _ => { }));
return 0;
