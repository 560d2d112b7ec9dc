namespace ModelCollapse.Tests;

/// <summary>Where the real files for tests are: under <c>MODEL_COLLAPSE_DATA</c>, else in the first <c>shared/data</c> above the repository.</summary>
static class TestData
{
    public static string Root { get; } = Environment.GetEnvironmentVariable("MODEL_COLLAPSE_DATA") is { Length: > 0 } set ? set : Found();

    /// <summary>The file or folder at a path relative to <see cref="Root"/>; one that is missing fails the test.</summary>
    public static string Path(string relative)
    {
        var path = System.IO.Path.Combine(Root, relative);
        return File.Exists(path) || Directory.Exists(path)
            ? path
            : throw new FileNotFoundException($"{path} is missing: set MODEL_COLLAPSE_DATA to the folder that holds {relative}.");
    }

    static string Found()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var data = System.IO.Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(data)) return data;
        }

        throw new DirectoryNotFoundException($"There is no shared/data above {AppContext.BaseDirectory}: set MODEL_COLLAPSE_DATA.");
    }
}
