using System.CommandLine;
using ModelCollapse.Recipes;

namespace ModelCollapse.Cli.Commands;

/// <summary><c>collapse run</c>: runs the arms and seeds of a recipe, or goes on with them.</summary>
static class RunCommand
{
    public static Command Create()
    {
        var recipe = new Argument<string>("recipe") { Description = "Name of a recipe of this project, or path of a JSON file." };
        var arms = new Option<string[]>("--arm") { Description = "Only this arm; may be given several times." };
        var seeds = new Option<string?>("--seeds") { Description = "Seeds, with commas between: 0,1,2." };
        var generations = new Option<int?>("--generations") { Description = "Number of the last generation." };
        var set = new Option<string[]>("--set") { Description = "path=value: sets any field of the recipe, for example training.learningRate=1e-4; may be given several times." };
        var kinds = new Option<string[]>("--kinds") { Description = "Assembly (.dll) with curators, metrics, corpora of your own that the recipe names; may be given several times." };
        var workers = Common.Workers();
        var data = Common.Data();
        var output = new Option<string>("--out") { Description = "Folder for the runs.", DefaultValueFactory = _ => "runs" };
        var command = new Command("run", "Runs a recipe, or continues it where it was stopped.") { recipe, arms, seeds, generations, set, kinds, workers, data, output };
        command.SetAction((parsed, stop) =>
        {
            List<string> assignments = [.. parsed.GetValue(set) ?? []];
            if (parsed.GetValue(seeds) is { } list) assignments.Add($"seeds=[{list}]");
            if (parsed.GetValue(generations) is { } last) assignments.Add($"generations={last}");
            IReadOnlyList<string> extensions = [.. (parsed.GetValue(kinds) ?? []).Select(Path.GetFullPath)];
            var asked = Recipe.Load(parsed.GetValue(recipe)!, [.. extensions.Select(Plan.LoadKinds)]);
            if (assignments.Count > 0) asked = asked.With(assignments);
            var chosen = parsed.GetValue(arms) is { Length: > 0 } some ? some.Distinct().ToArray() : asked.ArmNames;
            return WorkRunner.RunAsync(new(asked.WithFullPaths(), chosen, Common.FolderOf(parsed.GetValue(data)).Root) { Kinds = extensions }, parsed.GetValue(output)!, Common.Checked(parsed.GetValue(workers)), before: [], stop);
        });
        return command;
    }
}
