using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.Recipes;

/// <summary>
/// An experiment as data: what is trained on what, how it writes, what the next generation is trained on, what is curated and measured. Read
/// from JSON; every switch that the paper leaves open is a named option.
/// </summary>
/// <remarks>
/// A recipe with factors or arms is a family: each arm is the recipe with some fields overridden, and <see cref="Resolve"/> gives one of them.
/// A field that does not exist, or that the chosen settings would not consume, is an error. Policies, curators, metrics, corpora and decoding rules are objects
/// with a <c>kind</c>; one without settings may be given by its name alone.
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

    /// <summary>What becomes of the real, the synthetic and the composed text, in this order.</summary>
    public IReadOnlyList<ICurator<int[]>> Curators { get; init; } = [];

    /// <summary>What is measured in each generation.</summary>
    public required IReadOnlyList<IMetric<int[]>> Metrics { get; init; }

    /// <summary>Seeds, one independent run each.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [0];

    /// <summary>Number of the last generation; generation 0 is the fit to real data. Range: at least 0.</summary>
    [Range(0, int.MaxValue)]
    public int Generations { get; init; } = 9;

    /// <summary>Threads of one process; null for one thread, or all of the machine's for a model above <see cref="TextStudy.LargeModel"/> weights. Changes the last bits of the results. Range: at least 1.</summary>
    [Range(1, int.MaxValue)]
    public int? Threads { get; init; }

    /// <summary>Which checkpoints stay on disk.</summary>
    public CheckpointRetention KeepCheckpoints { get; init; } = CheckpointRetention.LastAndFirst;

    /// <summary>Named axes, each with its levels: every combination of levels is an arm, called by the levels' names with hyphens between.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, FactorLevel>> Factors { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, FactorLevel>>();

    /// <summary>The levels that make an arm of the factors its own control: <c>{ "policy": "control" }</c> compares each arm with the one that differs from it in the policy alone.</summary>
    public IReadOnlyDictionary<string, string> Control { get; init; } = new Dictionary<string, string>();

    /// <summary>Further arms by name. Without factors and arms the recipe is its own only arm, <see cref="RunDescription.OnlyArm"/>.</summary>
    public IReadOnlyDictionary<string, ArmSection> Arms { get; init; } = new Dictionary<string, ArmSection>();

    /// <summary>Names of the arms, in the order of the recipe.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> ArmNames => [.. AllArms.Select(a => a.Name)];
}

/// <summary>A level of a factor.</summary>
public sealed record FactorLevel
{
    /// <summary>What it is called in figures and tables; null for its name.</summary>
    public string? Label { get; init; }

    /// <summary>The fields in which an arm of this level differs from the recipe.</summary>
    public JsonObject Set { get; init; } = [];
}

/// <summary>An arm that no combination of factors gives.</summary>
public sealed record ArmSection
{
    /// <summary>What it is called in figures and tables; null for its name.</summary>
    public string? Label { get; init; }

    /// <summary>The level of each factor that it stands for, for figures that divide arms by factors.</summary>
    public IReadOnlyDictionary<string, string> Factors { get; init; } = new Dictionary<string, string>();

    /// <summary>What these levels are called in figures and tables, where not by their names, by factor.</summary>
    public IReadOnlyDictionary<string, string> LevelLabels { get; init; } = new Dictionary<string, string>();

    /// <summary>Name of the arm that it is compared with; null for an arm that is a control itself.</summary>
    public string? Control { get; init; }

    /// <summary>The fields in which it differs from the recipe.</summary>
    public JsonObject Set { get; init; } = [];
}
