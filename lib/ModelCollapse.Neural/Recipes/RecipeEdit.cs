using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelCollapse.Recipes;

/// <summary>Changes to a recipe's JSON: one assignment, or the overrides of an arm.</summary>
static class RecipeEdit
{
    /// <summary>
    /// Merges <paramref name="overrides"/> into <paramref name="target"/>: objects field by field, everything else replaced. An object
    /// with another <c>kind</c> replaces the old one, because the settings of that would mean nothing to it.
    /// </summary>
    public static void Merge(JsonObject target, JsonObject overrides)
    {
        foreach (var (name, value) in overrides)
        {
            if (value is JsonObject child && target[name] is JsonObject old && !IsOfAnotherKind(child, old)) Merge(old, child);
            else target[name] = value?.DeepClone();
        }
    }

    /// <summary>Sets the field at <paramref name="path"/> to <paramref name="text"/>, read as the field's type demands.</summary>
    public static void Set(JsonObject recipe, string[] path, string text, string assignment)
    {
        JsonNode node = recipe;
        for (var i = 0; i < path.Length - 1; i++)
        {
            var child = StrictJson.Child(node, path[i]);
            if (child is null && node is JsonObject parent && TypeAt(path.AsSpan(0, i + 1)) is not null)
                parent[path[i]] = child = new JsonObject();
            else if (child is JsonValue name && TypeAt(path.AsSpan(0, i + 1)) is { } family && Spelt(name, family) is JsonObject spelt)
                name.ReplaceWith(child = spelt);
            node = child ?? throw NoField(path, assignment);
        }

        var value = Read(text, TypeAt(path));
        switch (node)
        {
            case JsonObject o when path[^1] == "kind" && o["kind"] is JsonValue old && old.ToString() != value?.ToString():
                o.Clear();
                o["kind"] = value;
                break;
            case JsonObject o:
                o[path[^1]] = value;
                break;
            case JsonArray a when int.TryParse(path[^1], out var i) && i >= 0 && i <= a.Count:
                if (i == a.Count) a.Add(value);
                else a[i] = value;
                break;
            default:
                throw NoField(path, assignment);
        }
    }

    /// <summary>Whether the overrides of an arm decide the field at <paramref name="path"/> whatever the recipe says.</summary>
    public static bool Overrides(JsonObject overrides, ReadOnlySpan<string> path) =>
        overrides.TryGetPropertyValue(path[0], out var value)
        && (path.Length == 1 || value is not JsonObject child || child.ContainsKey("kind") || Overrides(child, path[1..]));

    static bool IsOfAnotherKind(JsonObject child, JsonObject old) => child["kind"] is { } kind && kind.ToString() != old["kind"]?.ToString();

    /// <summary>The type of a field; those of an arm, a level of a factor and generation 0 are fields of the recipe and its training.</summary>
    static Type? TypeAt(ReadOnlySpan<string> path)
    {
        var own = path switch
        {
            ["arms", _, "set", .. var rest] => rest,
            ["factors", _, _, "set", .. var rest] => rest,
            _ => path,
        };
        return own is ["training", TrainingSection.BaseField, .. var field]
            ? field.IsEmpty ? typeof(JsonObject) : StrictJson.TypeAt(typeof(TrainingSection), field)
            : StrictJson.TypeAt(typeof(Recipe), own);
    }

    /// <summary>A kind that is given by its name alone, as the object that it is short for; anything else as it is.</summary>
    static JsonNode Spelt(JsonValue value, Type type) =>
        Kinds.IsFamily(type) && value.TryGetValue<string>(out var name) ? new JsonObject { [KindFamilyAttribute.Field] = name } : value;

    static JsonNode? Read(string text, Type? type)
    {
        if (type == typeof(string)) return text == "null" ? null : JsonValue.Create(text);
        try
        {
            var value = JsonNode.Parse(text);
            // One of the names of an enumeration may be 'true'.
            return type is { IsEnum: true } && value is JsonValue && value.GetValueKind() != JsonValueKind.String ? JsonValue.Create(text) : value;
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    static InputException NoField(string[] path, string assignment) =>
        new($"--set {assignment}: the recipe has no field '{string.Join('.', path)}'.");
}
