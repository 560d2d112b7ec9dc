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
            if (Recipe.ArmNames.Contains(item.Arm) && description.DifferencesTo(RunDescription.Of(Recipe, item.Arm, item.Seed, description.Hashes)).Count == 0) begun.Add(item);
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
            return new(Recipe.Parse(recipe.ToJsonString(), path), [.. arms.Select(a => a!.GetValue<string>())], data.GetValue<string>());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException)
        {
            throw new InputException($"{path} is not the plan of a run ({e.Message.TrimEnd('.')}): start it with 'collapse run' again.", e);
        }
    }

    public void Write(string path)
    {
        var json = new JsonObject { ["recipe"] = Recipe.ToJson(), ["arms"] = new JsonArray([.. Arms.Select(a => (JsonNode)a)]), ["data"] = Data };
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{Environment.ProcessId}";
        File.WriteAllText(temporary, json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        File.Move(temporary, path, overwrite: true);
    }
}
