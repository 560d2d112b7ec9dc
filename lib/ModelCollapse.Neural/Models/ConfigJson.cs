using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelCollapse.Models;

/// <summary>A Hugging Face <c>config.json</c>, read with clear errors: of transformers 5 and of older versions.</summary>
public sealed class ConfigJson
{
    readonly JsonObject json;
    readonly string path;

    ConfigJson(JsonObject json, string path) => (this.json, this.path) = (json, path);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public static ConfigJson Read(string path)
    {
        try
        {
            var json = JsonNode.Parse(File.ReadAllText(path), documentOptions: new() { AllowDuplicateProperties = false }) as JsonObject ?? throw new JsonException("not an object");
            return new(json, path);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} is not a readable config.json ({e.Message}): download the model's folder again.", e);
        }
    }

    /// <summary>The architecture, <c>model_type</c>.</summary>
    public string ModelType => Text("model_type", "");

    /// <summary>A sub-object, null where there is none: the old style keeps some settings at the top, the new one in a sub-object.</summary>
    /// <param name="name">The field.</param>
    public ConfigJson? Section(string name) => json[name] is JsonObject section ? new(section, path) : null;

    /// <summary>A whole number.</summary>
    /// <param name="name">The field.</param>
    /// <param name="fallback">Its value where the file does not say.</param>
    /// <exception cref="InputException">It is missing without a fallback, or no whole number.</exception>
    public int Int(string name, int? fallback = null) => Value<int>(name) ?? fallback ?? throw Missing(name);

    /// <summary>A number.</summary>
    /// <param name="name">The field.</param>
    /// <param name="fallback">Its value where the file does not say.</param>
    /// <exception cref="InputException">It is no number.</exception>
    public double Double(string name, double fallback) => Value<double>(name) ?? fallback;

    /// <summary>True or false.</summary>
    /// <param name="name">The field.</param>
    /// <param name="fallback">Its value where the file does not say.</param>
    /// <exception cref="InputException">It is neither.</exception>
    public bool Bool(string name, bool fallback) => Value<bool>(name) ?? fallback;

    /// <summary>A text.</summary>
    /// <param name="name">The field.</param>
    /// <param name="fallback">Its value where the file does not say.</param>
    /// <exception cref="InputException">It is no text.</exception>
    public string Text(string name, string fallback) =>
        json[name] is not { } node ? fallback : node is JsonValue v && v.TryGetValue<string>(out var text) ? text : throw Wrong(name);

    /// <summary>A token id, the first of several; null where there is none.</summary>
    /// <param name="name">The field.</param>
    /// <exception cref="InputException">It is no id.</exception>
    public int? Id(string name) => json[name] is JsonArray { Count: > 0 } ? Ids(name)[0] : Value<int>(name);

    /// <summary>Token ids, one or several.</summary>
    /// <param name="name">The field.</param>
    /// <exception cref="InputException">One is no id.</exception>
    public int[] Ids(string name) => json[name] switch
    {
        null => [],
        JsonArray several => [.. several.Select(id => id is JsonValue v && v.TryGetValue<int>(out var value) ? value : throw Wrong(name))],
        _ => [Int(name)],
    };

    /// <summary>Refuses a setting that this code would not honour.</summary>
    /// <param name="name">The field.</param>
    /// <param name="supported">The only value that is built.</param>
    /// <exception cref="InputException">It has another value.</exception>
    public void Require(string name, string supported)
    {
        var value = Text(name, supported);
        if (value != supported)
            throw new InputException($"{path} asks for {name} \"{value}\", but only \"{supported}\" is built: use another checkpoint of this architecture.");
    }

    /// <summary>Refuses a setting that is present with any value but null.</summary>
    /// <param name="name">The field.</param>
    /// <exception cref="InputException">It is present.</exception>
    public void RequireAbsent(string name)
    {
        if (json[name] is { } value)
            throw new InputException($"{path} sets {name} to {value.ToJsonString()}, which is not built: use a checkpoint without it.");
    }

    T? Value<T>(string name) where T : struct
    {
        if (json[name] is not { } node) return null;
        return node is JsonValue v && v.TryGetValue<T>(out var value) ? value : throw Wrong(name);
    }

    InputException Missing(string name) => new($"{path} does not say \"{name}\": it is not the config.json of a model of this kind.");

    InputException Wrong(string name) => new($"{path} has {json[name]!.ToJsonString()} for \"{name}\", which is not a value of the right type.");
}
