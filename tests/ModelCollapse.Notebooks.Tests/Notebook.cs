using System.Text.Json.Nodes;

namespace ModelCollapse.Notebooks.Tests;

/// <summary>A notebook file.</summary>
sealed class Notebook
{
    /// <summary>The tag of cells whose result depends on the machine: on its arithmetic, or on what is in its data folder.</summary>
    public const string Varies = "varies";

    Notebook(string path) => (Path, Json) = (path, JsonNode.Parse(File.ReadAllText(path))!);

    public static string Root => ModelCollapse.Kernel.Tests.KernelClient.Root;

    /// <summary>Names of the notebooks of this project.</summary>
    public static IEnumerable<string> Names => Directory.GetFiles(System.IO.Path.Combine(Root, "notebooks"), "*.ipynb").Select(f => System.IO.Path.GetFileName(f)).Order(StringComparer.Ordinal);

    public string Path { get; }

    public JsonNode Json { get; }

    public IReadOnlyList<Cell> Cells => [.. Json["cells"]!.AsArray().Select(c => new Cell(c!))];

    public IEnumerable<Cell> CodeCells => Cells.Where(c => c.IsCode);

    public static Notebook Committed(string name) => new(System.IO.Path.Combine(Root, "notebooks", name));

    public static Notebook Read(string path) => new(path);
}

/// <summary>A cell of a notebook.</summary>
sealed class Cell(JsonNode json)
{
    public JsonNode Json => json;

    public string Id => (string)json["id"]!;

    public bool IsCode => (string)json["cell_type"]! == "code";

    public string Source => TextOf(json["source"]!);

    public bool Varies => json["metadata"]!["tags"] is JsonArray tags && tags.Any(t => (string?)t == Notebook.Varies);

    public IReadOnlyList<Output> Outputs => [.. json["outputs"]!.AsArray().Select(o => new Output(o!))];

    public override string ToString() => $"cell {Id}";

    /// <summary>A text that notebooks store as one string or as a list of lines.</summary>
    public static string TextOf(JsonNode text) => text is JsonArray lines ? string.Concat(lines.Select(l => (string)l!)) : (string)text!;
}

/// <summary>An output of a cell.</summary>
sealed class Output(JsonNode json)
{
    public string Type => (string)json["output_type"]!;

    public string Text => json["text"] is { } text ? Cell.TextOf(text) : "";

    public IReadOnlyDictionary<string, JsonNode> Data => json["data"] is JsonObject data ? data.ToDictionary(d => d.Key, d => d.Value!) : new Dictionary<string, JsonNode>();

    public string DataText(string mimeType) => Cell.TextOf(Data[mimeType]);
}
