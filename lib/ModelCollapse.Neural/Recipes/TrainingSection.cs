using System.Text.Json.Nodes;
using ModelCollapse.Generations;
using ModelCollapse.Training;

namespace ModelCollapse.Recipes;

/// <summary>How a generation is trained. Defaults are those of the paper's code where it states one (literature.md, Shumailov et al. 2024, Code).</summary>
public sealed record TrainingSection : TrainingOptions
{
    /// <summary>Name of <see cref="Base"/> in JSON.</summary>
    internal const string BaseField = "base";

    /// <summary>The paper's epochs and batch.</summary>
    public TrainingSection() => (Epochs, BatchSize) = (5, 128);

    /// <summary>What is different for generation 0, the fit to real data: some of the fields of this section.</summary>
    public JsonObject Base { get; init => field = Plain(value); } = [];

    /// <summary>Weights that generation t ≥ 1 starts from.</summary>
    public InitialWeights InitialWeights { get; init; } = InitialWeights.Previous;

    /// <summary>The settings in force for a generation: with <see cref="Base"/> applied for generation 0.</summary>
    /// <param name="generation">The generation.</param>
    /// <exception cref="InputException"><see cref="Base"/> has a field that is unknown or out of range.</exception>
    public TrainingSection ForGeneration(int generation) => ForGeneration(generation, "The recipe");

    /// <summary>The same with its numbers as they are written elsewhere: 1e-4 and 0.0001 are one setting.</summary>
    static JsonObject Plain(JsonObject fields) =>
        new(fields.Select(f => KeyValuePair.Create(f.Key, f.Value is JsonValue value && value.TryGetValue<double>(out var number) ? JsonValue.Create(number) : f.Value?.DeepClone())));

    /// <inheritdoc cref="ForGeneration(int)"/>
    /// <param name="generation">The generation.</param>
    /// <param name="document">What to call the recipe in messages.</param>
    internal TrainingSection ForGeneration(int generation, string document)
    {
        if (generation > 0 || Base.Count == 0) return this;
        var json = StrictJson.Write(this with { Base = [] });
        RecipeEdit.Merge(json, Base);
        return StrictJson.Read<TrainingSection>(json, document, $"training.{BaseField}");
    }
}
