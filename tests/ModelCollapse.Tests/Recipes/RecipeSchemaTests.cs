using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using ModelCollapse.Recipes;

namespace ModelCollapse.Tests.Recipes;

/// <summary>The JSON schema says of recipes what the reader says.</summary>
public class RecipeSchemaTests
{
    // Kinds of the tests are registered by other tests: what is committed is the schema of a fresh program.
    static readonly JsonSchema Schema = JsonSchema.FromText(File.ReadAllText(Repository.PathOf("data/recipe.schema.json")));

    [Fact]
    public void The_committed_schema_is_what_the_program_prints()
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("dotnet", [typeof(ModelCollapse.Cli.Plan).Assembly.Location, "recipes", "--schema"]) { RedirectStandardOutput = true })!;
        Assert.Equal(File.ReadAllText(Repository.PathOf("data/recipe.schema.json")), process.StandardOutput.ReadToEnd());
    }

    public static TheoryData<string> Recipes => [.. Directory.EnumerateFiles(Repository.PathOf("data/recipes"), "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Recipes))]
    public void Every_recipe_is_valid_by_it_as_it_is_written_and_with_every_default_spelt_out(string name)
    {
        Assert.Equal("", Faults(JsonNode.Parse(File.ReadAllText(RecipeFolder.Find(name)))!));
        Assert.Equal("", Faults(Recipe.Load(name).ToJson()));
    }

    [Theory]
    [InlineData("training.epochs", "-1")]
    [InlineData("training.epoch", "1")]
    [InlineData("data.blockLength", "1")]
    [InlineData("data.corpus", "\"no such corpus\"")]
    [InlineData("sampling.decoding.topP", "1.5")]
    [InlineData("sampling.decoding.topP", "0")]
    [InlineData("policy", "{ \"kind\": \"PreserveFraction\" }")]
    [InlineData("metrics", "[ { \"kind\": \"perplexity\", \"token\": 1 } ]")]
    public void What_the_reader_refuses_it_refuses(string path, string value)
    {
        var recipe = (JsonObject)JsonNode.Parse(File.ReadAllText(RecipeFolder.Find("wikitext2-mini")))!;
        var place = recipe;
        var fields = path.Split('.');
        foreach (var field in fields[..^1]) place = (JsonObject)place[field]!;
        place[fields[^1]] = JsonNode.Parse(value);

        Assert.NotEqual("", Faults(recipe));
        Assert.Throws<InputException>(() => Recipe.Parse(recipe.ToJsonString()));
    }

    [Fact]
    public void Fields_carry_their_documentation_and_editors_know_the_schema()
    {
        var schema = RecipeSchema.Create();
        Assert.Equal("Tokens per block; 64 in Shumailov et al. 2024. Range: at least 2.", (string?)schema["properties"]!["data"]!["properties"]!["blockLength"]!["description"]);
        var settings = JsonNode.Parse(File.ReadAllText(Repository.PathOf(".vscode/settings.json")))!;
        Assert.True(File.Exists(Repository.PathOf(((string)settings["json.schemas"]![0]!["url"]!)[2..])));
    }

    /// <summary>What is wrong; empty where nothing is.</summary>
    static string Faults(JsonNode recipe)
    {
        using var document = JsonDocument.Parse(recipe.ToJsonString());
        var found = Schema.Evaluate(document.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        if (found.IsValid) return "";
        var faults = (found.Details ?? []).Where(d => d.Errors is { Count: > 0 }).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}"));
        return string.Join('\n', faults.DefaultIfEmpty("not valid"));
    }
}
