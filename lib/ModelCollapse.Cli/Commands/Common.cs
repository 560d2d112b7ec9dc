using System.CommandLine;
using ModelCollapse.Data;
using ModelCollapse.Results;

namespace ModelCollapse.Cli.Commands;

/// <summary>Options that several commands have.</summary>
static class Common
{
    public static Option<string?> Data() => new("--data") { Description = $"Folder with downloaded text and weights; else {DataFolder.Variable}, else the user's cache." };

    public static Option<int?> Workers() => new("--workers") { Description = "Processes at a time; as many as there are cores if not given. Changes no result." };

    public static Option<bool> Json() => new("--json") { Description = "Prints JSON." };

    public static DataFolder FolderOf(string? given) => given is null ? DataFolder.Default : new(given);

    /// <summary>The results in a folder, which must hold some run.</summary>
    public static RunResults ResultsOf(string folder) => RunResults.Read(folder) is { Runs.Count: > 0 } results
        ? results
        : throw new InputException($"{Path.GetFullPath(folder)} holds no run: give the output folder of a run, or a folder of results.");

    public static int? Checked(int? workers) => workers is null or >= 1 ? workers : throw new InputException($"--workers is {workers} but must be at least 1.");

    /// <summary>Prints numbers as JSON wants them: NaN and infinities as texts.</summary>
    public static readonly System.Text.Json.JsonSerializerOptions JsonOptions = new(System.Text.Json.JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.CamelCase) },
    };
}
