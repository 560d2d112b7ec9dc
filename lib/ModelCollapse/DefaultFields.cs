using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace ModelCollapse;

/// <summary>Finds the fields of JSON that say no more than the default of their type.</summary>
static class DefaultFields
{
    /// <summary>Removes them, in the node itself and everything below.</summary>
    public static JsonNode? Remove(JsonNode? node, Type type, JsonSerializerOptions options)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (node is null || typeof(JsonNode).IsAssignableFrom(type)) return node;
        var info = options.GetTypeInfo(type);
        switch (node)
        {
            case JsonArray array when info.Kind == JsonTypeInfoKind.Enumerable:
                foreach (var element in array) Remove(element, info.ElementType!, options);
                break;
            case JsonObject map when info.Kind == JsonTypeInfoKind.Dictionary:
                foreach (var (_, value) in map) Remove(value, info.ElementType!, options);
                break;
            case JsonObject o when info.Kind == JsonTypeInfoKind.Object || info.PolymorphismOptions is not null:
                RemoveFrom(o, StrictJson.KindOf(o, info) is { } kind ? options.GetTypeInfo(kind) : info, type, options);
                break;
        }

        return node;
    }

    static void RemoveFrom(JsonObject o, JsonTypeInfo info, Type declared, JsonSerializerOptions options)
    {
        JsonPropertyInfo[] optional = [.. info.Properties.Where(p => p.Get is not null && !StrictJson.IsRequired(p) && o.ContainsKey(p.Name))];
        var bare = (JsonObject)o.DeepClone();
        foreach (var property in optional) bare.Remove(property.Name);
        // What the type makes of the required fields alone is what the others are by default.
        var defaults = (JsonObject)JsonSerializer.SerializeToNode(bare.Deserialize(declared, options), declared, options)!;
        foreach (var property in optional)
            if (JsonNode.DeepEquals(o[property.Name], defaults[property.Name])) o.Remove(property.Name);
        foreach (var property in info.Properties.Where(p => o[p.Name] is not null)) Remove(o[property.Name], property.PropertyType, options);
    }
}
