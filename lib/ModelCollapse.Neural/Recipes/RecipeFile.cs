using System.Reflection;
using System.Text.Json.Nodes;

namespace ModelCollapse.Recipes;

/// <content>Reading, changing and resolving recipes.</content>
public sealed partial record Recipe
{
    /// <summary>Reads a recipe from a file, or from <c>data/recipes</c> by its name.</summary>
    /// <param name="pathOrName">Path of a JSON file, or the name of a recipe of this project.</param>
    /// <param name="kinds">Assemblies with kinds of your own that it names.</param>
    /// <exception cref="InputException">There is no such recipe, or it is not valid.</exception>
    public static Recipe Load(string pathOrName, params IReadOnlyList<Assembly> kinds)
    {
        foreach (var assembly in kinds) Kinds.Register(assembly);
        var path = RecipeFolder.Find(pathOrName);
        return Parse(File.ReadAllText(path), $"Recipe {path}");
    }

    /// <summary>Reads a recipe from JSON text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="document">What to call it in messages.</param>
    /// <exception cref="InputException">It is not valid; the message names the field.</exception>
    public static Recipe Parse(string json, string document = "The recipe") => FromJson(StrictJson.Parse(json, document), document);

    /// <summary>The recipe as JSON, with every default spelt out.</summary>
    public JsonObject ToJson() => StrictJson.Write(this);

    /// <summary>The recipe with fields set, as <c>--set path=value</c> does. It is checked when all of them are.</summary>
    /// <param name="assignments">
    /// Each <c>path=value</c>: the path with dots (<c>training.learningRate</c>, <c>seeds.0</c>, <c>arms.B.set.policy.fraction</c>), the value as
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

    /// <summary>One arm as a recipe of its own, without factors and arms.</summary>
    /// <exception cref="InputException">There is no such arm.</exception>
    public Recipe Resolve(string arm)
    {
        var resolved = ReadArm(ToJson(), ArmOf(arm), $"Recipe {Name}");
        resolved.CheckConsumed($"Recipe {Name}, arm {arm}");
        return resolved;
    }

    /// <summary>The arm of a name.</summary>
    /// <exception cref="InputException">There is no such arm.</exception>
    public Arm ArmOf(string name) => AllArms.FirstOrDefault(a => a.Name == name) ?? throw new InputException(
        $"Recipe {Name} has no arm '{name}': did you mean '{NearestName.Of(name, ArmNames)}'? Its arms are {string.Join(", ", ArmNames)}.");

    /// <summary>The settings of a resolved recipe that decide its results, without those that have their default.</summary>
    internal JsonObject Decisive()
    {
        var decisive = StrictJson.WithoutDefaults<Recipe>(ToJson());
        foreach (var free in (string[])["name", "description", "generations", "keepCheckpoints", "seeds", "arms", "factors", "control"]) decisive.Remove(free);
        return decisive;
    }

    /// <summary>The same with full paths: paths in a recipe are relative to where it is started, and resuming may happen elsewhere.</summary>
    public Recipe WithFullPaths() => this with { Data = Data with { Corpus = Data.Corpus.WithFullPaths() }, Model = Model.WithFullPaths() };

    static Recipe FromJson(JsonObject json, string document)
    {
        var recipe = StrictJson.Read<Recipe>(json, document);
        recipe.CheckFamily(document);
        var spelt = recipe.ToJson();
        foreach (var arm in recipe.AllArms) ReadArm(spelt, arm, document).CheckConsumed(recipe.AllArms.Count == 1 ? document : $"{document}, arm {arm.Name}");
        return recipe;
    }

    static Recipe ReadArm(JsonObject family, Arm arm, string document)
    {
        var merged = (JsonObject)family.DeepClone();
        foreach (var field in (string[])["arms", "factors", "control"]) merged.Remove(field);
        foreach (var shared in (string[])["name", "seeds", "arms", "factors", "control"])
            if (arm.Set.ContainsKey(shared)) throw new InputException($"{document}: arm '{arm.Name}' sets '{shared}', which all arms share: set it in the recipe itself.");
        RecipeEdit.Merge(merged, arm.Set);
        return StrictJson.Read<Recipe>(merged, arm.Set.Count == 0 ? document : $"{document}, arm {arm.Name}");
    }

    void RefuseOverridden(string[] path, string assignment)
    {
        if (path[0] is "arms" or "factors" || AllArms.Any(arm => !RecipeEdit.Overrides(arm.Set, path))) return;
        var place = Factors.SelectMany(f => f.Value.Where(l => RecipeEdit.Overrides(l.Value.Set, path)).Select(l => $"factors.{f.Key}.{l.Key}")).Concat(Arms.Keys.Select(a => $"arms.{a}")).First();
        throw new InputException(
            $"--set {assignment} would change nothing, because every arm of recipe {Name} sets its own {string.Join('.', path)}: write {place}.set.{assignment} instead.");
    }
}
