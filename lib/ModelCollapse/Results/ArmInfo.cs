using ModelCollapse.Provenance;
using ModelCollapse.Store;

namespace ModelCollapse.Results;

/// <summary>What an arm of a recipe stands for.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Label">What it is called in figures and tables.</param>
/// <param name="Factors">Its level of each factor, for example <c>policy</c> → <c>replace</c>; empty where the recipe has none.</param>
/// <param name="Control">Name of the arm that it is compared with; null for a control, and where none is known.</param>
public sealed record ArmInfo(string Name, string Label, IReadOnlyDictionary<string, string> Factors, string? Control)
{
    /// <summary>The factor that says what a generation is trained on.</summary>
    public const string Policy = "policy";

    /// <summary>The factor that says how the model writes.</summary>
    public const string Decoding = "decoding";

    /// <summary>What its levels are called in figures and tables; a level that is missing is called by its name.</summary>
    public IReadOnlyDictionary<string, string> LevelLabels { get; init; } = new Dictionary<string, string>();

    /// <summary>What its level of a factor is called; null where the arm does not have the factor.</summary>
    /// <param name="factor">Name of the factor.</param>
    public string? LabelOf(string factor) => LevelLabels.GetValueOrDefault(factor) ?? this[factor];

    /// <summary>Its level of a factor; null where the arm does not have the factor.</summary>
    /// <param name="factor">Name of the factor.</param>
    public string? this[string factor] => Factors.GetValueOrDefault(factor);

    /// <summary>The levels of all factors but one, in words: <c>10 % real</c>.</summary>
    /// <param name="factor">The factor that is left out.</param>
    public string Without(string factor) => string.Join(", ", Factors.Keys.Where(f => f != factor).Select(LabelOf));

    /// <summary>Whether both have the same level of every factor but one.</summary>
    /// <param name="other">The other arm.</param>
    /// <param name="factor">The factor in which they may differ.</param>
    public bool DiffersOnlyIn(ArmInfo other, string factor) => Factors.Keys.Union(other.Factors.Keys).Where(f => f != factor).All(f => this[f] == other[f]);

    /// <summary>An arm of which nothing but its name is known.</summary>
    internal static ArmInfo Unknown(string name) => new(name, name, new Dictionary<string, string>(), null);

    internal static ArmInfo Of(RunDescription run) => new(run.Arm, run.Label ?? run.Arm, run.Factors, run.Control) { LevelLabels = run.LevelLabels ?? new Dictionary<string, string>() };
}
