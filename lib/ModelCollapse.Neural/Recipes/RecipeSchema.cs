using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ModelCollapse.Recipes;

/// <summary>The JSON schema of recipes, from the types themselves: fields, ranges, kinds, and what the documentation says of each.</summary>
public static partial class RecipeSchema
{
    /// <summary>The schema, with the kinds that are registered now.</summary>
    public static JsonObject Create()
    {
        var documentation = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var assembly in Kinds.Assemblies) ReadDocumentation(assembly, documentation);
        var schema = (JsonObject)StrictJson.Options.GetJsonSchemaAsNode(typeof(Recipe), new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = (context, node) => Describe(context, node, documentation) });
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema";
        schema["title"] = "A recipe of this project";
        return schema;
    }

    static JsonNode Describe(JsonSchemaExporterContext context, JsonNode node, Dictionary<string, string> documentation)
    {
        if (node is not JsonObject schema) return node;
        if (context.PropertyInfo is { AttributeProvider: MemberInfo member })
        {
            if (documentation.TryGetValue($"P:{member.DeclaringType!.FullName}.{member.Name}", out var text)) schema.Insert(0, "description", text);
            if (member.GetCustomAttribute<RangeAttribute>() is { } range) AddRange(schema, StrictJson.Allowed(range));
        }

        if (!Kinds.IsFamily(context.TypeInfo.Type) || context.BaseTypeInfo is not null) return schema;
        // One without settings may be given by its name alone.
        return new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["enum"] = new JsonArray([.. Kinds.Of(context.TypeInfo.Type).Keys.Select(k => (JsonNode)k)]) }, schema) };
    }

    static void AddRange(JsonObject schema, NumberRange range)
    {
        if (range.HasLeast) schema[range.Above ? "exclusiveMinimum" : "minimum"] = range.Least;
        if (range.HasMost) schema[range.Below ? "exclusiveMaximum" : "maximum"] = range.Most;
    }

    /// <summary>The summaries that the compiler wrote beside an assembly, by the name of their member.</summary>
    static void ReadDocumentation(Assembly assembly, Dictionary<string, string> documentation)
    {
        if (assembly.Location.Length == 0 || Path.ChangeExtension(assembly.Location, ".xml") is not { } file || !File.Exists(file)) return;
        foreach (var member in XDocument.Load(file).Descendants("member"))
            if (member.Attribute("name")?.Value is { } name && member.Element("summary") is { } summary)
                documentation[name] = Blanks().Replace(TextOf(summary), " ").Trim();
    }

    /// <summary>A reference reads as the last part of its name.</summary>
    static string TextOf(XElement element) => string.Concat(element.Nodes().Select(node => node switch
    {
        XElement { Name.LocalName: "see" } see => (see.Attribute("cref")?.Value ?? "").Split('.', ':')[^1],
        XElement inner => TextOf(inner),
        _ => node.ToString(),
    }));

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
