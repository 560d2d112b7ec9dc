using System.Globalization;
using ModelCollapse.Results;
using ModelCollapse.Results.Stages;

namespace ModelCollapse.Reporting;

/// <summary>The stages of collapse as tables: what they are, and when each arm enters them.</summary>
public static class StageTables
{
    /// <summary>What each stage is, in words and from which signs, and which published meanings it stands for.</summary>
    public static Table Definitions() => new("The three stages", ["stage", "in words", "begins at", "published as"],
        [.. CollapseStages.Definitions.Select(d => (string[])[$"{d.Stage}".ToLowerInvariant(), d.Words, d.Formula, d.Published])]);

    /// <summary>What each sign is and the least effect that counts.</summary>
    /// <param name="rules">What counts as an effect; null for the rules as they were fixed.</param>
    public static Table Signs(StageRules? rules = null) => new("The signs: a is the arm's number, c the control's, h that of human text", ["sign", "effect", "at least"],
        [.. StageSign.All.Select(s => (string[])[s.Name, s.Formula, IntervalText.Number(s.Least(rules ?? new()), "0.##")])]);

    /// <summary>The generation in which each sign begins, by arm; in brackets the earliest and the latest over seeds.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <param name="rules">What counts as an effect; null for the rules as they were fixed.</param>
    /// <exception cref="InputException">No arm has a control, or a metric is missing.</exception>
    public static Table SignOnsets(RunResults results, StageRules? rules = null) => SignOnsets(Of(results, rules));

    /// <inheritdoc cref="SignOnsets(RunResults, StageRules?)"/>
    internal static Table SignOnsets(IReadOnlyList<ArmStages> arms)
    {
        string[] signs = [.. StageSign.All.Select(s => s.Name)];
        return new($"Generation from which a sign persists to the end, {arms[0].Last} (seeds)", ["arm", .. signs], [.. arms.Select(a => (string[])[a.Arm, .. signs.Select(s => Short(a.Signs[s]))])]);
    }

    /// <summary>The generation in which each arm enters each stage; in brackets the earliest and the latest over seeds.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <param name="rules">What counts as an effect; null for the rules as they were fixed.</param>
    /// <exception cref="InputException">No arm has a control, or a metric is missing.</exception>
    public static Table Onsets(RunResults results, StageRules? rules = null) => Onsets(Of(results, rules));

    /// <inheritdoc cref="Onsets(RunResults, StageRules?)"/>
    internal static Table Onsets(IReadOnlyList<ArmStages> arms)
    {
        CollapseStage[] stages = [.. CollapseStages.Definitions.Select(d => d.Stage)];
        return new($"Generation in which each arm enters each stage, of {arms[0].Last} (seeds)", ["arm", .. stages.Select(s => $"{s}".ToLowerInvariant()), "order", "test loss rises"],
            [.. arms.Select(a => (string[])[a.Arm, .. stages.Select(s => Short(a.Stages[s])), OrderOf(a), Short(a.TestLossRise)])]);
    }

    /// <summary>How large each effect of the stages is in some generations, with its 95 % interval over seeds: what stands behind the onsets.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <param name="sign">Name of the sign.</param>
    /// <param name="generations">Which generations.</param>
    /// <exception cref="InputException">No arm has a control, or a metric is missing.</exception>
    public static Table Effects(RunResults results, string sign, params IReadOnlyList<int> generations)
    {
        var arms = Of(results, null);
        return new($"{sign}: {StageSign.Get(sign).Formula}", ["arm", .. generations.Select(t => $"generation {t}")],
            [.. arms.Select(a => (string[])[a.Arm, .. generations.Select(t => t <= a.Last ? EffectOf(a, sign, t) : "")])]);
    }

    /// <summary>An effect in a generation, with its interval over seeds.</summary>
    internal static string EffectOf(ArmStages arm, string sign, int generation) => IntervalText.OfSigned(arm.Effects[sign][generation], "F2");

    /// <summary>The stages of every arm with a control.</summary>
    static IReadOnlyList<ArmStages> Of(RunResults results, StageRules? rules)
    {
        var recipe = results.Metrics.Select(m => m.Recipe).Distinct().ToArray() is [var only] ? only : throw new InputException("Stages are of one recipe: give the results of one.");
        var arms = CollapseStages.Of(results, recipe, rules);
        return arms.Count > 0 ? arms : throw new InputException($"No arm of {recipe} has a control: give the results of a recipe whose arms name their 'control', and of both arms.");
    }

    /// <summary>The stages in the order in which they are entered: <c>early, then late</c>; those of one generation are joined by "and".</summary>
    internal static string OrderOf(ArmStages arm) => arm.Order.Count == 0 ? "none" : string.Join(", then ",
        arm.Order.GroupBy(s => arm.Stages[s].Generation).Select(g => string.Join(" and ", g.Select(s => $"{s}".ToLowerInvariant()))));

    /// <summary><c>3 (2 to 4)</c>, <c>never</c>, or <c>never (5 to never)</c> where single seeds show what all together do not.</summary>
    static string Short(Onset onset)
    {
        var (earliest, latest) = onset.Range;
        var seeds = earliest == latest && earliest == onset.Generation ? "" : earliest == latest ? $" ({Word(earliest)})" : $" ({Word(earliest)} to {Word(latest)})";
        return Word(onset.Generation) + seeds;

        static string Word(int? generation) => generation?.ToString(CultureInfo.InvariantCulture) ?? "never";
    }
}
