using System.Text.Json;
using System.Text.Json.Nodes;
using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Metrics;
using ModelCollapse.Provenance;
using ModelCollapse.Recipes;
using ModelCollapse.Results;
using ModelCollapse.Store;

namespace ModelCollapse.Tests.Results;

public class RunResultsTests : IDisposable
{
    static readonly string[] Recipes = ["almanac", "wikitext2-mini", "wikitext2-smollm2", "wikitext2-smollm2-zero-shot", "vae-mnist"];

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Committed => [.. Recipes];

    [Theory]
    [MemberData(nameof(Committed))]
    public void Committed_results_are_written_as_they_were_read(string recipe)
    {
        var from = Path.Combine(ProjectData.Require("results"), recipe);
        RunResults.Read(from).Write(folder.Path);
        var files = Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder.Path, f)).Where(f => f != RunResults.ManifestFile).ToArray();
        Assert.Contains("numbers.json", files);
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(from, file)), File.ReadAllBytes(Path.Combine(folder.Path, file))));
    }

    [Fact]
    public void A_store_is_read_exported_and_read_back_equal()
    {
        var results = RunResults.Read(Store());
        Assert.Equal(["own-text", "samples", "samples", "training"], results.Texts.Where(t => t is { Arm: "a", Generation: 0 }).Select(SetOf));
        var written = results.Texts.Single(t => t is { Arm: "a", Generation: 0, Set: TextSet.Samples, Index: 1 });
        Assert.Equal(("1 2, \"x\"\n", "Synthetic", 4), (written.Text, written.Origin, written.Prompt));
        Assert.Equal((null, "Human"), (results.Texts[0].Prompt, results.Texts.First(t => t.Set == TextSet.Training).Origin));
        Assert.Equal(["a", "b"], results.Artifacts<Note>("note.json").Where(n => n.Generation == 0).Select(n => n.Value.Text[..1]));
        Assert.Equal("seconds squared", results.Describe("mine.first.decile-3.low")?.Unit);
        Assert.Null(results.Describe("mine.second"));
        Assert.Equal("nats per token", results.Describe("perplexity.meanLogProbability")?.Unit);

        var (first, second) = (folder.File("first/x"), folder.File("second/x"));
        results.Write(first);
        var back = RunResults.Read(first);
        back.Write(second);
        Assert.Equal(BytesOf(first), BytesOf(second));
        Assert.Equal(results.Metrics, back.Metrics);
        Assert.Equal(results.Costs, back.Costs);
        Assert.Equal(results.Texts, back.Texts);
        Assert.Equal(results.Artifacts.Select(a => (a.Arm, a.File, JsonSerializer.Serialize(a.Content))), back.Artifacts.Select(a => (a.Arm, a.File, JsonSerializer.Serialize(a.Content))));
        Assert.Equal(back.Arms("r").Select(a => (a.Name, a.Label, a.Control)), results.Arms("r").Select(a => (a.Name, a.Label, a.Control)));
        Assert.Equal("seconds squared", back.Describe("mine.first")?.Unit);
        Assert.DoesNotContain("seconds squared", File.ReadAllText(Path.Combine(first, "runs.json")));
        Assert.Single(File.ReadAllText(Path.Combine(first, "numbers.json")).Split("seconds squared").Skip(1));
    }

    [Fact]
    public void What_is_no_more_is_removed_from_an_exported_folder()
    {
        var results = RunResults.Read(Store());
        var path = folder.File("export/x");
        results.Write(path);
        (results with { Texts = [], Artifacts = [] }).Write(path);
        Assert.Equal(["cost.csv", "manifest.json", "metrics.csv", "numbers.json", "runs.json"], BytesOf(path).Keys);
    }

    [Fact]
    public void Cost_is_by_phase_and_unit_and_a_shared_generation_0_stands_apart()
    {
        var costs = RunResults.Read(Store()).Costs.Where(c => c is { Arm: "a", Generation: 0 }).Select(c => (c.Phase, c.Unit, c.Value));
        Assert.Equal(
        [
            ("fit", "seconds", 1.235), ("fit", "steps", 16), ("sample", "FLOPs", 1.5e12), ("sample", "tokens", 640), ("total", "seconds", 7.7), ("total", "bytes", 404869120),
            ("shared fit", "seconds", 2.5), ("shared total", "seconds", 3), ("shared total", "bytes", 100),
        ], costs);
        Assert.Equal(3, RunResults.Read(Store()).Costs.Count(c => c is { Arm: "a", Generation: 0, IsShared: true }));
    }

    [Fact]
    public void An_artifact_of_another_type_and_a_damaged_file_are_named()
    {
        var results = RunResults.Read(Store());
        Assert.Contains("note.json of r, arm a, seed 0, generation 0", Assert.Throws<InputException>(() => results.Artifacts<PerplexityHistogram[]>("note.json")).Message);
        var path = folder.File("export/x");
        results.Write(path);
        File.AppendAllText(Path.Combine(path, "cost.csv"), " ");
        Assert.Contains("cost.csv is missing or not the file", Assert.Throws<InputException>(() => RunResults.Read(path)).Message);
    }

    [Fact]
    public void Arms_come_in_the_order_of_their_start_then_those_without_a_description()
    {
        var results = RunResults.Read(Store());
        results = results with { Metrics = [.. results.Metrics, new("r", "unknown", 0, 0, "mine.first", 1)] };
        Assert.Equal(["b", "a", "unknown"], results.Arms("r").Select(a => a.Name));
        var (b, a) = (results.Arms("r")[0], results.Arms("r")[1]);
        Assert.Equal(("b", null, "replace", null), (b.Label, b.Control, b[ArmInfo.Policy], b["share"]));
        Assert.Equal(("an \"arm\", labelled", "b", "beams"), (a.Label, a.Control, a[ArmInfo.Decoding]));
        Assert.True(a.DiffersOnlyIn(b, ArmInfo.Decoding));
        Assert.Equal("replace", a.Without(ArmInfo.Decoding));
        Assert.Empty(results.Arms("other"));
    }

    sealed record Note(string Text);

    static string SetOf(TextRow row) => JsonSerializer.SerializeToNode(row.Set, StrictJson.Options)!.GetValue<string>();

    static SortedDictionary<string, string> BytesOf(string path)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)) files[Path.GetRelativePath(path, file)] = Convert.ToHexString(File.ReadAllBytes(file));
        return files;
    }

    /// <summary>A store of two arms: a with two generations of text, begun after b.</summary>
    string Store()
    {
        var store = new RunStore(folder.File("store/x"));
        foreach (var (arm, generations) in ((string, int)[])[("a", 2), ("b", 1)])
        {
            var run = store.Run("r", arm, 0).Path;
            Directory.CreateDirectory(run);
            File.WriteAllText(Path.Combine(run, RunDescription.FileName), Description(arm).ToText());
            for (var t = 0; t < generations; t++) WriteGeneration(store.Run("r", arm, 0).GenerationPath(t), arm, t);
        }

        return store.Root;
    }

    static RunDescription Description(string arm) => new()
    {
        Recipe = "r",
        Arm = arm,
        Seed = 0,
        Label = arm == "a" ? "an \"arm\", labelled" : null,
        Control = arm == "a" ? "b" : null,
        Factors = new Dictionary<string, string> { ["policy"] = "replace", ["decoding"] = arm == "a" ? "beams" : "sample" },
        Numbers = new Dictionary<string, IReadOnlyList<MetricNumber>> { ["mine"] = [new("first", "First", "seconds squared", UnderCollapse.Rises, "here")] },
        Settings = new JsonObject { ["rate"] = 1e-5 },
        Started = new DateTime(2026, 1, arm == "a" ? 2 : 1, 0, 0, 0, DateTimeKind.Utc),
    };

    static void WriteGeneration(string path, string arm, int t)
    {
        Directory.CreateDirectory(Path.Combine(path, "artifacts"));
        MetricsFile.Write(Path.Combine(path, MetricsFile.FileName), new Dictionary<MetricKey, double> { ["mine.first"] = t / 3.0, ["mine.first.low"] = double.NaN });
        File.WriteAllText(Path.Combine(path, "artifacts", "note.json"), $"{{ \"text\": \"{arm}, \\\"{t}\\\"\" }}");
        File.WriteAllText(Path.Combine(path, "artifacts", "note.txt"), "not JSON");
        File.WriteAllText(Path.Combine(path, AtomicFolder.CostFile), """
            {
              "seconds": 7.70000001,
              "phases": { "fit": { "seconds": 1.23456, "steps": 16 }, "sample": { "FLOPs": 1.5e12, "tokens": 640 } },
              "peakMemoryBytes": 404869120,
              "sharedGeneration0": { "key": "k", "trainedNow": true, "cost": { "seconds": 3, "phases": { "fit": { "seconds": 2.5 } }, "peakMemoryBytes": 100 } }
            }
            """);
        if (arm != "a") return;
        var codec = new TokenBlockCodec(ids => $"{string.Join(' ', ids)}, \"x\"\n");
        Origin.Synthetic written = new("hash", t, "beam(5)", 1, 4);
        codec.Write(new([[1], [1, 2]], [written with { Prompt = 0 }, written]), Path.Combine(path, RunFolder.SamplesFile));
        codec.Write(new([[3]], [written with { Prompt = -1 }]), Path.Combine(path, RunFolder.OwnTextFile));
        if (t == 0) codec.Write(Dataset<int[]>.Human([[7]], "corpus"), Path.Combine(path, RunFolder.TrainingFile));
    }
}
