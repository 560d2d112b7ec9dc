using System.Reflection;

namespace ModelCollapse.Data;

/// <summary>The folder <c>data</c> of this project (recipes, models, reference results), found upwards from the current folder, from the program, and from where the library was built.</summary>
public static class ProjectData
{
    /// <summary>Every existing folder <c>data/&lt;relative&gt;</c>, the nearest to the current folder first.</summary>
    /// <param name="relative">A folder below <c>data</c>, with <c>/</c>.</param>
    public static IEnumerable<string> Folders(string relative)
    {
        foreach (var start in (string[])[Environment.CurrentDirectory, AppContext.BaseDirectory, Clone])
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var found = Path.Combine([folder.FullName, "data", .. relative.Split('/')]);
                if (!Directory.Exists(found)) continue;
                yield return found;
                break;
            }
    }

    /// <summary>The clone that the library was built from.</summary>
    static string Clone => typeof(ProjectData).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "RepositoryRoot")?.Value ?? AppContext.BaseDirectory;

    /// <summary>A folder below <c>data</c> that must be there.</summary>
    /// <exception cref="InputException">It is not found.</exception>
    public static string Require(string relative) => Folders(relative).FirstOrDefault()
        ?? throw new InputException($"The folder data/{relative} of this project is not found from {Environment.CurrentDirectory}: run inside a clone of the project, or name the files in the recipe.");
}
