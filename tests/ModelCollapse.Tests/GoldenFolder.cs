using System.Globalization;
using System.Text.Json;

namespace ModelCollapse.Tests;

/// <summary>
/// Reference values computed by other software. Tests enumerate what they find here and know no case by name; a file that is missing
/// fails. The folder is <c>MODEL_COLLAPSE_GOLDEN</c>, else <c>golden</c> in the data folder.
/// </summary>
static class GoldenFolder
{
    static readonly Lock Printing = new();

    public static string Path { get; } = Environment.GetEnvironmentVariable("MODEL_COLLAPSE_GOLDEN") is { Length: > 0 } set
        ? set
        : System.IO.Path.Combine(TestData.Root, "golden");

    /// <summary>The full path of a file that must be there.</summary>
    public static string File(string relative)
    {
        var path = System.IO.Path.Combine(Path, relative);
        return System.IO.File.Exists(path) ? path : throw new FileNotFoundException($"The golden file {path} is missing.");
    }

    /// <summary>The full path of a folder that must be there.</summary>
    public static string Folder(string relative)
    {
        var path = System.IO.Path.Combine(Path, relative);
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
}
