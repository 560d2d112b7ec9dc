namespace ModelCollapse.Tests;

/// <summary>The clone that the tests were built from.</summary>
static class Repository
{
    public static string Root { get; } = Found();

    public static string PathOf(string relative) => Path.Combine([Root, .. relative.Split('/')]);

    static string Found()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Research.sln"))) return folder.FullName;
        throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside a clone of the project.");
    }
}
