using System.Diagnostics;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;
using ModelCollapse.Results;
using ModelCollapse.Store;
using static ModelCollapse.Tests.Store.RunFixture;

namespace ModelCollapse.Tests.Store;

public class RunStoreTests : IDisposable
{
    readonly RunFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    RunFolder Run(string arm = "a", long seed = 0) => fixture.Store.Run("gauss", arm, seed);

    /// <summary>The bytes of a run of six generations that nothing disturbed.</summary>
    static async Task<SortedDictionary<string, string>> Undisturbed(
        DataPolicy? policy = null, CheckpointRetention keep = CheckpointRetention.LastAndFirst, IMetric<double>? metric = null, PromptSource prompts = PromptSource.Original, Dataset<double>? evaluation = null)
    {
        using var other = new RunFixture();
        var experiment = other.Experiment(policy: policy, keep: keep, metric: metric, prompts: prompts, evaluation: evaluation);
        await RunAll(experiment);
        return Bytes(experiment.Store!.Value.Folder);
    }

    [Fact]
    public async Task A_generation_holds_metrics_samples_artifacts_hashes_and_cost()
    {
        var generation = (await RunAll(fixture.Experiment(generations: 1)))[1];

        string[] files = ["artifacts/sizes.txt", "checkpoint/gaussian.json", "cost.json", "files.sha256", "generation.json", "metrics.json", "samples.parquet"];
        Assert.Equal(files, Directory.EnumerateFiles(generation.Folder!, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(generation.Folder!, f)).Order(StringComparer.Ordinal));
        Assert.Equal(generation.Metrics, Run().Metrics(1));
        var cost = RunResults.Read(fixture.Root).Costs.Where(c => c.Generation == 1).ToDictionary(c => (c.Phase, c.Unit), c => c.Value);
        Assert.All((string[])["fit", "sample", "compose", "measure moments", CostRow.Total], phase => Assert.True(cost[(phase, CostRow.Seconds)] >= 0));
        Assert.Equal((20, 20), (cost[("fit", "samples")], cost[("kept", "samples")]));
        Assert.True(cost[(CostRow.Total, CostRow.Bytes)] > 1e6);
    }

    [Theory]
    [InlineData(CheckpointRetention.LastAndFirst, new[] { 0, 5 })]
    [InlineData(CheckpointRetention.All, new[] { 0, 1, 2, 3, 4, 5 })]
    public async Task Checkpoints_are_kept_as_asked(CheckpointRetention keep, int[] kept)
    {
        await RunAll(fixture.Experiment(keep: keep));
        Assert.Equal(kept, Enumerable.Range(0, 6).Where(t => Directory.Exists(Run().CheckpointPath(t))));
    }

