using System.Text.Json;
using ModelCollapse.Generations;

namespace ModelCollapse.Results;

/// <summary>A JSON file that a metric wrote beside its numbers, such as a histogram or decoded samples.</summary>
/// <param name="Recipe">Name of the recipe.</param>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Generation">The generation.</param>
/// <param name="File">Its file name.</param>
/// <param name="Content">What is in it.</param>
public sealed record ArtifactRow(string Recipe, string Arm, long Seed, int Generation, string File, JsonElement Content) : IRunRow
{
    /// <summary>As metrics write their files: camel case.</summary>
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>An artifact of a value.</summary>
    /// <typeparam name="T">Type of the content.</typeparam>
    /// <param name="recipe">Name of the recipe.</param>
    /// <param name="arm">Name of the arm.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="generation">The generation.</param>
    /// <param name="file">Its file name.</param>
    /// <param name="value">The content.</param>
    public static ArtifactRow Of<T>(string recipe, string arm, long seed, int generation, string file, T value) =>
        new(recipe, arm, seed, generation, file, JsonSerializer.SerializeToElement(value, Json));

    /// <summary>The same with its content read.</summary>
    /// <typeparam name="T">Type of the content.</typeparam>
    /// <exception cref="InputException">The content is something else.</exception>
    public Artifact<T> As<T>()
    {
        try
        {
            return new(Recipe, Arm, Seed, Generation, Content.Deserialize<T>(Json)!);
        }
        catch (JsonException e)
        {
            throw new InputException($"{File} of {Recipe}, arm {Arm}, seed {Seed}, generation {Generation} is not what it should be ({e.Message}): restore the results, or run again.", e);
        }
    }
}

/// <summary>An artifact with its content read.</summary>
/// <typeparam name="T">Type of the content.</typeparam>
/// <param name="Recipe">Name of the recipe.</param>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Generation">The generation.</param>
/// <param name="Value">The content.</param>
public sealed record Artifact<T>(string Recipe, string Arm, long Seed, int Generation, T Value) : IRunRow;

/// <summary>Artifacts by their type.</summary>
public static class ArtifactExtensions
{
    extension(RunResults results)
    {
        /// <summary>All artifacts of a name, read.</summary>
        /// <typeparam name="T">Type of the content.</typeparam>
        /// <param name="file">The file name, for example <c>training-perplexity.json</c>.</param>
        /// <exception cref="InputException">The content of one of them is something else.</exception>
        public IReadOnlyList<Artifact<T>> Artifacts<T>(string file) => [.. results.Artifacts.Where(a => a.File == file).Select(a => a.As<T>())];
    }
}
