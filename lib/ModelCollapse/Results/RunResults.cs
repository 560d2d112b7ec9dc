using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelCollapse.ClosedForm;
using ModelCollapse.Generations;
using ModelCollapse.Metrics;
using ModelCollapse.Store;

namespace ModelCollapse.Results;

/// <summary>
/// Everything that finished runs have to show, without weights and token ids: numbers, histograms, decoded samples, cost, and what each run
/// was. Read from a run store, or from a small folder that <see cref="Write"/> made of one and that can be committed.
/// </summary>
public sealed record RunResults
{
    const string MetricsFile = "metrics.csv", HistogramsFile = "histograms.json", SamplesFile = "samples.json", ImagesFile = "images.json", CostFile = "cost.csv", RunsFile = "runs.json";

    /// <summary>The file that lists the others with their hashes, and marks a folder of results.</summary>
    public const string ManifestFile = "manifest.json";

    const string MetricsHeader = "recipe,arm,seed,generation,metric,value", CostHeader = "recipe,arm,seed,generation,seconds,peakMemoryBytes";

    /// <summary>All numbers.</summary>
    public required IReadOnlyList<MetricRow> Metrics { get; init; }

    /// <summary>Perplexity of each generation's training set under model 0.</summary>
    public IReadOnlyList<HistogramRow> Histograms { get; init; } = [];

    /// <summary>What each generation made of the fixed prompts.</summary>
    public IReadOnlyList<SampleTextRow> Samples { get; init; } = [];

    /// <summary>What each generation of a model of images drew.</summary>
    public IReadOnlyList<SampleImagesRow> Images { get; init; } = [];

    /// <summary>Time and memory of each generation.</summary>
    public IReadOnlyList<CostRow> Costs { get; init; } = [];

    /// <summary>What each run was: settings, hashes of inputs, machine.</summary>
    public IReadOnlyList<RunDescription> Runs { get; init; } = [];

    /// <summary>Reads a folder: a run store, a recipe, an arm or a single run in one, or results that <see cref="Write"/> made.</summary>
    /// <exception cref="InputException">The folder does not exist, or a file in it is damaged.</exception>
    public static RunResults Read(string folder) => File.Exists(Path.Combine(folder, ManifestFile)) ? ReadWritten(folder) : ReadStore(folder);

    /// <summary>Several results as one.</summary>
    /// <param name="all">The results, each run in one of them only.</param>
    /// <exception cref="InputException">Two of them hold the same run.</exception>
    public static RunResults Together(IReadOnlyList<RunResults> all) =>
        all.SelectMany(r => r.Runs).GroupBy(r => (r.Recipe, r.Arm, r.Seed)).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new InputException($"Two of the folders hold {twice.Key.Recipe}, arm {twice.Key.Arm}, seed {twice.Key.Seed}: give only one of them, and compare with the other by --reference.")
            : new()
            {
                Metrics = [.. all.SelectMany(r => r.Metrics)],
                Histograms = [.. all.SelectMany(r => r.Histograms)],
                Samples = [.. all.SelectMany(r => r.Samples)],
                Images = [.. all.SelectMany(r => r.Images)],
                Costs = [.. all.SelectMany(r => r.Costs)],
                Runs = [.. all.SelectMany(r => r.Runs)],
            };

    /// <summary>
    /// The same with its arms in the order in which their first runs began, which is that of the recipe; folders are read in the order of names. Arms
    /// without a description come last.
    /// </summary>
    public RunResults ByStart()
    {
        var starts = Runs.GroupBy(r => (r.Recipe, r.Arm)).ToDictionary(g => g.Key, g => g.Min(r => r.Started));
        DateTime Start(string recipe, string arm) => starts.GetValueOrDefault((recipe, arm), DateTime.MaxValue);
        return this with
        {
            Metrics = [.. Metrics.OrderBy(m => Start(m.Recipe, m.Arm))],
            Histograms = [.. Histograms.OrderBy(h => Start(h.Recipe, h.Arm))],
            Samples = [.. Samples.OrderBy(s => Start(s.Recipe, s.Arm))],
            Images = [.. Images.OrderBy(i => Start(i.Recipe, i.Arm))],
            Costs = [.. Costs.OrderBy(c => Start(c.Recipe, c.Arm))],
            Runs = [.. Runs.OrderBy(r => Start(r.Recipe, r.Arm))],
        };
    }

