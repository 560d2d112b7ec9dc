using System.CommandLine;
using System.Globalization;
using ModelCollapse.Language;
using Spectre.Console;

namespace ModelCollapse.Cli.Commands;

/// <summary><c>collapse presets</c>: the model scales.</summary>
static class PresetsCommand
{
    public static Command Create()
    {
        var command = new Command("presets", "Lists the model presets.");
        command.SetAction(_ =>
        {
            var table = new Table().RoundedBorder().AddColumns("preset", "architecture", "layers × width", "vocabulary", "parameters", "purpose");
            foreach (var p in ModelPresets.All)
                table.AddRow(p.Name, Kinds.NameOf(p.Config.GetType())!, $"{p.Config.Layers} × {p.Config.Width}", $"{p.Config.VocabularySize}", string.Create(CultureInfo.InvariantCulture, $"{p.Config.ParameterCount / 1e6:F1} M"), Markup.Escape(p.Purpose));
            AnsiConsole.Write(table);
        });
        return command;
    }
}
