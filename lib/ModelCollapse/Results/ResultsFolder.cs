using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.Results;

/// <summary>A folder of results that can be committed: tables as CSV, everything else as JSON with one item per line, texts as Parquet.</summary>
static class ResultsFolder
{
    const string MetricsFile = "metrics.csv", CostFile = "cost.csv", ArtifactFolder = "artifacts", TextsFile = "texts.parquet", RunsFile = "runs.json", NumbersFile = "numbers.json";

    static readonly string[] MetricColumns = ["recipe", "arm", "seed", "generation", "metric", "value"], CostColumns = ["recipe", "arm", "seed", "generation", "phase", "unit", "value"];

    /// <summary>Field of a description that is written once for all runs, in <see cref="NumbersFile"/>.</summary>
    static readonly string NumbersField = JsonNamingPolicy.CamelCase.ConvertName(nameof(RunDescription.Numbers));

    /// <summary>Writes results; equal ones give equal bytes.</summary>
    public static void Write(RunResults results, string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, MetricsFile), Csv.Write(MetricColumns, results.Metrics.Select(m => (object?[])[m.Recipe, m.Arm, m.Seed, m.Generation, m.Metric, m.Value])));
        File.WriteAllText(Path.Combine(folder, CostFile), Csv.Write(CostColumns, results.Costs.Select(c => (object?[])[c.Recipe, c.Arm, c.Seed, c.Generation, c.Phase, c.Unit, c.Value])));
        WriteArtifacts(results, Path.Combine(folder, ArtifactFolder));
        if (results.Texts.Count > 0) ParquetFile.Write(Path.Combine(folder, TextsFile), results.Texts.Select(StoredText.Of));
        else File.Delete(Path.Combine(folder, TextsFile));
        WriteLines(Path.Combine(folder, RunsFile), results.Runs.Select(WithoutNumbers));
        File.WriteAllText(Path.Combine(folder, NumbersFile), JsonSerializer.Serialize(NumbersOf(results), StrictJson.Options) + "\n");
        WriteManifest(folder);
    }

    /// <summary>Reads results that were written.</summary>
    /// <exception cref="InputException">A file is missing or is not the one that the manifest lists.</exception>
    public static RunResults Read(string folder)
    {
        Verify(folder);
        string In(string name) => Path.Combine(folder, name);
        var numbers = File.Exists(In(NumbersFile)) ? Json<SortedDictionary<string, IReadOnlyList<MetricNumber>>>(In(NumbersFile)) : [];
        return new()
        {
            Metrics = [.. Csv.ReadFile(In(MetricsFile), MetricColumns).Select(f => new MetricRow(f[0], f[1], Whole(f[2], In(MetricsFile)), (int)Whole(f[3], In(MetricsFile)), f[4], Number(f[5], In(MetricsFile))))],
            Costs = [.. Csv.ReadFile(In(CostFile), CostColumns).Select(f => new CostRow(f[0], f[1], Whole(f[2], In(CostFile)), (int)Whole(f[3], In(CostFile)), f[4], f[5], Number(f[6], In(CostFile))))],
            Artifacts = ReadArtifacts(In(ArtifactFolder)),
            ReadTexts = () => File.Exists(In(TextsFile)) ? [.. ParquetFile.Read<StoredText>(In(TextsFile)).Select(t => t.ToRow())] : [],
            Runs = [.. Json<RunDescription[]>(In(RunsFile)).Select(run => run with { Numbers = numbers })],
        };
    }

    /// <summary>Reads a JSON file.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static T Json<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), StrictJson.Options)!;
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new InputException($"{path} cannot be read ({e.Message}): restore it, or run again.", e);
        }
    }

    /// <summary>One file for each name of artifacts; files of names that are no more are removed.</summary>
    static void WriteArtifacts(RunResults results, string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        foreach (var file in results.Artifacts.GroupBy(a => a.File))
            WriteLines(Path.Combine(Directory.CreateDirectory(folder).FullName, file.Key), file.Select(a => new StoredArtifact(a.Recipe, a.Arm, a.Seed, a.Generation, a.Content)));
    }

    static IReadOnlyList<ArtifactRow> ReadArtifacts(string folder)
    {
        if (!Directory.Exists(folder)) return [];
        return
        [
            .. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)
                .SelectMany(file => Json<StoredArtifact[]>(file).Select(a => new ArtifactRow(a.Recipe, a.Arm, a.Seed, a.Generation, Path.GetFileName(file), a.Content))),
        ];
    }

    /// <summary>A description without the meaning of its numbers, and without what it does not have: a new optional field changes no committed file.</summary>
    static JsonNode WithoutNumbers(RunDescription run)
    {
        var written = (JsonObject)JsonSerializer.SerializeToNode(run, StrictJson.OneLine)!;
        written.Remove(NumbersField);
        foreach (var empty in written.Where(field => field.Value is null).Select(field => field.Key).ToList()) written.Remove(empty);
        return written;
    }

    static SortedDictionary<string, IReadOnlyList<MetricNumber>> NumbersOf(RunResults results)
    {
        var numbers = new SortedDictionary<string, IReadOnlyList<MetricNumber>>(StringComparer.Ordinal);
        foreach (var metric in results.Runs.SelectMany(r => r.Numbers).GroupBy(n => n.Key)) numbers[metric.Key] = [.. metric.SelectMany(m => m.Value).DistinctBy(n => n.Name)];
        return numbers;
    }

    // One item per line: such files are read by people and compared by git.
    static void WriteLines<T>(string path, IEnumerable<T> items) =>
        File.WriteAllText(path, $"[\n{string.Join(",\n", items.Select(item => JsonSerializer.Serialize(item, StrictJson.OneLine)))}\n]\n");

    static void WriteManifest(string folder)
    {
        var files = new JsonObject();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal))
            if (file != RunResults.ManifestFile) files[file] = AtomicFolder.HashOf(Path.Combine(folder, file));
        File.WriteAllText(Path.Combine(folder, RunResults.ManifestFile), new JsonObject { ["sha256"] = files }.ToJsonString(StrictJson.Options) + "\n");
    }

    static void Verify(string folder)
    {
        var manifest = Path.Combine(folder, RunResults.ManifestFile);
        if (Json<JsonObject>(manifest)["sha256"] is not JsonObject hashes) throw new InputException($"{manifest} lists no files: restore the folder from git.");
        foreach (var (file, hash) in hashes)
            if (Path.Combine(folder, file) is { } path && (!File.Exists(path) || AtomicFolder.HashOf(path) != (string?)hash))
                throw new InputException($"{path} is missing or not the file that {RunResults.ManifestFile} lists: restore the folder from git, or export it again.");
    }

    static long Whole(string text, string path) =>
        long.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : throw new InputException($"{path}: '{text}' is no whole number: restore the folder from git.");

    static double Number(string text, string path) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : throw new InputException($"{path}: '{text}' is no number: restore the folder from git.");

    /// <summary>An artifact in the file of its name.</summary>
    sealed record StoredArtifact(string Recipe, string Arm, long Seed, int Generation, JsonElement Content);
}
