using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ModelCollapse.Generations;

namespace ModelCollapse.Recipes;

/// <summary>
/// An experiment as data: what is trained on what, how it writes, what the next generation is trained on, what is measured. Read
/// from JSON; every switch that the paper leaves open is a named option.
/// </summary>
/// <remarks>
/// A recipe with arms is a family: each arm is the recipe with some fields overridden, and <see cref="Resolve"/> gives one of them.
/// A field that does not exist, or that the chosen settings would not consume, is an error.
/// </remarks>
public sealed partial record Recipe
{
    /// <summary>Name of the recipe and of its folder under <c>runs/</c>: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for, in a sentence.</summary>
    public string Description { get; init; } = "";

    /// <summary>The real text.</summary>
    public required DataSection Data { get; init; }

    /// <summary>The model and its weights before any fit.</summary>
    public required ModelSection Model { get; init; }

    /// <summary>How a generation is trained.</summary>
    public required TrainingSection Training { get; init; }

    /// <summary>How a generation writes text for the next.</summary>
    public required SamplingSection Sampling { get; init; }

    /// <summary>What generation t ≥ 1 is trained on.</summary>
    public DataPolicy Policy { get; init; } = new Replace();

    /// <summary>Names of the metrics to take in each generation.</summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    /// <summary>Fixed prompts that each generation continues, to be read side by side.</summary>
    public IReadOnlyList<string> SamplePrompts { get; init; } = [];

    /// <summary>Seeds, one independent run each.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [0];

    /// <summary>Number of the last generation; generation 0 is the fit to real data. Range: at least 0.</summary>
    public int Generations { get; init; } = 9;

    /// <summary>Threads of one process. Changes the last bits of the results. Range: at least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Which checkpoints stay on disk.</summary>
    public CheckpointRetention KeepCheckpoints { get; init; } = CheckpointRetention.LastAndFirst;

    /// <summary>Arms by name: the fields in which each differs from the recipe. Without arms the recipe is its own only arm, <see cref="OnlyArm"/>.</summary>
    public IReadOnlyDictionary<string, JsonObject> Arms { get; init; } = new Dictionary<string, JsonObject>();

    /// <summary>Name of the arm of a recipe without arms.</summary>
    public const string OnlyArm = "main";

    /// <summary>Names of the arms, in the order of the recipe.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> ArmNames => Arms.Count == 0 ? [OnlyArm] : [.. Arms.Keys];
}
