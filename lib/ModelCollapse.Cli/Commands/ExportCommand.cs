using System.CommandLine;
using ModelCollapse.Reporting;

namespace ModelCollapse.Cli.Commands;

/// <summary><c>collapse export</c>: what runs have to show as a small folder that can be committed.</summary>
static class ExportCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("dir") { Description = "Output folder of runs, or a part of it." };
        var target = new Argument<string>("target") { Description = "Folder to write." };
        var command = new Command("export", "Writes metrics, figures, decoded samples and a manifest of runs into a folder.") { folder, target };
        command.SetAction(parsed =>
        {
            var (results, path) = (Common.ResultsOf(parsed.GetValue(folder)!), Path.GetFullPath(parsed.GetValue(target)!));
            RunFigures.Write(results, Path.Combine(path, "figures")); // before the manifest, which lists them
            results.Write(path);
            Console.WriteLine(path);
        });
        return command;
    }
}