    /// <summary>Writes the results into a folder, with a manifest; files of the same names are replaced. Equal results give equal bytes.</summary>
    /// <param name="folder">The folder; created where missing. Everything else in it (figures) is listed in the manifest too.</param>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        WriteLines(MetricsFile, MetricsHeader, Metrics.Select(m => Line(m.Recipe, m.Arm, m.Seed, m.Generation, m.Metric, m.Value)));
        WriteLines(CostFile, CostHeader, Costs.Select(c => Line(c.Recipe, c.Arm, c.Seed, c.Generation, c.Seconds, c.PeakMemoryBytes)));
        WriteJson(HistogramsFile, Histograms);
        WriteJson(SamplesFile, Samples);
        if (Images.Count > 0) WriteJson(ImagesFile, Images);
        WriteJson(RunsFile, Runs);
        var files = new JsonObject();
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal))
            if (file != ManifestFile) files[file] = AtomicFolder.HashOf(Path.Combine(folder, file));
        File.WriteAllText(Path.Combine(folder, ManifestFile), new JsonObject { ["sha256"] = files }.ToJsonString(StrictJson.Options) + "\n");

        void WriteLines(string name, string header, IEnumerable<string> lines) =>
            File.WriteAllText(Path.Combine(folder, name), string.Concat(lines.Prepend(header).Select(line => line + "\n")));

        // One item per line: such files are read by people and compared by git.
        void WriteJson<T>(string name, IEnumerable<T> items)
        {
            var text = string.Join(",\n", items.Select(item => JsonSerializer.Serialize(item, StrictJson.OneLine)));
            File.WriteAllText(Path.Combine(folder, name), $"[\n{text}\n]\n");
        }

        static string Line(params ReadOnlySpan<object> fields)
        {
            var line = new StringBuilder();
            foreach (var field in fields) line.Append(line.Length == 0 ? "" : ",").Append(Convert.ToString(field, CultureInfo.InvariantCulture));
            return line.ToString();
        }
    }

    static RunResults ReadStore(string folder)
    {
        List<MetricRow> metrics = [];
        List<HistogramRow> histograms = [];
        List<SampleTextRow> samples = [];
        List<SampleImagesRow> images = [];
        List<CostRow> costs = [];
        List<RunDescription> runs = [];
        foreach (var run in new RunStore(folder).Runs())
        {
            var description = run.Description!;
            runs.Add(description);
            metrics.AddRange(MetricRow.Of(run, description));
            var (recipe, arm, seed) = (description.Recipe, description.Arm, description.Seed);
            for (var t = 0; t < run.Completed; t++)
            {
                var artifacts = Path.Combine(run.GenerationPath(t), "artifacts");
                if (Path.Combine(artifacts, TrainingPerplexity.HistogramFile) is var h && File.Exists(h))
                    histograms.Add(new(recipe, arm, seed, t, Json<PerplexityHistogram>(h, JsonSerializerOptions.Web)));
                if (Path.Combine(artifacts, SampleTexts.SamplesFile) is var s && File.Exists(s))
                    samples.AddRange(Json<SampleText[]>(s, JsonSerializerOptions.Web).Select(text => new SampleTextRow(recipe, arm, seed, t, text.Prompt, text.Continuation)));
                if (Path.Combine(artifacts, SampleImages.FileName) is var i && File.Exists(i))
                    images.Add(new(recipe, arm, seed, t, Json<DrawnImages>(i, JsonSerializerOptions.Web)));
                if (Path.Combine(run.GenerationPath(t), AtomicFolder.CostFile) is var c && File.Exists(c))
                {
                    var cost = Json<JsonObject>(c, StrictJson.Options);
                    costs.Add(new(recipe, arm, seed, t, Math.Round((double)cost["seconds"]!, 1), (long)cost["peakMemoryBytes"]!));
                }
            }
        }

        return new() { Metrics = metrics, Histograms = histograms, Samples = samples, Images = images, Costs = costs, Runs = runs };
    }

    static RunResults ReadWritten(string folder)
    {
        string In(string name) => Path.Combine(folder, name);
        if (Json<JsonObject>(In(ManifestFile), StrictJson.Options)["sha256"] is not JsonObject hashes)
            throw new InputException($"{In(ManifestFile)} lists no files: restore the folder from git.");
        foreach (var (file, hash) in hashes)
            if (!File.Exists(In(file)) || AtomicFolder.HashOf(In(file)) != (string?)hash)
                throw new InputException($"{In(file)} is missing or not the file that {ManifestFile} lists: restore the folder from git, or export it again.");
        return new()
        {
            Metrics = [.. Fields(In(MetricsFile), MetricsHeader).Select(f => new MetricRow(f[0], f[1], Long(f[2]), (int)Long(f[3]), f[4], Number(f[5])))],
            Costs = [.. Fields(In(CostFile), CostHeader).Select(f => new CostRow(f[0], f[1], Long(f[2]), (int)Long(f[3]), Number(f[4]), Long(f[5])))],
            Histograms = Json<HistogramRow[]>(In(HistogramsFile), StrictJson.Options),
            Samples = Json<SampleTextRow[]>(In(SamplesFile), StrictJson.Options),
            Images = File.Exists(In(ImagesFile)) ? Json<SampleImagesRow[]>(In(ImagesFile), StrictJson.Options) : [],
            Runs = Json<RunDescription[]>(In(RunsFile), StrictJson.Options),
        };

        static long Long(string text) => long.Parse(text, CultureInfo.InvariantCulture);
        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }

    static IEnumerable<string[]> Fields(string path, string header)
    {
        var lines = File.ReadAllLines(path);
        if (lines.Length == 0 || lines[0] != header) throw new InputException($"{path} must begin with the line {header}: restore the folder from git.");
        return lines.Skip(1).Select(line => line.Split(','));
    }

    static T Json<T>(string path, JsonSerializerOptions options)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), options)!;
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new InputException($"{path} cannot be read ({e.Message}): restore it, or run again.", e);
        }
    }
}

