using System.CommandLine;

namespace ModelCollapse.Cli.Commands;

/// <summary><c>collapse resume</c>: goes on with every plan in a folder.</summary>
static class ResumeCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("dir") { Description = "Output folder of runs, or of one recipe in it.", DefaultValueFactory = _ => "runs" };
        var workers = Common.Workers();
        var data = Common.Data();
        var command = new Command("resume", "Continues runs that were stopped.") { folder, workers, data };
        command.SetAction(async (parsed, stop) =>
        {
            var code = 0;
            foreach (var path in PlansIn(Path.GetFullPath(parsed.GetValue(folder)!)))
            {
                var plan = Plan.Read(path);
                if (parsed.GetValue(data) is { } other) plan = plan with { Data = Path.GetFullPath(other) };
                var output = Path.GetDirectoryName(Path.GetDirectoryName(path))!;
                var before = plan.BegunBefore(new(output), other => Console.Error.WriteLine($"collapse: {other} is left alone because it was started with other settings: resume it with the command that started it."));
                code = Math.Max(code, await WorkRunner.RunAsync(plan, output, Common.Checked(parsed.GetValue(workers)), before, stop));
                if (stop.IsCancellationRequested) break;
            }

            return code;
        });
        return command;
    }

    static string[] PlansIn(string folder)
    {
        if (!Directory.Exists(folder)) throw new InputException($"There is no folder {folder}: give the output folder of a run.");
        if (File.Exists(Path.Combine(folder, Plan.FileName))) return [Path.Combine(folder, Plan.FileName)];
        string[] plans = [.. Directory.EnumerateDirectories(folder).Select(f => Path.Combine(f, Plan.FileName)).Where(File.Exists).Order(StringComparer.Ordinal)];
        return plans.Length > 0 ? plans : throw new InputException($"{folder} holds no {Plan.FileName}, so there is nothing to resume: start with 'collapse run'.");
    }
}
