using System.CommandLine;
using System.Text.Json;
using ModelCollapse.Notebooks;
using ModelCollapse.Runs;

namespace ModelCollapse.Cli.Commands;

/// <summary><c>collapse report</c>: the numbers of runs, or of committed results.</summary>
static class ReportCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("dir") { Description = "Output folder of runs, a part of it, or a folder of results such as data/results/wikitext2-smollm2." };
        var json = new Option<bool>("--json") { Description = "Prints an array of recipe, arm, seed, generation, metric, value instead." };
        var reference = new Option<string?>("--reference") { Description = "Folder of runs or results to compare with." };
        var figures = new Option<string?>("--figures") { Description = "Folder to write figures into, as PNG and SVG." };
        var command = new Command("report", "Shows the results of runs.") { folder, json, reference, figures };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(json) && parsed.GetValue(reference) is not null) throw new InputException("--reference compares in words, and --json prints nothing but the array: give one of them.");
            var results = Common.ResultsOf(parsed.GetValue(folder)!);
            if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(results.Metrics, Common.JsonOptions));
            else ReportText.All(results);
            if (parsed.GetValue(reference) is { } other) ReportText.Compare(results, Common.ResultsOf(other), other);
            if (parsed.GetValue(figures) is not { } target) return;
            foreach (var path in RunFigures.Write(results, target)) (parsed.GetValue(json) ? Console.Error : Console.Out).WriteLine(path);
        });
        return command;
    }
}
