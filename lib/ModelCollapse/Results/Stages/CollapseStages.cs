using ModelCollapse.Results.Claims;
using static ModelCollapse.Results.Stages.CollapseStage;

namespace ModelCollapse.Results.Stages;

/// <summary>
/// The three stages of collapse as exact statements about an Almanac run, and the generation at which an arm enters each. All are relative: to the
/// control arm, which trains on real text with the same number of steps, at the same generation and seed, so that no stage is over-fitting; and to people's text
/// of the same size, so that none is the noise of a finite sample.
/// </summary>
/// <remarks>
/// A sign is shown in a generation where its mean effect over seeds is at least the least effect of <see cref="StageRules"/> and the one-sided 95 %
/// interval of the mean lies above zero. Its onset is the generation from which it persists to the end. Chance alone must
/// therefore succeed in the last generation, which it does in at most 5 % of the arms, however many generations there are. The price: what comes and goes
/// again counts as never. Which published meaning of "model collapse" each stage stands for is said in <see cref="StageDefinition.Published"/>: those are the eight of
/// Schaeffer et al., Position: Model Collapse Does Not Mean What You Think (arXiv 2503.03150; literature.md, Schaeffer et al. 2025), and early and late of Shumailov et al., Nature 2024.
/// A catastrophic or an unbounded rise of the risk and a changed scaling law cannot be decided by one size of model and ten generations.
/// </remarks>
public static class CollapseStages
{
    /// <summary>The stages, in the order of their severity.</summary>
    public static IReadOnlyList<StageDefinition> Definitions { get; } =
    [
        new(Early, "Rare facts fade while the frequent ones hold: rare facts begin to fade in an earlier generation than the most frequent decile does.",
            "onset of 'rare facts fade', if it is before that of 'frequent facts fade'",
            "Early model collapse of Shumailov et al. (information about the tails is lost first); tail loss (Schaeffer et al.).",
            on => on("rare facts fade").Before(on("frequent facts fade"))),
        new(Late, "Sentences break or become vague, and the text states fewer different facts.",
            "onset of 'uninformative' and 'fewer facts' together",
            "Late model collapse of Shumailov et al. (little resemblance to the original, less variance); hallucinated or unreal data and the beginning of variance collapse (Schaeffer et al.). False statements have an onset of their own.",
            on => on("uninformative").And(on("fewer facts"))),
        new(Total, "Hardly any fact is left and the text hardly varies: both effective numbers, of facts and of phrases, are below a tenth of those in human text.",
            "onset of 'facts gone' and 'text has stopped changing' together",
            "Mode loss and variance collapse carried to their end (Schaeffer et al.); the absorbing state of Shumailov et al.'s discrete theory.",
            on => on("facts gone").And(on("text has stopped changing"))),
    ];

    /// <summary>The stages of every arm whose control is there, in the order in which their runs began.</summary>
    /// <param name="results">Finished runs.</param>
    /// <param name="recipe">Name of the recipe.</param>
    /// <param name="rules">What counts as an effect; null for the rules as they were fixed.</param>
    public static IReadOnlyList<ArmStages> Of(RunResults results, string recipe, StageRules? rules = null)
    {
        HashSet<string> measured = [.. results.Metrics.Where(m => m.Recipe == recipe).Select(m => m.Arm)];
        return
        [
            .. from arm in results.Arms(recipe)
               where arm.Control is not null && measured.Contains(arm.Name) && measured.Contains(arm.Control)
               select Of(results, recipe, arm.Name, arm.Control!, rules),
        ];
    }

