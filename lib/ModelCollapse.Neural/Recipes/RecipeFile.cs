using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelCollapse.Recipes;

/// <content>Reading, changing and resolving recipes.</content>
public sealed partial record Recipe
{
    /// <summary>Reads a recipe from a file, or from <c>data/recipes</c> by its name.</summary>
    /// <param name="pathOrName">Path of a JSON file, or the name of a recipe of this project.</param>
    /// <exception cref="InputException">There is no such recipe, or it is not valid.</exception>
    public static Recipe Load(string pathOrName)
    {
        var path = RecipeFolder.Find(pathOrName);
        return Parse(File.ReadAllText(path), $"Recipe {path}");
    }

    /// <summary>Reads a recipe from JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="document">What to call it in messages.</param>
    /// <exception cref="InputException">It is not valid; the message names the field.</exception>
    public static Recipe Parse(string json, string document = "The recipe") => FromJson(StrictJson.Parse(json, document), document);

    /// <summary>The recipe as JSON, with every default spelt out.</summary>
    public JsonObject ToJson() => (JsonObject)JsonSerializer.SerializeToNode(this, StrictJson.Options)!;

    /// <summary>The recipe with fields set, as <c>--set path=value</c> does. It is checked when all of them are.</summary>
    /// <param name="assignments">
    /// Each <c>path=value</c>: the path with dots (<c>training.learningRate</c>, <c>seeds.0</c>, <c>arms.B.policy.fraction</c>), the value as
    /// JSON or, for a text, plain. A new <c>policy.kind</c> discards the settings of the old one.
    /// </param>
    /// <exception cref="InputException">A path names no field, a value does not fit, or every arm overrides the field.</exception>
    public Recipe With(params IEnumerable<string> assignments)
    {
        var json = ToJson();
        foreach (var assignment in assignments)
        {
            var equals = assignment.IndexOf('=');
            if (equals < 1) throw new InputException($"'{assignment}' is not of the form path=value: write for example training.learningRate=1e-4.");
            var path = assignment[..equals].Trim().Replace("[", ".").Replace("]", "").Split('.');
            RefuseOverridden(path, assignment);
            RecipeEdit.Set(json, path, assignment[(equals + 1)..], assignment);
        }

        return FromJson(json, $"Recipe {Name} with {string.Join(", ", assignments)}");
    }

    /// <summary>One arm as a recipe of its own, without arms.</summary>
    /// <exception cref="InputException">There is no such arm.</exception>
    public Recipe Resolve(string arm)
    {
        if (!ArmNames.Contains(arm))
            throw new InputException($"Recipe {Name} has no arm '{arm}': did you mean '{NearestName.Of(arm, ArmNames)}'? Its arms are {string.Join(", ", ArmNames)}.");
        var resolved = Arms.Count == 0 ? this : ReadArm(ToJson(), arm, $"Recipe {Name}");
        resolved.CheckConsumed($"Recipe {Name}, arm {arm}");
        return resolved;
    }

    static Recipe FromJson(JsonObject json, string document)
    {
        var recipe = StrictJson.Read<Recipe>(json, document);
        recipe.CheckFamily(document);
        if (recipe.Arms.Count == 0) recipe.CheckConsumed(document);
        foreach (var arm in recipe.Arms.Keys) ReadArm(json, arm, document).CheckConsumed($"{document}, arm {arm}");
        return recipe;
    }

    static Recipe ReadArm(JsonObject family, string arm, string document)
    {
        var merged = (JsonObject)family.DeepClone();
        merged.Remove("arms");
        foreach (var shared in (string[])["name", "seeds", "arms"])
            if (((JsonObject)family["arms"]![arm]!).ContainsKey(shared))
                throw new InputException($"{document}: arm '{arm}' sets '{shared}', which all arms share: set it in the recipe itself.");
        RecipeEdit.Merge(merged, (JsonObject)family["arms"]![arm]!);
        return StrictJson.Read<Recipe>(merged, $"{document}, arm {arm}");
    }

    void RefuseOverridden(string[] path, string assignment)
    {
        if (path[0] == "arms" || Arms.Count == 0 || Arms.Values.Any(o => !RecipeEdit.Overrides(o, path))) return;
        throw new InputException(
            $"--set {assignment} would change nothing, because every arm of recipe {Name} sets its own {string.Join('.', path)}: write arms.{ArmNames[0]}.{assignment} instead.");
    }
}
