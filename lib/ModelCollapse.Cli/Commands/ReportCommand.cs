using System.CommandLine;
using System.Text.Json;
using ModelCollapse.Reporting;
using ModelCollapse.Reporting.Report;
using ModelCollapse.Results;
using ModelCollapse.Results.Claims;

namespace ModelCollapse.Cli.Commands;

/// <summary><c>collapse report</c>: the numbers of runs, or of committed results.</summary>
static class ReportCommand
{
    public static Command Create()
    {
        var folders = new Argument<string[]>("dir") { Description = "Output folders of runs, parts of them, or folders of results such as data/results/wikitext2-smollm2.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "Prints an array of recipe, arm, seed, generation, metric, value instead." };
        var reference = new Option<string?>("--reference") { Description = "Folder of runs or results to compare with." };
        var figures = new Option<string?>("--figures") { Description = "Folder to write figures into, as PNG and SVG." };
        var html = new Option<string?>("--html") { Description = "File to write a report into: one page with answers, claims, figures, tables, texts and cost, which needs no network." };
        var command = new Command("report", "Shows the results of runs.") { folders, json, reference, figures, html };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(json) && parsed.GetValue(reference) is not null) throw new InputException("--reference compares in words, and --json prints nothing but the array: give one of them.");
            var results = RunResults.Together([.. parsed.GetValue(folders)!.Select(Common.ResultsOf)]);
            if (parsed.GetValue(json)) Console.WriteLine(JsonSerializer.Serialize(results.Metrics, Common.JsonOptions));
            else ReportText.All(results);
            if (parsed.GetValue(reference) is { } other) ReportText.Compare(results, Common.ResultsOf(other), other);
            var output = parsed.GetValue(json) ? Console.Error : Console.Out;
            if (parsed.GetValue(figures) is { } target)
                foreach (var path in RunFigures.Write(results, target)) output.WriteLine(path);
            if (parsed.GetValue(html) is not { } page) return;
            HtmlReport.Write(results, ClaimFile.OfProject().Claims, page);
            output.WriteLine($"Report: {Path.GetFullPath(page)}");
        });
        return command;
    }
}
