using System.CommandLine;
using System.Globalization;
using ModelCollapse.Language;
using ModelCollapse.Models;
using ModelCollapse.Recipes;
using ModelCollapse.Reporting;
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
                table.AddRow(p.Name, p.Config is OptConfig ? "OPT" : "Llama", $"{p.Config.Layers} × {p.Config.Width}", $"{p.Config.VocabularySize}", string.Create(CultureInfo.InvariantCulture, $"{p.Config.ParameterCount / 1e6:F1} M"), Markup.Escape(p.Purpose));
            AnsiConsole.Write(table);
        });
        return command;
    }
}

/// <summary><c>collapse recipes</c>: the experiments of this project.</summary>
static class RecipesCommand
{
    public static Command Create()
    {
        var command = new Command("recipes", "Lists the recipes of this project.");
        command.SetAction(_ =>
        {
            var table = new Table().RoundedBorder().AddColumns("recipe", "arms", "seeds", "what for");
            foreach (var recipe in RecipeFolder.Names.Select(Recipe.Load)) table.AddRow(recipe.Name, Markup.Escape(string.Join(", ", recipe.ArmNames)), $"{recipe.Seeds.Count}", Markup.Escape(recipe.Description));
            AnsiConsole.Write(table);
        });
        return command;
    }
}
