using System.Diagnostics;
using ModelCollapse.ClosedForm;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;
using ModelCollapse.Recipes.Executors;
using ModelCollapse.Store;
using ModelCollapse.Tests.Store;
using static ModelCollapse.Tests.Store.RunFixture;

namespace ModelCollapse.Tests.Recipes.Executors;

/// <summary>Runs in processes of their own: this test assembly, started again with <see cref="Child"/> as the only test.</summary>
public class LocalExecutorTests : IDisposable
{
    const string Root = "COLLAPSE_TEST_ROOT";
    const string Arm = "COLLAPSE_TEST_ARM";
    const string Seed = "COLLAPSE_TEST_SEED";

    readonly RunFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    /// <summary>The program of the child: a slow Gaussian recursion as a worker. Ends the process itself, before the test runner speaks.</summary>
    [Fact(Explicit = true)]
    public async Task Child()
    {
        var root = Environment.GetEnvironmentVariable(Root) ?? throw new InvalidOperationException("This is started by the other tests only.");
        var (store, arm, seed) = (new RunStore(root), Environment.GetEnvironmentVariable(Arm)!, long.Parse(Environment.GetEnvironmentVariable(Seed)!));
        var output = new StreamWriter(Console.OpenStandardOutput());
        var code = await Worker.RunAsync(new(arm, seed), async (progress, stop) =>
        {
            if (arm == "bad") throw new InputException("This arm cannot be run.");
            var experiment = fixture.Experiment(
                arm, seed, policy: new Accumulate(), shared: "k", model: () => new SlowGaussian(Path.Combine(store.Root, "fits.txt")), metric: new SlowMoments(), progress: progress, store: store);
            await foreach (var _ in experiment.RunAsync(stop)) { }
        }, new StreamReader(Console.OpenStandardInput()), output);
        Environment.Exit(code);
    }