/// <summary>A histogram of one generation.</summary>
/// <param name="Recipe">Name of the recipe.</param>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Generation">The generation whose training set is scored.</param>
/// <param name="Histogram">Perplexity per block under model 0.</param>
public sealed record HistogramRow(string Recipe, string Arm, long Seed, int Generation, PerplexityHistogram Histogram);

/// <summary>A decoded sample of one generation.</summary>
/// <param name="Recipe">Name of the recipe.</param>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Generation">The generation that wrote it.</param>
/// <param name="Prompt">The fixed prompt.</param>
/// <param name="Continuation">What the model wrote after it.</param>
public sealed record SampleTextRow(string Recipe, string Arm, long Seed, int Generation, string Prompt, string Continuation);

/// <summary>What a generation of a model of images drew.</summary>
/// <param name="Recipe">Name of the experiment.</param>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Generation">The generation that drew them.</param>
/// <param name="Drawn">The images.</param>
public sealed record SampleImagesRow(string Recipe, string Arm, long Seed, int Generation, DrawnImages Drawn);

/// <summary>What a generation cost.</summary>
/// <param name="Recipe">Name of the recipe.</param>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Generation">The generation.</param>
/// <param name="Seconds">Time in seconds, on the machine of the run.</param>
/// <param name="PeakMemoryBytes">Largest memory of the process so far.</param>
public sealed record CostRow(string Recipe, string Arm, long Seed, int Generation, double Seconds, long PeakMemoryBytes);
