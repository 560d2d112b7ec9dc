using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ModelCollapse;

/// <summary>JSON as recipes and runs use it: camel case, enums by their documented names, kinds by theirs, and messages that name the field.</summary>
static class StrictJson
{
    static readonly Lock Gate = new();
    static (int Version, JsonSerializerOptions Indented, JsonSerializerOptions OneLine)? made;

    /// <summary>How everything is read and written: with the kinds that are registered now.</summary>
    public static JsonSerializerOptions Options => Made().Indented;

    /// <summary>As <see cref="Options"/>, on one line.</summary>
    public static JsonSerializerOptions OneLine => Made().OneLine;

    static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    static (int Version, JsonSerializerOptions Indented, JsonSerializerOptions OneLine) Made()
    {
        lock (Gate)
        {
            if (made is { } now && now.Version == Kinds.Version) return now;
            var options = Create();
            made = (Kinds.Version, options, new(options) { WriteIndented = false });
            return made.Value;
        }
    }

    static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.General)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowOutOfOrderMetadataProperties = true,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            WriteIndented = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { TellKindsApart, OnlySettings } },
        };
        options.MakeReadOnly();
        return options;
    }

    /// <summary>A family is polymorphic over its kinds.</summary>
    static void TellKindsApart(JsonTypeInfo info)
    {
        if (!Kinds.IsFamily(info.Type) || Kinds.Of(info.Type).Count == 0) return;
        info.PolymorphismOptions = new() { TypeDiscriminatorPropertyName = KindFamilyAttribute.Field, UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization };
        foreach (var (name, type) in Kinds.Of(info.Type)) info.PolymorphismOptions.DerivedTypes.Add(new(type, name));
    }

    /// <summary>Of a kind only what can be set is a setting; what it says of itself is not.</summary>
    static void OnlySettings(JsonTypeInfo info)
    {
        if (info.Kind != JsonTypeInfoKind.Object || Kinds.NameOf(info.Type) is null) return;
        foreach (var computed in info.Properties.Where(p => p.Set is null && p.AssociatedParameter is null).ToList()) info.Properties.Remove(computed);
    }

    /// <summary>Parses text into an object; comments and trailing commas are allowed.</summary>
    public static JsonObject Parse(string text, string document)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Lenient) as JsonObject ?? throw new InputException($"{document} is not a JSON object: it must begin with '{{'.");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InputException($"{document} is not valid JSON: {e.Message}", e);
        }
    }

    /// <summary>Checks the shape of <paramref name="node"/> against <typeparamref name="T"/>, field by field, and reads it.</summary>
    /// <param name="node">The JSON.</param>
    /// <param name="document">What to call it in messages.</param>
    /// <param name="path">Path of the node in the document; empty for the whole.</param>
    public static T Read<T>(JsonNode node, string document, string path = "")
    {
        node = Spelt(node.DeepClone(), typeof(T))!;
        Check(node, typeof(T), nullable: false, path, document);
        try
        {
            return node.Deserialize<T>(Options)!;
        }
        catch (JsonException e)
        {
            throw new InputException($"{document}: {e.Message}", e);
        }
    }

    /// <summary>A value as JSON, every default spelt out.</summary>
    public static JsonObject Write<T>(T value) => (JsonObject)JsonSerializer.SerializeToNode(value, Options)!;

    /// <summary>The same JSON without the fields that have their default: what is left decides, whatever optional fields are added later.</summary>
    /// <param name="node">JSON of a <typeparamref name="T"/> that <see cref="Read"/> accepts.</param>
    public static JsonObject WithoutDefaults<T>(JsonObject node) => (JsonObject)DefaultFields.Remove(node.DeepClone(), typeof(T), Options)!;

    /// <summary>The type of the field at a path, or null where the path names no field of a known type.</summary>
    public static Type? TypeAt(Type type, ReadOnlySpan<string> path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (path.IsEmpty) return type;
        var (info, name) = (Options.GetTypeInfo(type), path[0]);
        var fields = info.PolymorphismOptions is { } polymorphism
            ? polymorphism.DerivedTypes.SelectMany(d => Options.GetTypeInfo(d.DerivedType).Properties)
            : info.Properties;
        var next = info.Kind is JsonTypeInfoKind.Dictionary or JsonTypeInfoKind.Enumerable
            ? info.ElementType
            : fields.FirstOrDefault(p => p.Name == name)?.PropertyType;
        return next is null ? null : TypeAt(next, path[1..]);
    }

    /// <summary>The same with every kind that is given by its name alone, <c>"perplexity"</c>, as an object, <c>{ "kind": "perplexity" }</c>.</summary>
    static JsonNode? Spelt(JsonNode? node, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (node is null || typeof(JsonNode).IsAssignableFrom(type)) return node;
        if (Kinds.IsFamily(type) && node is JsonValue value && value.TryGetValue<string>(out var name)) return new JsonObject { [KindFamilyAttribute.Field] = name };
        var info = Options.GetTypeInfo(type);
        switch (node)
        {
            case JsonObject o when info.Kind == JsonTypeInfoKind.Dictionary:
                foreach (var (key, child) in o.ToList()) Replace(child, info.ElementType!, spelt => o[key] = spelt);
                break;
            case JsonObject o when info.PolymorphismOptions is not null || info.Kind == JsonTypeInfoKind.Object:
                var fields = (KindOf(o, info) is { } kind ? Options.GetTypeInfo(kind) : info).Properties;
                foreach (var field in fields.Where(f => o[f.Name] is not null)) Replace(o[field.Name], field.PropertyType, spelt => o[field.Name] = spelt);
                break;
            case JsonArray a when info.Kind == JsonTypeInfoKind.Enumerable:
                for (var i = 0; i < a.Count; i++) Replace(a[i], info.ElementType!, spelt => a[i] = spelt);
                break;
        }

        return node;

        static void Replace(JsonNode? child, Type type, Action<JsonNode?> set)
        {
            var spelt = Spelt(child, type);
            if (!ReferenceEquals(spelt, child)) set(spelt);
        }
    }

    /// <summary>The type that an object of a family names; null where it names none that is known, and for other types.</summary>
    public static Type? KindOf(JsonObject o, JsonTypeInfo info) =>
        info.PolymorphismOptions is { } polymorphism && o[polymorphism.TypeDiscriminatorPropertyName] is JsonValue v && v.TryGetValue<string>(out var name)
            ? polymorphism.DerivedTypes.FirstOrDefault(d => (string)d.TypeDiscriminator! == name) is { DerivedType: { } type } ? type : null
            : null;

    /// <summary>The member or element of a node, or null.</summary>
    public static JsonNode? Child(JsonNode? node, string name) => node switch
    {
        JsonObject o => o[name],
        JsonArray a when int.TryParse(name, out var i) && i >= 0 && i < a.Count => a[i],
        _ => null,
    };

    /// <summary>Whether a field has no default.</summary>
    public static bool IsRequired(JsonPropertyInfo field) => field.IsRequired || field.AssociatedParameter is { HasDefaultValue: false };

    static void Check(JsonNode? node, Type type, bool nullable, string path, string document)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying) (type, nullable) = (underlying, true);
        if (node is null)
        {
            if (nullable) return;
            throw new InputException($"{document}: {Named(path)} is null but needs {Describe(type)}.");
        }

        if (typeof(JsonNode).IsAssignableFrom(type))
        {
            if (!type.IsInstanceOfType(node)) throw Wrong(node, type, path, document);
            return;
        }

        var info = InfoOf(node, type, path, document);
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object:
                CheckObject(node, type, info, path, document);
                break;
            case JsonTypeInfoKind.Dictionary:
                if (node is not JsonObject map) throw Wrong(node, type, path, document);
                foreach (var (name, value) in map) Check(value, info.ElementType!, nullable: false, Join(path, name), document);
                break;
            case JsonTypeInfoKind.Enumerable:
                if (node is not JsonArray array) throw Wrong(node, type, path, document);
                for (var i = 0; i < array.Count; i++) Check(array[i], info.ElementType!, nullable: false, $"{path}[{i}]", document);
                break;
            default:
                CheckValue(node, type, path, document);
                break;
        }
    }

    static void CheckObject(JsonNode node, Type type, JsonTypeInfo info, string path, string document)
    {
        if (node is not JsonObject o) throw Wrong(node, type, path, document);
        var fields = info.Properties.Where(p => p.Get is not null).ToDictionary(p => p.Name);
        foreach (var (name, value) in o)
        {
            if (info.Type != type && name == Discriminator(type)) continue;
            if (!fields.TryGetValue(name, out var field))
                throw new InputException(
                    $"{document} has no field '{Join(path, name)}': {(NearestName.Of(name, fields.Keys) is { } nearest ? $"did you mean '{Join(path, nearest)}'?" : "it takes no fields.")}");
            Check(value, field.PropertyType, field.IsSetNullable || field.AssociatedParameter is { IsNullable: true }, Join(path, name), document);
            CheckRange(value, field, Join(path, name), document);
        }

        foreach (var field in fields.Values)
            if (IsRequired(field) && !o.ContainsKey(field.Name))
                throw new InputException($"{document} lacks the field '{Join(path, field.Name)}': give it {Describe(field.PropertyType)}.");
    }

    /// <summary>A range is written once, as an attribute of the field.</summary>
    static void CheckRange(JsonNode? node, JsonPropertyInfo field, string path, string document)
    {
        if (node is null || field.AttributeProvider?.GetCustomAttributes(typeof(RangeAttribute), inherit: true) is not [RangeAttribute range, ..]) return;
        if (node is JsonValue value && value.TryGetValue<double>(out var number) && !Allowed(range).Contains(number))
            throw new InputException($"{document}: {Named(path)} is {node.ToJsonString()} but must be {Allowed(range)}.");
    }

    internal static NumberRange Allowed(RangeAttribute range) => new(
        Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture), Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture), range.MinimumIsExclusive, range.MaximumIsExclusive);

    static void CheckValue(JsonNode node, Type type, string path, string document)
    {
        try
        {
            node.Deserialize(type, Options);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw Wrong(node, type, path, document);
        }
    }

    static JsonTypeInfo InfoOf(JsonNode? node, Type type, string path = "", string document = "The recipe")
    {
        var info = Options.GetTypeInfo(type);
        if (info.PolymorphismOptions is not { } polymorphism || node is not JsonObject o) return info;
        if (KindOf(o, info) is { } derived) return Options.GetTypeInfo(derived);
        string[] kinds = [.. polymorphism.DerivedTypes.Select(d => (string)d.TypeDiscriminator!)];
        var field = Join(path, polymorphism.TypeDiscriminatorPropertyName);
        throw new InputException(o[polymorphism.TypeDiscriminatorPropertyName] is JsonValue kind && kind.TryGetValue<string>(out var name)
            ? $"{document}: {Named(field)} is '{name}' but must be one of {string.Join(", ", kinds)}: did you mean '{NearestName.Of(name, kinds)}'?"
            : $"{document} lacks the field '{field}': give it one of {string.Join(", ", kinds)}.");
    }

    static string? Discriminator(Type type) => Options.GetTypeInfo(type).PolymorphismOptions?.TypeDiscriminatorPropertyName;

    static InputException Wrong(JsonNode node, Type type, string path, string document) =>
        new($"{document}: {Named(path)} is {node.ToJsonString()} but needs {Describe(type)}.");

    static string Describe(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum) return "one of " + string.Join(", ", Enum.GetValues(type).Cast<object>().Select(v => JsonSerializer.SerializeToNode(v, type, Options)!.GetValue<string>()));
        if (type == typeof(string)) return "a text";
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(int) || type == typeof(long)) return "a whole number";
        if (type == typeof(double)) return "a number";
        return Options.GetTypeInfo(type).Kind switch
        {
            JsonTypeInfoKind.Enumerable => "a list",
            // What has a converter of its own is written as a text.
            JsonTypeInfoKind.None => "a text",
            _ => "an object",
        };
    }

    static string Named(string path) => path.Length == 0 ? "the whole" : $"'{path}'";

    static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
