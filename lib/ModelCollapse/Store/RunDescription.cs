using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ModelCollapse.Store;

/// <summary>What a run is: everything that decides its bytes, and where it was begun. Stored as <c>run.json</c>.</summary>
public sealed record RunDescription
{
    /// <summary>File name in the folder of a run.</summary>
    public const string FileName = "run.json";

    /// <summary>Name of the arm of a recipe without arms.</summary>
    public const string OnlyArm = "main";

    /// <summary>Name of the recipe.</summary>
    public required string Recipe { get; init; }

    /// <summary>Name of the arm.</summary>
    public required string Arm { get; init; }

    /// <summary>Seed of the run.</summary>
    public required long Seed { get; init; }

    /// <summary>What the arm is called in figures and tables; null for its name.</summary>
    public string? Label { get; init; }

    /// <summary>The level of each factor that the arm stands for: <c>policy</c> → <c>replace</c>, <c>decoding</c> → <c>beams</c>. Empty where the recipe has none.</summary>
    public IReadOnlyDictionary<string, string> Factors { get; init; } = new Dictionary<string, string>();

    /// <summary>What each of these levels is called in figures and tables: <c>policy</c> → <c>10 % real</c>; a level that is missing is called by its name. Null where all are.</summary>
    public IReadOnlyDictionary<string, string>? LevelLabels { get; init; }

    /// <summary>Name of the arm that it is compared with; null for an arm that is a control itself.</summary>
    public string? Control { get; init; }

    /// <summary>What the numbers of the run mean, by the name of their metric.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<MetricNumber>> Numbers { get; init; } = new Dictionary<string, IReadOnlyList<MetricNumber>>();

    /// <summary>What was put in place of the recipe's own model, policy, curators and metrics by a program: name, settings and hash of the assembly of each. Empty for a run of the recipe as it is.</summary>
    public IReadOnlyList<Replacement> Replaced { get; init; } = [];

    /// <summary>The resolved recipe, every default spelt out.</summary>
    public required JsonObject Settings { get; init; }

    /// <summary>The settings that decide the results, without those that have their default; null for an experiment whose <see cref="Settings"/> all do.</summary>
    public JsonObject? Identity { get; init; }

    /// <summary>SHA-256 of the inputs by name, for example <c>data.train</c>, <c>weights</c>, <c>tokenizer</c>.</summary>
    public IReadOnlyDictionary<string, string> Hashes { get; init; } = new Dictionary<string, string>();

    /// <summary>The machine and the code that began the run.</summary>
    public Machine Machine { get; init; } = Machine.This;

    /// <summary>When it was begun.</summary>
    public DateTime Started { get; init; } = DateTime.UtcNow;

    internal string ToText() => JsonSerializer.Serialize(this, StrictJson.Options) + "\n";

    internal static RunDescription Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<RunDescription>(File.ReadAllText(path), StrictJson.Options)!;
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new InputException($"{path} does not describe a run ({e.Message}): delete the folder, or restore the file.", e);
        }
    }

    /// <summary>In what another description differs, one entry per field; empty if a run can go on under it.</summary>
    internal IReadOnlyList<string> DifferencesTo(RunDescription now)
    {
        var differences = new List<string>();
        Compare("", Decisive(), now.Decisive());
        return differences;

        void Compare(string path, JsonNode? stored, JsonNode? asked)
        {
            if (stored is JsonObject a && asked is JsonObject b)
            {
                foreach (var name in a.Select(p => p.Key).Union(b.Select(p => p.Key)))
                    Compare(path.Length == 0 ? name : $"{path}.{name}", a[name], b[name]);
                return;
            }

            var (was, isNow) = (Text(stored), Text(asked));
            if (was != isNow) differences.Add($"{path} was {was} and is now {isNow}");
        }

        static string Text(JsonNode? node) => node?.ToJsonString(StrictJson.Options) ?? "null";
    }

    /// <summary>SHA-256 of everything that decides the results: settings that are not their default, inputs, replacements.</summary>
    [JsonIgnore]
    public string IdentityHash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sorted(Decisive())!.ToJsonString())));

    JsonObject Decisive()
    {
        var decisive = (JsonObject)(Identity ?? Settings).DeepClone();
        var hashes = new JsonObject();
        foreach (var (name, hash) in Hashes) hashes[name] = hash;
        decisive["hash"] = hashes;
        if (Replaced.Count > 0) decisive["replaced"] = JsonSerializer.SerializeToNode(Replaced, StrictJson.Options);
        return decisive;
    }

    static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}

/// <summary>Something of a recipe that a program replaced by a type of its own.</summary>
/// <param name="What">What: <c>model</c>, <c>policy</c>, <c>curator 0</c>, <c>metric mine</c>.</param>
/// <param name="Type">Full name of the type.</param>
/// <param name="Settings">Its settings, as far as they can be read.</param>
/// <param name="AssemblyHash">SHA-256 of the assembly that it is in: changed code is another run.</param>
public sealed record Replacement(string What, string Type, JsonObject Settings, string AssemblyHash);