    /// <summary>The stages of an arm.</summary>
    /// <param name="results">Finished runs.</param>
    /// <param name="recipe">Name of the recipe.</param>
    /// <param name="arm">Name of the arm.</param>
    /// <param name="control">Name of the arm that it is held against.</param>
    /// <param name="rules">What counts as an effect; null for the rules as they were fixed.</param>
    /// <exception cref="InputException">The arms have no seed in common, or lack a metric.</exception>
    public static ArmStages Of(RunResults results, string recipe, string arm, string control, StageRules? rules = null)
    {
        rules ??= new();
        var numbers = results.Metrics.Where(m => m.Recipe == recipe && (m.Arm == arm || m.Arm == control))
            .ToDictionary(m => (m.Arm, m.Seed, m.Generation, m.Metric), m => m.Value);
        var lastOf = numbers.Keys.GroupBy(k => (k.Arm, k.Seed)).ToDictionary(g => g.Key, g => g.Max(k => k.Generation));
        long[] seeds = [.. lastOf.Keys.Where(k => k.Arm == arm && lastOf.ContainsKey((control, k.Seed))).Select(k => k.Seed).Order()];
        if (seeds.Length == 0) throw new InputException($"The arms {arm} and {control} of {recipe} have no seed in common: run both.");
        var last = seeds.Min(s => Math.Min(lastOf[(arm, s)], lastOf[(control, s)]));
        var effects = StageSign.All.ToDictionary(s => s.Name, EffectsOf);
        var onsets = StageSign.All.ToDictionary(s => s.Name, s => OnsetOf(s, effects[s.Name]));
        return new(arm, control, last, seeds, effects, onsets, Definitions.ToDictionary(d => d.Stage, d => d.Onset(name => onsets[name])));

        IReadOnlyList<IReadOnlyList<double>> EffectsOf(StageSign sign) =>
            [.. Enumerable.Range(0, last + 1).Select(t => sign.Effect(new(Of(arm, t), Of(control, t), Of(arm, 0)), rules))];

        Onset OnsetOf(StageSign sign, IReadOnlyList<IReadOnlyList<double>> effects) => new(
            Onset.Of(last, t => sign.Shown(effects[t], rules)),
            seeds.Index().ToDictionary(s => s.Item, s => Onset.Of(last, t => effects[t][s.Index] > 0 && effects[t][s.Index] >= sign.Least(rules))),
            last);

        StageSign.Numbers[] Of(string of, int t) => [.. seeds.Select(s => At(of, s, t))];

        StageSign.Numbers At(string of, long seed, int t) => name => numbers.TryGetValue((of, seed, t, name), out var value) ? value
            : throw new InputException($"The stages of {recipe} need the number {name}, which {of} lacks in generation {t} of seed {seed}: run it with the metrics perplexity, almanac-text and almanac-cloze.");
    }
}

/// <summary>What a stage is.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Words">In words.</param>
/// <param name="Formula">In terms of <see cref="StageSign.All"/>.</param>
/// <param name="Published">Which published meaning of model collapse it stands for.</param>
/// <param name="Onset">When it begins, given the onset of each sign by its name.</param>
public sealed record StageDefinition(CollapseStage Stage, string Words, string Formula, string Published, Func<Func<string, Onset>, Onset> Onset);

/// <summary>When an arm enters each stage.</summary>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Control">Name of the arm that it is held against.</param>
/// <param name="Last">The last generation that all seeds of both have.</param>
/// <param name="Seeds">The seeds that both have. With fewer than two nothing can be shown, and only the onsets of the seed itself are there.</param>
/// <param name="Effects">The effect of each sign by its name, by generation and seed.</param>
/// <param name="Signs">The onset of each sign by its name.</param>
/// <param name="Stages">The onset of each stage.</param>
public sealed record ArmStages(
    string Arm, string Control, int Last, IReadOnlyList<long> Seeds, IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<double>>> Effects,
    IReadOnlyDictionary<string, Onset> Signs, IReadOnlyDictionary<CollapseStage, Onset> Stages)
{
    /// <summary>When test perplexity rises over the control's, by the same rule: any increase of the risk (Schaeffer et al.).</summary>
    public Onset TestLossRise => Signs["perplexity rises"];

    /// <summary>When rare facts fade, whatever the frequent ones do.</summary>
    public Onset RareFade => Signs["rare facts fade"];

    /// <summary>By how many generations a sign comes before another, in each seed alone.</summary>
    /// <param name="first">Name of the one.</param>
    /// <param name="then">Name of the other.</param>
    /// <returns>Below 0 where it comes later. One that never comes counts as the last generation; a seed with neither is left out.</returns>
    public IReadOnlyDictionary<long, double> Lead(string first, string then)
    {
        var (one, other) = (Signs[first].Seeds, Signs[then].Seeds);
        return one.Keys.Where(s => one[s] is not null || other[s] is not null).ToDictionary(s => s, s => (double)((other[s] ?? Last) - (one[s] ?? Last)));
    }

    /// <summary>The worst stage that a generation is in.</summary>
    /// <param name="generation">The generation.</param>
    public CollapseStage At(int generation) => Stages.Where(s => s.Value.Generation <= generation).Select(s => s.Key).DefaultIfEmpty(None).Max();

    /// <summary>The stages that are entered, the earliest first; those of one generation in the order of their severity.</summary>
    public IReadOnlyList<CollapseStage> Order => [.. Stages.Where(s => s.Value.Generation is not null).OrderBy(s => s.Value.Generation).ThenBy(s => s.Key).Select(s => s.Key)];
}
