using System.CommandLine;
using System.Text.Json;
using ModelCollapse.Store;
using Spectre.Console;

namespace ModelCollapse.Cli.Commands;

/// <summary><c>collapse status</c>: how far each run in a folder is.</summary>
static class StatusCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("dir") { Description = "Output folder of runs.", DefaultValueFactory = _ => "runs" };
        var json = Common.Json();
        var command = new Command("status", "Shows how far each run is.") { folder, json };
        command.SetAction(parsed =>
        {
            var runs = new RunStore(parsed.GetValue(folder)!).Runs().Select(run => (run.Path, run.Description!.Recipe, Status: run.Status, run.Owner, run.Completed)).ToList();
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(runs.Select(r => new { r.Path, r.Recipe, r.Completed, r.Status, r.Owner }), Common.JsonOptions));
                return;
            }

            var table = new Table().RoundedBorder().AddColumns("recipe", "arm", "seed", "state", "generations", "perplexity", "process");
            foreach (var (path, recipe, s, owner, completed) in runs)
                table.AddRow(
                    recipe, s?.Arm ?? "", $"{s?.Seed}", s?.Phase.ToString().ToLowerInvariant() ?? "unknown", $"{completed} of {s?.Generations + 1}",
                    s is null ? "" : RunProgress.Perplexities(s), owner is null ? Markup.Escape(s is { Phase: RunPhase.Failed } ? s.Note : "") : $"{owner.Pid}");
            AnsiConsole.Write(table);
        });
        return command;
    }
}
