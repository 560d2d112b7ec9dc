using ModelCollapse.Data;

namespace ModelCollapse.Recipes;

/// <summary>The recipes of this project: <c>data/recipes</c>, found upwards from the current folder and from the program.</summary>
public static class RecipeFolder
{
    /// <summary>Names of all recipes, sorted.</summary>
    public static IReadOnlyList<string> Names =>
        [.. Folders.SelectMany(f => Directory.EnumerateFiles(f, "*.json")).Select(f => Path.GetFileNameWithoutExtension(f)).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The file of a recipe.</summary>
    /// <param name="pathOrName">Path of a JSON file, or a name.</param>
    /// <exception cref="InputException">Neither exists.</exception>
    public static string Find(string pathOrName)
    {
        if (File.Exists(pathOrName)) return Path.GetFullPath(pathOrName);
        var named = Folders.Select(f => Path.Combine(f, pathOrName + ".json")).FirstOrDefault(File.Exists);
        if (named is not null && Path.GetFileName(pathOrName) == pathOrName) return named;
        var hint = NearestName.Of(pathOrName, Names) is { } nearest ? $"the recipes are {string.Join(", ", Names)}; did you mean '{nearest}'?" : "give the path of a JSON file.";
        throw new InputException($"There is no recipe '{pathOrName}': {hint}");
    }

    static IEnumerable<string> Folders => ProjectData.Folders("recipes");
}