    ProcessStartInfo Command(WorkItem item)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "ModelCollapse.Tests"))
        {
            ArgumentList = { "--explicit", "only", "--filter-method", $"*{nameof(LocalExecutorTests)}.{nameof(Child)}" },
        };
        (start.Environment[Root], start.Environment[Arm], start.Environment[Seed]) = (fixture.Root, item.Arm, $"{item.Seed}");
        return start;
    }

    RunFolder Run(string arm, long seed = 0) => fixture.Store.Run("gauss", arm, seed);

    static async Task<SortedDictionary<string, string>> Undisturbed(long seed = 0)
    {
        using var other = new RunFixture();
        var experiment = other.Experiment(seed: seed, policy: new Accumulate());
        await RunAll(experiment);
        return Bytes(experiment.Store!.Value.Folder);
    }

    [Fact]
    public async Task Killed_with_signal_9_again_and_again_a_run_ends_with_the_bytes_of_an_undisturbed_one()
    {
        var kills = 0;
        for (var generation = 0; generation <= 5; generation++)
        {
            var start = Command(new("a", 0));
            start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
            using var child = Process.Start(start)!;
            while (child.StandardOutput.ReadLine() is { } line)
            {
                // Even generations are killed in the fit or while they sample, odd ones in a metric.
                if (Worker.Parse(line) is not { Phase: RunPhase.Working } status || status.Generation < generation) continue;
                if (status.What.Length == 0 || (generation % 2 == 1 && status.What != "moments")) continue;
                child.Kill();
                kills++;
                break;
            }

            child.WaitForExit();
            Assert.Equal(generation, Run("a").Completed);
            Assert.Equal(RunPhase.Interrupted, Run("a").Status!.Phase);
        }

        Assert.Equal(6, kills);
        var results = await new LocalExecutor { Command = Command }.RunAsync([new("a", 0)], null, default);
        Assert.Equal(RunPhase.Finished, results[0].Outcome);
        Assert.Equal(await Undisturbed(), Bytes(Run("a")));
    }

    [Fact]
    public async Task A_failing_arm_does_not_stop_the_others_and_generation_0_is_trained_once_per_seed()
    {
        var statuses = new List<RunStatus>();
        var work = WorkItem.ListOf(["a", "bad", "b"], [0, 1]);
        Assert.Equal(["a0", "a1", "bad0", "bad1", "b0", "b1"], work.Select(w => $"{w.Arm}{w.Seed}"));

        // Four at a time, so that two arms want the same generation 0 at once.
        var results = await new LocalExecutor { Command = Command, Workers = 4 }.RunAsync([.. work.OrderBy(w => w.Seed)], statuses.Add, default);

        Assert.All(results, r => Assert.Equal(r.Item.Arm == "bad" ? RunPhase.Failed : RunPhase.Finished, r.Outcome));
        Assert.All(results.Where(r => r.Item.Arm == "bad"), r => Assert.Equal((true, "This arm cannot be run."), (r.IsMendable, r.Reason)));
        for (var seed = 0; seed < 2; seed++)
        {
            var expected = await Undisturbed(seed);
            Assert.Equal(expected, Bytes(Run("a", seed)));
            Assert.Equal(expected, Bytes(Run("b", seed)));
            Assert.Contains(statuses, s => s.Arm == "b" && s.Seed == seed && s is { Phase: RunPhase.Finished, Completed: 6, Headline.Count: 6 });
        }

        var fits = File.ReadAllLines(Path.Combine(fixture.Root, "fits.txt"));
        Assert.Equal(2, fits.Count(f => f == "0"));
        Assert.Equal(4, fits.Count(f => f == "1"));
    }

    [Fact]
    public async Task Cancelling_stops_the_workers_and_what_is_finished_stays()
    {
        using var stop = new CancellationTokenSource();
        var results = await new LocalExecutor { Command = Command, Workers = 1 }.RunAsync(
            [new("a", 0), new("b", 0)], s => { if (s.Completed == 2) stop.Cancel(); }, stop.Token);

        Assert.All(results, r => Assert.Equal(RunPhase.Interrupted, r.Outcome));
        Assert.InRange(Run("a").Completed, 2, 4);
        Assert.Null(Run("a").Owner);
        Assert.False(Directory.Exists(Run("b").Path));
        Assert.Equal(RunPhase.Interrupted, Run("a").Status!.Phase);
    }

    [Fact]
    public async Task A_worker_that_dies_or_speaks_nonsense_fails_with_what_it_said_last()
    {
        ProcessStartInfo Shell(WorkItem item) => new("/bin/sh")
        {
            ArgumentList = { "-c", item.Arm switch { "killed" => "kill -9 $$", "silent" => "exit 3", "nonsense" => "echo hello; echo '{ no json'; exit 0", _ => "echo it broke >&2; exit 1" } },
        };
        var results = await new LocalExecutor { Command = Shell, Workers = 2 }.RunAsync(
            [.. new[] { "killed", "silent", "loud", "nonsense" }.Select(a => new WorkItem(a, 0))], null, default);

        Assert.Contains("signal 9", results[0].Reason);
        Assert.Contains("exit code 3", results[1].Reason);
        Assert.Equal("it broke", results[2].Reason);
        Assert.Equal([true, false, false, false], results.Select(r => r.IsMendable));
        Assert.Equal(RunPhase.Finished, results[3].Outcome);
    }

    /// <summary>A Gaussian whose work takes long enough to be killed in, and which records its fits.</summary>
    sealed class SlowGaussian(string log) : IGenerativeModel<double>
    {
        public Gaussian Inner { get; } = new();

        public void Fit(Dataset<double> data, FitOptions options)
        {
            File.AppendAllText(log, $"{options.Generation}\n");
            options.Progress?.Report(new("fit", 1, 2, "steps", TimeSpan.FromSeconds(1)));
            Wait(options.Cancellation);
            Inner.Fit(data, options);
        }

        public Dataset<double> Sample(int count, SampleOptions<double> options)
        {
            options.Progress?.Report(new("sample", 1, 2, "samples", TimeSpan.FromSeconds(1)));
            Wait(options.Cancellation);
            return Inner.Sample(count, options);
        }

        public void Save(string folder) => Inner.Save(folder);

        public void Load(string folder) => Inner.Load(folder);
    }

    sealed class SlowMoments : IMetric<double>
    {
        public string Name => "moments";

        public IReadOnlyList<MetricNumber> Numbers => new Moments().Numbers;

        public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<double> c)
        {
            Wait(c.Cancellation);
            var model0 = ((SlowGaussian)c.Model0).Inner;
            return new Moments().Measure(new GenerationContext<double>(() => model0, Path.GetDirectoryName(c.ArtifactPath("sizes.txt"))!)
            {
                Generation = c.Generation,
                Seed = c.Seed,
                Model = ((SlowGaussian)c.Model).Inner,
                TrainingSet = c.TrainingSet,
                Synthetic = c.Synthetic,
                Real = c.Real,
            });
        }
    }

    static void Wait(CancellationToken cancellation)
    {
        cancellation.WaitHandle.WaitOne(150);
        cancellation.ThrowIfCancellationRequested();
    }
}