    public static TheoryData<string> Breaks => ["fit", "save", "sample", "metric", "codec"];

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task A_run_broken_off_anywhere_resumes_to_the_same_bytes(string where)
    {
        var expected = await Undisturbed(new Accumulate());
        for (var generation = 0; generation <= 5; generation++)
        {
            var breaker = new Breaker(where, generation);
            await Assert.ThrowsAsync<Breaker.Broken>(() => RunAll(fixture.Experiment(
                seed: 0, policy: new Accumulate(), model: () => breaker.Model(), metric: breaker.Metric(), codec: breaker.Codec())));
            Assert.Equal(RunPhase.Failed, Run().Status!.Phase);
            var restored = await RunAll(fixture.Experiment(policy: new Accumulate()));

            Assert.Equal(Enumerable.Range(0, 6).Select(t => t < generation), restored.Select(g => g.Restored));
            Assert.Equal(expected, Bytes(Run()));
            Directory.Delete(Run().Path, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task A_run_whose_models_write_their_own_text_too_resumes_to_the_same_bytes(string where)
    {
        var expected = await Undisturbed(new Accumulate(), metric: new Moments(ahead: true), prompts: PromptSource.Generated, evaluation: HeldOut);
        for (var generation = 0; generation <= 5; generation++)
        {
            var breaker = new Breaker(where, generation, ahead: true);
            await Assert.ThrowsAsync<Breaker.Broken>(() => RunAll(fixture.Experiment(
                policy: new Accumulate(), model: () => breaker.Model(), metric: breaker.Metric(), codec: breaker.Codec(), prompts: PromptSource.Generated, evaluation: HeldOut)));
            await RunAll(fixture.Experiment(policy: new Accumulate(), metric: new Moments(ahead: true), prompts: PromptSource.Generated, evaluation: HeldOut));

            Assert.Equal(expected, Bytes(Run()));
            Directory.Delete(Run().Path, recursive: true);
        }
    }

    [Theory]
    [InlineData("partial generation")]
    [InlineData("half-removed checkpoint")]
    [InlineData("checkpoint not yet removed")]
    [InlineData("unfinished run.json")]
    [InlineData("lock of a dead process")]
    [InlineData("garbled owner")]
    public async Task What_a_killed_process_leaves_is_cleared_away(string left)
    {
        var expected = await Undisturbed();
        await RunAll(fixture.Experiment(generations: 3, keep: left.StartsWith("checkpoint", StringComparison.Ordinal) ? CheckpointRetention.All : CheckpointRetention.LastAndFirst));
        var run = Run();
        switch (left)
        {
            case "partial generation":
                Directory.CreateDirectory(run.GenerationPath(4) + ".partial/checkpoint");
                File.WriteAllText(run.GenerationPath(4) + ".partial/metrics.json", "{ \"mom");
                break;
            case "half-removed checkpoint":
                Directory.CreateDirectory(run.GenerationPath(2) + "/checkpoint.dropped");
                break;
            case "unfinished run.json":
                File.WriteAllText(run.Path + "/run.json.new", "{");
                break;
            case "lock of a dead process":
                File.WriteAllText(run.Path + "/owner.json", $"{{\"pid\":{DeadProcess()},\"host\":\"{Environment.MachineName}\",\"started\":\"2020-01-01T00:00:00Z\"}}");
                break;
            case "garbled owner":
                File.WriteAllText(run.Path + "/owner.json", "{\"pid\":");
                break;
        }

        await RunAll(fixture.Experiment());
        File.Delete(run.Path + "/run.json.new");
        Assert.Equal(expected, Bytes(run));
    }

    static int DeadProcess()
    {
        using var process = Process.Start("true");
        process.WaitForExit();
        return process.Id;
    }

    [Fact]
    public async Task Two_processes_cannot_run_the_same_arm_and_the_second_is_told_who_has_it()
    {
        var experiment = fixture.Experiment();
        await using var first = experiment.RunAsync().GetAsyncEnumerator();
        await first.MoveNextAsync();

        var error = await Assert.ThrowsAsync<InputException>(() => RunAll(fixture.Experiment()));
        Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", error.Message);
        Assert.Equal(Environment.ProcessId, Run().Owner!.Pid);
        Assert.Equal(RunPhase.Working, Run().Status!.Phase);
    }

    [Fact]
    public async Task A_run_of_another_host_is_not_taken_over()
    {
        await RunAll(fixture.Experiment(generations: 1));
        File.WriteAllText(Run().Path + "/owner.json", "{\"pid\":1,\"host\":\"elsewhere\",\"started\":\"2020-01-01T00:00:00Z\"}");

        Assert.Contains("elsewhere", (await Assert.ThrowsAsync<InputException>(() => RunAll(fixture.Experiment()))).Message);
    }

    [Fact]
    public async Task A_run_left_by_its_caller_frees_the_lock_and_says_so()
    {
        await foreach (var generation in fixture.Experiment().RunAsync())
            if (generation.Number == 2) break;

        Assert.Null(Run().Owner);
        Assert.Equal((RunPhase.Interrupted, 3), (Run().Status!.Phase, Run().Status!.Completed));
    }

    [Fact]
    public async Task Other_settings_are_refused_and_named_but_more_generations_are_not()
    {
        await RunAll(fixture.Experiment(generations: 2, setting: "x"));

        var error = await Assert.ThrowsAsync<InputException>(() => RunAll(fixture.Experiment(setting: "y")));
        Assert.Contains("setting was \"x\" and is now \"y\"", error.Message);
        Assert.Equal(RunPhase.Finished, Run().Status!.Phase);
        Assert.Equal(6, (await RunAll(fixture.Experiment(generations: 5, setting: "x"))).Count);
        Assert.Equal(await Undisturbed(), Bytes(Run()));
    }

    [Theory]
    [InlineData("metrics.json", "changed")]
    [InlineData("samples.parquet", "changed")]
    [InlineData("checkpoint/gaussian.json", "changed")]
    [InlineData("checkpoint/gaussian.json", "missing")]
    [InlineData("files.sha256", "missing")]
    [InlineData("stray.txt", "not in")]
    public async Task A_damaged_generation_stops_its_run_with_its_name_and_no_other(string file, string what)
    {
        await RunAll(fixture.Experiment("a", generations: 2));
        await RunAll(fixture.Experiment("b", generations: 2));
        var path = Path.Combine(Run("a").GenerationPath(2), file);
        if (what == "missing") File.Delete(path);
        else File.AppendAllText(path, " ");

        var error = await Assert.ThrowsAsync<InputException>(() => RunAll(fixture.Experiment("a")));
        Assert.Contains("generation-002", error.Message);
        Assert.Contains(file, error.Message);
        Assert.Equal(6, (await RunAll(fixture.Experiment("b"))).Count);

        Directory.Delete(Run("a").GenerationPath(2), recursive: true);
        Directory.CreateDirectory(Run("a").GenerationPath(2));
        await Assert.ThrowsAsync<InputException>(() => RunAll(fixture.Experiment("a")));
    }

    [Fact]
    public async Task Deleting_a_generation_and_the_later_ones_computes_them_anew()
    {
        await RunAll(fixture.Experiment(keep: CheckpointRetention.All));
        Directory.Delete(Run().GenerationPath(3), recursive: true);
        Assert.Contains("generation-003", (await Assert.ThrowsAsync<InputException>(() => RunAll(fixture.Experiment(keep: CheckpointRetention.All)))).Message);
        foreach (var t in (int[])[4, 5]) Directory.Delete(Run().GenerationPath(t), recursive: true);

        await RunAll(fixture.Experiment(keep: CheckpointRetention.All));
        Assert.Equal(await Undisturbed(keep: CheckpointRetention.All), Bytes(Run()));
    }

    [Fact]
    public async Task A_full_disk_stops_the_run_with_a_sentence()
    {
        var error = await Assert.ThrowsAsync<InputException>(() => RunAll(fixture.Experiment(codec: new FullDisk())));

        Assert.Contains("is full", error.Message);
        Assert.Contains("is full", Run().Status!.Note);
        Assert.Equal(await Undisturbed(), (await RunAll(fixture.Experiment())).Count == 6 ? Bytes(Run()) : []);
    }

    [Fact]
    public async Task Samples_and_their_origins_survive_the_file()
    {
        var path = Path.Combine(fixture.Root, "blocks.parquet");
        var blocks = new Dataset<int[]>(
            [[1, 2, 3], [], [int.MaxValue, 0], [7]],
            [new Provenance.Origin.Human("wikitext-2-raw/test", 5), new Provenance.Origin.Synthetic("abc", 3, "beam(5)", long.MaxValue, -1), new Provenance.Origin.Poison("p"), Provenance.Origin.Unknown.Value]);
        var codec = new TokenBlockCodec(ids => string.Join(' ', ids));
        codec.Write(blocks, path);

        var read = codec.Read(path);
        Assert.Equal(blocks.AsEnumerable(), read);
        Assert.Equal(blocks.Origins, read.Origins);

        var first = File.ReadAllBytes(path);
        codec.Write(blocks, path);
        Assert.Equal(first, File.ReadAllBytes(path));
        File.WriteAllText(path, "no parquet");
        Assert.Contains("blocks.parquet", Assert.Throws<InputException>(() => codec.Read(path)).Message);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Numbers_read_back_bit_for_bit_whatever_they_are()
    {
        double[] values = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, double.Epsilon, 1 / 3.0, 1e300];
        await RunAll(fixture.Experiment(generations: 0, metric: new Fixed(values)));

        var rows = MetricRow.ReadAll(fixture.Root);
        Assert.Equal(values.Select(BitConverter.DoubleToInt64Bits), rows.Select(r => BitConverter.DoubleToInt64Bits(r.Value)));
        Assert.All(rows, r => Assert.Equal(("gauss", "a", 0L, 0), (r.Recipe, r.Arm, r.Seed, r.Generation)));
    }

    [Fact]
    public async Task Summaries_are_means_with_t_intervals_over_seeds()
    {
        MetricRow[] rows = [.. new[] { 1.0, 2, 4 }.Select((v, i) => new MetricRow("r", "a", i, 9, "m", v))];
        var summary = Assert.Single(Summary.Of(rows));

        // Mean 7/3, s = sqrt(7/3), t(0.975, 2) = 4.302653.
        Assert.Equal((3, 7 / 3.0), (summary.Seeds, summary.Mean));
        Assert.Equal(7 / 3.0 + 4.302653 * Math.Sqrt(7 / 3.0) / Math.Sqrt(3), summary.High, 5);
        Assert.True(double.IsNaN(Assert.Single(Summary.Of(rows.Take(1))).Low));
        await Task.CompletedTask;
    }

    sealed class Fixed(double[] values) : IMetric<double>
    {
        public string Name => "fixed";

        public IReadOnlyList<MetricNumber> Numbers => [.. values.Select((_, i) => new MetricNumber($"{i}", $"number {i}", "", UnderCollapse.Varies, ""))];

        public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<double> c) => values.Select((v, i) => (v, i)).ToDictionary(x => new NumberKey($"{x.i}"), x => x.v);
    }

    sealed class FullDisk : ISampleCodec<double>
    {
        public void Write(Dataset<double> set, string path)
        {
            // Where there is no such device (macOS, Windows), what their file systems report.
            if (!File.Exists("/dev/full")) throw new IOException("No space left on device", OperatingSystem.IsWindows() ? unchecked((int)0x80070070) : 28);
            using var file = new FileStream("/dev/full", FileMode.Open, FileAccess.Write);
            file.Write(new byte[100_000]);
        }

        public Dataset<double> Read(string path) => new NumberCodec().Read(path);
    }
}
