namespace ModelCollapse.Data;

/// <summary>The folder <c>data</c> of this project (recipes, models, reference results), found upwards from the current folder and from the program.</summary>
public static class ProjectData
{
    /// <summary>Every existing folder <c>data/&lt;relative&gt;</c>, the nearest to the current folder first.</summary>
    /// <param name="relative">A folder below <c>data</c>, with <c>/</c>.</param>
    public static IEnumerable<string> Folders(string relative)
    {
        foreach (var start in (string[])[Environment.CurrentDirectory, AppContext.BaseDirectory])
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var found = Path.Combine([folder.FullName, "data", .. relative.Split('/')]);
                if (!Directory.Exists(found)) continue;
                yield return found;
                break;
            }
    }

    /// <summary>A folder below <c>data</c> that must be there.</summary>
    /// <exception cref="InputException">It is not found.</exception>
    public static string Require(string relative) => Folders(relative).FirstOrDefault()
        ?? throw new InputException($"The folder data/{relative} of this project is not found from {Environment.CurrentDirectory}: run inside a clone of the project, or name the files in the recipe.");
}
