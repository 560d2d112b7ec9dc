using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ModelCollapse.Store;

namespace ModelCollapse.Recipes;

/// <summary>One arm of a recipe.</summary>
/// <param name="Name">Its name, and that of its folder.</param>
/// <param name="Label">What it is called in figures and tables.</param>
/// <param name="Factors">The level of each factor.</param>
/// <param name="Control">Name of the arm that it is compared with; null for a control.</param>
/// <param name="Set">The fields in which it differs from the recipe.</param>
public sealed record Arm(string Name, string Label, IReadOnlyDictionary<string, string> Factors, string? Control, JsonObject Set)
{
    /// <summary>What its levels are called in figures and tables, where not by their names, by factor.</summary>
    public IReadOnlyDictionary<string, string> LevelLabels { get; init; } = new Dictionary<string, string>();
}

/// <content>The arms of a recipe.</content>
public sealed partial record Recipe
{
    /// <summary>All arms: those of the factors, the last factor changing slowest, then the others.</summary>
    [JsonIgnore]
    public IReadOnlyList<Arm> AllArms
    {
        get
        {
            Arm[] all = [.. OfFactors(), .. Arms.Select(a => new Arm(a.Key, a.Value.Label ?? a.Key, a.Value.Factors, a.Value.Control, a.Value.Set) { LevelLabels = a.Value.LevelLabels })];
            return all.Length > 0 ? all : [new(RunDescription.OnlyArm, Name, new Dictionary<string, string>(), null, [])];
        }
    }

    IEnumerable<Arm> OfFactors()
    {
        if (Factors.Count == 0) return [];
        IEnumerable<IReadOnlyList<string>> combinations = [[]];
        foreach (var (_, levels) in Factors.Reverse()) combinations = [.. from rest in combinations from level in levels.Keys select (IReadOnlyList<string>)[level, .. rest]];
        return combinations.Select(ArmOf);
    }

    Arm ArmOf(IReadOnlyList<string> levels)
    {
        var chosen = Factors.Keys.Zip(levels).ToDictionary(c => c.First, c => c.Second);
        var control = Factors.Keys.Select(f => Control.GetValueOrDefault(f, chosen[f])).ToList();
        var set = new JsonObject();
        foreach (var (factor, level) in chosen) RecipeEdit.Merge(set, Factors[factor][level].Set);
        return new(
            string.Join('-', levels), string.Join(", ", chosen.Select(c => Factors[c.Key][c.Value].Label ?? c.Value)), chosen,
            control.SequenceEqual(levels) ? null : string.Join('-', control), set)
        {
            LevelLabels = chosen.Where(c => Factors[c.Key][c.Value].Label is not null).ToDictionary(c => c.Key, c => Factors[c.Key][c.Value].Label!),
        };
    }

    void CheckArms(string document)
    {
        foreach (var (factor, levels) in Factors)
            if (levels.Count == 0) throw new InputException($"{document}: the factor '{factor}' has no level: give it two or more.");
        foreach (var (factor, level) in Control)
            if (!Factors.TryGetValue(factor, out var levels) || !levels.ContainsKey(level))
                throw new InputException($"{document}: 'control' names the level '{level}' of the factor '{factor}', which does not exist: choose one of 'factors'.");
        var arms = AllArms;
        if (arms.GroupBy(a => a.Name).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new InputException($"{document} has two arms '{twice.Key}': rename one of them.");
        var names = arms.Select(a => a.Name).ToHashSet();
        foreach (var arm in arms)
        {
            if (!PlainName.Is(arm.Name) || arm.Name == SharedGeneration0.FolderName)
                throw new InputException($"{document}: the arm '{arm.Name}' must have a name of {PlainName.InWords}, other than {SharedGeneration0.FolderName}.");
            if (arm.Control is { } control && !names.Contains(control))
                throw new InputException($"{document}: arm '{arm.Name}' names the control '{control}', which is no arm: did you mean '{NearestName.Of(control, names)}'?");
            if (arm.Control is null && arms.Count > 1 && arms.All(other => other.Control != arm.Name))
                throw new InputException($"{document}: arm '{arm.Name}' names no control and is none: give its 'control', or the recipe's for factors.");
        }
    }
}
