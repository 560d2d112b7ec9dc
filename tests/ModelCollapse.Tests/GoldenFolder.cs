using System.Globalization;
using System.Text.Json;

namespace ModelCollapse.Tests;

/// <summary>
/// Reference values computed by other software. Tests enumerate what they find here and know no case by name; a file that is missing
/// fails. All are in <c>MODEL_COLLAPSE_GOLDEN</c> if that is set, else in <c>tests/golden</c> of the repository but for those of the real
/// SmolLM2, which need its file anyhow and are in <c>golden</c> of the data folder.
/// </summary>
static class GoldenFolder
{
    /// <summary>The values of a model that is too large for the repository.</summary>
    public const string SmolLM2 = "smollm2";

    static readonly Lock Printing = new();

    static readonly string? Given = Environment.GetEnvironmentVariable("MODEL_COLLAPSE_GOLDEN") is { Length: > 0 } set ? set : null;

    /// <summary>The folder of all values but, where none was given, those of the real SmolLM2.</summary>
    public static string Path { get; } = Given ?? Committed();

    /// <summary>The full path of a file or folder, which need not be there.</summary>
    /// <param name="relative">Its path below its set of values, for example <c>adamw/expected.json</c>.</param>
    public static string PathOf(string relative) =>
        System.IO.Path.Combine(Given is null && relative.Split('/')[0] == SmolLM2 ? System.IO.Path.Combine(TestData.Root, "golden") : Path, relative);

    /// <summary>The full path of a file that must be there.</summary>
    public static string File(string relative)
    {
        var path = PathOf(relative);
        return System.IO.File.Exists(path) ? path : throw new FileNotFoundException($"The golden file {path} is missing.");
    }

    /// <summary>The full path of a folder that must be there.</summary>
    public static string Folder(string relative)
    {
        var path = PathOf(relative);
        return Directory.Exists(path) ? path : throw new DirectoryNotFoundException($"The golden folder {path} is missing.");
    }

    /// <summary>The content of a JSON file that must be there.</summary>
    public static JsonElement Json(string relative)
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(File(relative)));
        return document.RootElement.Clone();
    }

    /// <summary>Prints the largest deviation of a file in one line, and fails if it is above the tolerance or not a number.</summary>
    /// <param name="file">The golden file, relative to the folder.</param>
    /// <param name="what">What was compared, for example <c>logits</c>.</param>
    /// <param name="deviation">The largest absolute difference; for exact comparisons the number of differing items.</param>
    /// <param name="tolerance">The largest deviation allowed; 0 where values must be equal.</param>
    public static void Report(string file, string what, double deviation, double tolerance)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"golden {file}: {what}: largest deviation {deviation:G4} (tolerance {tolerance:G4})");
        lock (Printing)
        {
            // environment/test shows the lines of such a file together at the end, whatever the runner shows of tests that pass.
            if (Environment.GetEnvironmentVariable("MODEL_COLLAPSE_GOLDEN_LOG") is { Length: > 0 } log) System.IO.File.AppendAllText(log, line + "\n");
            else Console.WriteLine(line);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(line);
        Assert.True(deviation <= tolerance, line);
    }
    static string Committed()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var golden = System.IO.Path.Combine(folder.FullName, "tests", "golden");
            if (Directory.Exists(golden)) return golden;
        }

        throw new DirectoryNotFoundException($"There is no tests/golden above {AppContext.BaseDirectory}.");
    }
}
