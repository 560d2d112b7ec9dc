using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using ModelCollapse.Recipes;
using Spectre.Console;

namespace ModelCollapse.Cli.Commands;

/// <summary><c>collapse recipes</c>: the experiments of this project, or the JSON schema of recipes.</summary>
static class RecipesCommand
{
    public static Command Create()
    {
        var schema = new Option<bool>("--schema") { Description = "Prints the JSON schema of recipes, for editors." };
        var command = new Command("recipes", "Lists the recipes of this project.") { schema };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(schema))
            {
                Console.WriteLine(RecipeSchema.Create().ToJsonString(new(JsonSerializerDefaults.General) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
                return;
            }

            var table = new Table().RoundedBorder().AddColumns("recipe", "arms", "seeds", "what for");
            foreach (var recipe in RecipeFolder.Names.Select(name => Recipe.Load(name)))
                table.AddRow(recipe.Name, Markup.Escape(string.Join(", ", recipe.ArmNames)), $"{recipe.Seeds.Count}", Markup.Escape(recipe.Description));
            AnsiConsole.Write(table);
        });
        return command;
    }
}
