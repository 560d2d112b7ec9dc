using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelCollapse.Recipes;
using ModelCollapse.Recipes.Executors;
using ModelCollapse.Store;

namespace ModelCollapse.Cli;

/// <summary>What was asked for in one folder of runs, so that it can be resumed: <c>&lt;out&gt;/&lt;recipe&gt;/plan.json</c>.</summary>
/// <param name="Recipe">The recipe with every <c>--set</c> applied.</param>
/// <param name="Arms">The arms to run.</param>
/// <param name="Data">The data folder.</param>
sealed record Plan(Recipe Recipe, IReadOnlyList<string> Arms, string Data)
{
    public const string FileName = "plan.json";

    /// <summary>Paths of assemblies with kinds that the recipe names beside the project's.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>The runs that were asked for.</summary>
    public IReadOnlyList<WorkItem> Work => WorkItem.ListOf(Arms, [.. Recipe.Seeds]);

    /// <summary>Unfinished runs, with no process at work on them, that an earlier command began under the same settings with other arms or seeds.</summary>
    /// <param name="store">Where the runs are.</param>
    /// <param name="leftAlone">Told the folder of each unfinished run under other settings.</param>
    public IReadOnlyList<WorkItem> BegunBefore(RunStore store, Action<string> leftAlone)
    {
        List<WorkItem> begun = [];
        foreach (var run in new RunStore(Path.Combine(store.Root, Recipe.Name)).Runs())
        {
            var (description, item) = (run.Description!, new WorkItem(run.Description!.Arm, run.Description.Seed));
            if (Work.Contains(item) || run.Owner is not null || run.Status?.Phase == RunPhase.Finished) continue;
            if (Recipe.ArmNames.Contains(item.Arm) && description.DifferencesTo(description with { Identity = Recipe.Resolve(item.Arm).Decisive() }).Count == 0) begun.Add(item);
            else leftAlone(run.Path);
        }

        return begun;
    }

    public static Plan Read(string path)
    {
        try
        {
            if (JsonNode.Parse(File.ReadAllText(path)) is not JsonObject json || json["recipe"] is not { } recipe || json["arms"] is not JsonArray arms || json["data"] is not { } data)
                throw new JsonException("a field is missing");
            string[] kinds = [.. (json["kinds"] as JsonArray ?? []).Select(k => k!.GetValue<string>())];
            foreach (var assembly in kinds) ModelCollapse.Kinds.Register(LoadKinds(assembly));
            return new(Recipe.Parse(recipe.ToJsonString(), path), [.. arms.Select(a => a!.GetValue<string>())], data.GetValue<string>()) { Kinds = kinds };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException)
        {
            throw new InputException($"{path} is not the plan of a run ({e.Message.TrimEnd('.')}): start it with 'collapse run' again.", e);
        }
    }

    /// <summary>Loads an assembly of the user.</summary>
    /// <exception cref="InputException">It is missing, or no assembly.</exception>
    public static Assembly LoadKinds(string path)
    {
        try
        {
            return Assembly.LoadFrom(path);
        }
        catch (Exception e) when (e is IOException or BadImageFormatException)
        {
            throw new InputException($"{path} cannot be loaded as an assembly ({e.Message.TrimEnd('.')}): give the path of a .dll that was built for this .NET.", e);
        }
    }

    public void Write(string path)
    {
        var json = new JsonObject { ["recipe"] = Recipe.ToJson(), ["arms"] = new JsonArray([.. Arms.Select(a => (JsonNode)a)]), ["data"] = Data, ["kinds"] = new JsonArray([.. Kinds.Select(k => (JsonNode)k)]) };
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Environment.ProcessId}";
        File.WriteAllText(temporary, json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        File.Move(temporary, path, overwrite: true);
    }
}
