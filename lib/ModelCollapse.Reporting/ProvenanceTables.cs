using System.Globalization;
using System.Text.Json.Nodes;
using ModelCollapse.Data;
using ModelCollapse.Metrics;
using ModelCollapse.Provenance;
using ModelCollapse.Results;
using ModelCollapse.Store;

namespace ModelCollapse.Reporting;

/// <summary>Where every byte comes from, as tables: what is downloaded, what is committed, what went into a run, who wrote a training set.</summary>
public static class ProvenanceTables
{
    const int HashDigits = 12;

    /// <summary>Every published file that the project can fetch, with the fixed revision and the hash that it is checked against.</summary>
    public static Table Published() => new("Published files, each at a fixed revision", ["data set", "file", "bytes", "SHA-256 begins", "what the hash is of"],
        [.. PinnedDatasets.All.SelectMany(d => d.Files.Select(f => (Dataset: d, File: f))).Select(p => Row(p.Dataset, p.File))]);

    /// <summary>What the licence of each data set is, in the words of its entry.</summary>
    public static Table Licences() => new("Where they come from", ["data set", "what it is", "from"],
        [.. PinnedDatasets.All.Select(d => (string[])[d.Name, d.About, d.Files[0].Url.Host])]);

    /// <summary>The base models that are committed with this project, each with the recipe that made it and the hash of its weights.</summary>
    public static Table Models() => new("Base models of this project, trained by its own recipes", ["model", "recipe", "parameters and vocabulary", "training text, SHA-256 begins", "weights, SHA-256 begins"],
    [
        .. Directory.EnumerateDirectories(ProjectData.Require("models")).Order(StringComparer.Ordinal).Select(folder =>
        {
            var (run, config) = (RunDescription.Read(Path.Combine(folder, RunDescription.FileName)), JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!);
            return (string[])
            [
                Path.GetFileName(folder), run.Recipe,
                $"{config["num_hidden_layers"]} layers × {config["hidden_size"]}, {config["vocab_size"]} tokens",
                Short(run.Hashes.GetValueOrDefault("data.train")), Short(AtomicFolder.HashOf(Path.Combine(folder, "model.safetensors"))),
            ];
        }),
    ]);

    /// <summary>The hash of everything that went into finished runs, and the code and machine that made them.</summary>
    /// <param name="results">Finished runs.</param>
    public static Table Inputs(RunResults results)
    {
        List<string[]> rows = [];
        foreach (var name in results.Runs.SelectMany(r => r.Hashes.Keys).Distinct().Order(StringComparer.Ordinal)) Add($"SHA-256 of {name} begins", r => Short(r.Hashes.GetValueOrDefault(name)));
        Add("version of this project", r => r.Machine.Code);
        Add("machine", r => string.Create(CultureInfo.InvariantCulture, $"{r.Machine.Processor}, {r.Machine.Cores} cores"));
        Add(".NET", r => r.Machine.Runtime);
        Add("TorchSharp", r => r.Machine.TorchSharp ?? "not used");
        return new($"What went into {results.Runs.Count} runs", ["input", "value"], rows);

        void Add(string name, Func<RunDescription, string> value)
        {
            foreach (var group in results.Runs.GroupBy(value)) rows.Add([name, group.Count() == results.Runs.Count ? group.Key : $"{group.Key} ({group.Count()} runs)"]);
        }
    }

    /// <summary>Who wrote the training set of each generation: the human share by arm, from the origin of every block.</summary>
    /// <param name="results">Results of a recipe with the metric <see cref="TrainingOrigins"/>.</param>
    public static Figure HumanShare(RunResults results) => RunFigures.OverGenerations(results, new($"{TrainingOrigins.MetricName}.human", "Share of the training text that people wrote", "share written by people", "F2"));

    /// <summary>How many models lie between people and a block of the training set, on average, by arm.</summary>
    /// <param name="results">Results of a recipe with the metric <see cref="TrainingOrigins"/>.</param>
    public static Table Depth(RunResults results) =>
        RunTables.OverGenerations(results, new($"{TrainingOrigins.MetricName}.depth", "Models between people and the training text, on average", "depth", "F2"), 0, 1, 2, 5, 9);

    static string[] Row(PinnedDataset dataset, PinnedFile file)
    {
        var (hash, of) = file.Sha256 is { } raw ? (raw, "the file") : file.TextSha256 is { } text ? (text, "the text in it") : file.UnpackedSha256 is { } unpacked ? (unpacked, "the unpacked file") : ("", "none known: shown when it is fetched");
        return [dataset.Name, Path.GetFileName(file.Path), file.Size is { } size ? size.ToString("N0", CultureInfo.InvariantCulture) : "", Short(hash), of];
    }

    static string Short(string? hash) => hash is null ? "" : hash[..Math.Min(HashDigits, hash.Length)];
}
