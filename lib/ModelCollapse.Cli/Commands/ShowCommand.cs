using System.CommandLine;
using System.Globalization;
using ModelCollapse.Store;
using Spectre.Console;

namespace ModelCollapse.Cli.Commands;

/// <summary><c>collapse show</c>: what a generation was trained on, what its model wrote, and what curators decided.</summary>
static class ShowCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("run") { Description = "Folder of a run: runs/<recipe>/<arm>/seed-<k>." };
        var generation = new Option<int>("--generation") { Description = "The generation." };
        var most = new Option<int>("--most") { Description = "Items of each kind that are shown.", DefaultValueFactory = _ => 5 };
        var command = new Command("show", "Shows the texts of a generation and every decision of its curators.") { folder, generation, most };
        command.SetAction(parsed =>
        {
            var runs = new RunStore(parsed.GetValue(folder)!).Runs();
            if (runs is not [var run]) throw new InputException($"{Path.GetFullPath(parsed.GetValue(folder)!)} holds {runs.Count} runs: give the folder of one, runs/<recipe>/<arm>/seed-<k>.");
            var t = parsed.GetValue(generation);
            if (t < 0 || t >= run.Completed) throw new InputException($"{run.Path} has no generation {t}: its generations are 0 to {run.Completed - 1}.");
            Show(run, t, Math.Max(0, parsed.GetValue(most)));
        });
        return command;
    }

    static void Show(RunFolder run, int generation, int most)
    {
        var description = run.Description!;
        Console.WriteLine($"{description.Recipe}, {description.Label ?? description.Arm}, seed {description.Seed}, generation {generation}");
        foreach (var (file, what) in new[] { (RunFolder.TrainingFile, "trained on"), (RunFolder.SamplesFile, "wrote for the next generation"), (RunFolder.OwnTextFile, "wrote from held-out prompts") })
            ShowTexts(Path.Combine(run.GenerationPath(generation), file), what, most);
        var decisions = Path.Combine(run.GenerationPath(generation), RunFolder.CurationFile);
        if (File.Exists(decisions)) ShowDecisions(CurationRow.Read(decisions), most);
    }

    static void ShowTexts(string path, string what, int most)
    {
        if (!File.Exists(path)) return;
        var texts = StoredText.Read(path);
        Console.WriteLine($"\n{what}: {texts.Count} texts ({string.Join(", ", texts.GroupBy(r => r.Origin).Select(g => $"{g.Count()} {g.Key}"))})");
        foreach (var text in texts.Take(most)) Console.WriteLine($"  [{text.Origin}] {Line(text.Text)}");
    }

    static void ShowDecisions(IReadOnlyList<CurationRow> rows, int most)
    {
        foreach (var curator in rows.GroupBy(r => (r.Curator, r.At)))
        {
            Console.WriteLine($"\n{curator.Key.Curator}, on the {curator.Key.At} set: {string.Join(", ", curator.GroupBy(r => r.Decision).Select(g => $"{g.Count()} {g.Key}"))}");
            var table = new Table().RoundedBorder().AddColumns("item", "decision", "score", "reason", "origin", "text");
            foreach (var row in curator.GroupBy(r => r.Decision).SelectMany(g => g.Take(most)))
                table.AddRow(
                    row.Index < 0 ? "" : $"{row.Index}", row.Decision, row.Score is { } score ? string.Create(CultureInfo.InvariantCulture, $"{score:G4}") : "",
                    Markup.Escape(row.Reason), row.Origin, Markup.Escape(Line(row.After.Length > 0 ? $"{row.Text} → {row.After}" : row.Text)));
            AnsiConsole.Write(table);
        }
    }

    static string Line(string text)
    {
        const int Longest = 120;
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= Longest ? line : line[..Longest] + "…";
    }
}
