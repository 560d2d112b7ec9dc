using System.Security.Cryptography;
using System.Text.Json;

namespace ModelCollapse.ClosedForm;

/// <summary>The parameters of a model with a closed form, as JSON in its checkpoint folder.</summary>
static class ParametersFile
{
    /// <summary>Writes <c>&lt;folder&gt;/&lt;name&gt;.json</c>.</summary>
    public static void Write<T>(string folder, string name, T parameters) => File.WriteAllText(PathOf(folder, name), JsonSerializer.Serialize(parameters));

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InputException">The file is missing or is something else.</exception>
    public static T Read<T>(string folder, string name)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(PathOf(folder, name))) ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new InputException($"{PathOf(folder, name)} does not hold the parameters of a {name} ({e.Message}): restore it, or fit again.", e);
        }
    }

    /// <summary>A short name of parameters, for the origin of what a model writes.</summary>
    public static string Hash<T>(T parameters) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(parameters)))[..16];

    static string PathOf(string folder, string name) => Path.Combine(folder, $"{name}.json");
}
