using System.Globalization;
using ModelCollapse.Language;
using ModelCollapse.Results;
using ModelCollapse.Results.Stages;
using ModelCollapse.Statistics;

namespace ModelCollapse.Reporting.Report;

/// <summary>A question that a reader has, answered from the numbers.</summary>
/// <param name="Question">The question.</param>
/// <param name="Sentence">The answer in a sentence.</param>
/// <param name="Details">The numbers behind it, one line for each arm.</param>
public sealed record Answer(string Question, string Sentence, IReadOnlyList<string> Details)
{
    /// <summary>Every answer that the results allow.</summary>
    /// <param name="results">Results of one recipe.</param>
    public static IReadOnlyList<Answer> Of(RunResults results) =>
        [.. StageAnswers.Of(results), .. ((Func<RunResults, Answer?>[])[Degradation, Difference, Variety]).Select(answer => answer(results)).OfType<Answer>()];

    static Answer? Degradation(RunResults results)
    {
        var arms = LossesOf(results);
        if (arms.Count == 0) return null;
        var generation = arms[0].Generation;
        var controls = arms.ToDictionary(a => a, a => IsControl(a.Arm) ? null : arms.FirstOrDefault(c => c.Arm == CollapseStages.ControlOf(a.Arm)) ?? arms.FirstOrDefault(c => c.Arm == CollapseStages.ControlPrefix));
        var others = arms.Where(a => !IsControl(a.Arm)).ToList();
        var sorted = others.ToLookup(a => Sides(a.Differences));
        var beyond = others.All(a => controls[a] is null) ? null : others.Where(a => controls[a] is not null).ToLookup(a => Sides(a.Minus(controls[a]!)));
        var sentence = $"After {generation} generations perplexity on real text {Groups(sorted, "has risen in", "has fallen in", "has not moved beyond the interval in")}"
            + (beyond is null ? "." : $"; compared with the control, which took the same number of steps on real text, it is {Groups(beyond, "higher in", "lower in", "indistinguishable in")}.");
        return new("Does the model get worse at real text?", sentence,
            [.. arms.Select(a => $"{a.Arm}: {Ratio(a.Differences)} times generation 0{(controls[a] is { } control ? $"; {Ratio(a.Minus(control))} times the control" : "")}")]);
    }

    static Answer? Difference(RunResults results)
    {
        var arms = LossesOf(results).Where(a => !IsControl(a.Arm)).ToList();
        if (arms.Count < 2) return null;
        var (first, policy) = (arms[0], CollapseStages.PolicyOf(arms[0].Arm));
        // Two decodings differ in far more than what a policy can mend.
        var byDecoding = CollapseStages.AreByDecoding(results.Metrics.Select(m => m.Arm)) && arms.Any(a => CollapseStages.PolicyOf(a.Arm) != policy);
        (ArmChange Arm, ArmChange Beside)[] others = byDecoding
            ? [.. from a in arms where CollapseStages.PolicyOf(a.Arm) != policy from b in arms where b.Arm == $"{policy}-{CollapseStages.DecodingOf(a.Arm)}" select (a, b)]
            : [.. arms.Skip(1).Select(a => (a, first))];
        var sides = others.ToLookup(o => Sides(o.Arm.Minus(o.Beside)), o => o.Arm);
        return new(
            $"Does any {(byDecoding ? $"policy do better than {policy}" : $"arm do better than {first.Arm}")}?",
            $"At generation {first.Generation} perplexity on real text{(byDecoding
                ? $", compared with that of {policy} with the same decoding, is {Groups(sides, "higher in", "lower in", "indistinguishable in")}"
                : $" is {Groups(sides, "higher than in that arm in", "lower in", "indistinguishable from it in")}")}.",
            [.. others.Select(o => $"{o.Arm.Arm}: {Ratio(o.Arm.Minus(o.Beside))} times {o.Beside.Arm}, paired over {o.Arm.Minus(o.Beside).Count} seeds")]);
    }

    static Answer? Variety(RunResults results)
    {
        var label = MetricLabel.Diversity[0];
        var arms = ArmChange.Of(results.Metrics.Where(m => m.Metric == label.Metric));
        if (arms.Count == 0) return null;
        return new("Does the text lose variety?",
            $"From the real text to that of generation {arms[0].Generation} the share of different pairs of tokens {Groups(arms.ToLookup(a => Sides(a.Differences)), "rises in", "falls in", "does not move beyond the interval in")}.",
            [.. arms.Select(a => $"{a.Arm}: from {IntervalText.Of([.. a.Seeds.Values.Select(v => v.First)], label.Format)} to {IntervalText.Of([.. a.Seeds.Values.Select(v => v.Last)], label.Format)}, change {IntervalText.OfSigned(a.Differences, label.Format)}")]);
    }

    static bool IsControl(string arm) => CollapseStages.PolicyOf(arm) == CollapseStages.ControlPrefix;

    /// <summary>Loss on real text: perplexity spans factors, and a runaway arm must not decide an interval by itself.</summary>
    static IReadOnlyList<ArmChange> LossesOf(RunResults results) =>
        ArmChange.Of(results.Metrics.Where(m => m.Metric == TestPerplexity.Headline && m.Value > 0 && double.IsFinite(m.Value)).Select(m => m with { Value = Math.Log(m.Value) }));

    /// <summary>Differences of logarithms as a ratio with its interval: <c>1.28 (1.17 to 1.39)</c>.</summary>
    internal static string Ratio(IReadOnlyList<double> logarithms)
    {
        var found = MeanInterval.Of(logarithms);
        return IntervalText.Between(Math.Exp(found.Mean), Math.Exp(found.Low), Math.Exp(found.High));
    }

    /// <summary>On which side of 0 the 95 % interval lies: 1, −1, or 0 where it contains 0 or there is one seed.</summary>
    internal static int Sides(IReadOnlyList<double> differences) => MeanInterval.Of(differences) switch
    {
        { Low: > 0 } => 1,
        { High: < 0 } => -1,
        _ => 0,
    };

    /// <summary>Arms in words by the side on which they lie: <c>has risen in A and B, has fallen in none</c>; sides without arms are left out.</summary>
    static string Groups(ILookup<int, ArmChange> sides, string above, string below, string neither) => string.Join(", ",
        ((int Side, string Words)[])[(1, above), (-1, below), (0, neither)] is var all
            ? all.Where(s => sides[s.Side].Any()).Select(s => $"{s.Words} {Named(sides[s.Side].Select(a => a.Arm))}") : []);

    /// <summary>Names in a sentence: <c>A, B and C</c>.</summary>
    internal static string Named(IEnumerable<string> names) => names.ToList() switch
    {
        [] => "none",
        [var one] => one,
        var many => string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", many.SkipLast(1))} and {many[^1]}"),
    };
}
