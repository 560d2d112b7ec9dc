using System.Collections;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.Recipes;

/// <summary>What a program put in place of a recipe's own parts, as part of the identity of its runs: name, settings, and the hash of the code.</summary>
static class Replacements
{
    /// <summary>Beginning of <see cref="Replacement.What"/> of a curator of the real data, which generation 0 depends on.</summary>
    public const string RealCurator = "curator of the real data";

    /// <summary>The differences of a study to the one that was opened.</summary>
    public static IReadOnlyList<Replacement> Of(TextStudy opened, TextStudy now, long seed)
    {
        List<Replacement> found = [];
        if (!ReferenceEquals(opened.Model, now.Model)) found.Add(OfModel(now.Model, seed));
        if (!opened.Policy.Equals(now.Policy)) found.Add(Describe("policy", now.Policy));
        if (!opened.Curators.SequenceEqual(now.Curators))
        {
            found.AddRange(now.Curators.Select((c, i) => Describe($"{(c.At == CurationPlace.Real ? RealCurator : "curator")} {i}", c)));
            if (now.Curators.Count == 0) found.Add(new("curators", "none", [], ""));
        }

        found.AddRange(now.Metrics.Where(m => !opened.Metrics.Contains(m)).Select(m => Describe($"metric {m.Name}", m)));
        found.AddRange(opened.Metrics.Where(m => !now.Metrics.Contains(m)).Select(m => new Replacement($"without metric {m.Name}", "none", [], "")));
        return found;
    }

    /// <summary>The hashes of the assemblies, other than this library's, whose kinds a recipe names.</summary>
    public static IEnumerable<KeyValuePair<string, string>> CodeOf(Recipe recipe)
    {
        object[] parts = [recipe.Policy, recipe.Data.Corpus, .. recipe.Curators, .. recipe.Metrics, .. recipe.Sampling.Decoding.Rules, .. recipe.Model.Shape is { } shape ? (object[])[shape] : []];
        return parts.Select(p => p.GetType().Assembly).Distinct().Where(a => a != typeof(Kinds).Assembly && a != typeof(Replacements).Assembly)
            .Select(a => KeyValuePair.Create($"code.{a.GetName().Name}", HashOf(a)));
    }

    static Replacement OfModel(Func<long, IGenerativeModel<int[]>> make, long seed)
    {
        var model = make(seed);
        using var disposed = model as IDisposable;
        var described = Describe("model", model);
        // The code that makes it may lie in another assembly than the model.
        return described with { AssemblyHash = string.Join('+', new[] { described.AssemblyHash, HashOf(make.Method.Module.Assembly) }.Distinct()) };
    }

    static Replacement Describe(string what, object part) => new(what, part.GetType().FullName ?? part.GetType().Name, SettingsOf(part), HashOf(part.GetType().Assembly));

    /// <summary>Every field, of base types too, that is a number, a text, a truth, an enumeration, or a list of such.</summary>
    static JsonObject SettingsOf(object part)
    {
        var settings = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        for (var type = part.GetType(); type is not null && type != typeof(object); type = type.BaseType)
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                if (AsText(field.GetValue(part)) is { } text) settings[NameOf(field)] = text;
        return new(settings);
    }

    /// <summary>Compilers call the field of a property <c>&lt;Name&gt;k__BackingField</c> and that of a captured parameter <c>&lt;name&gt;P</c>.</summary>
    static string NameOf(FieldInfo field) => field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>')] : field.Name;

    static string? AsText(object? value) => value switch
    {
        string text => text,
        IFormattable number and (IConvertible or Enum) => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        IEnumerable list => string.Join(',', list.Cast<object?>().Take(1000).Select(AsText)),
        _ => null,
    };

    static string HashOf(Assembly assembly)
    {
        if (assembly.Location.Length > 0) return AtomicFolder.HashOf(assembly.Location);
        // An assembly that is in memory alone, such as that of a notebook's cell, is told by its module version.
        return Convert.ToHexStringLower(SHA256.HashData(assembly.ManifestModule.ModuleVersionId.ToByteArray()));
    }
}
