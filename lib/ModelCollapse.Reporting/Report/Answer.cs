using System.Globalization;
using ModelCollapse.Metrics;
using ModelCollapse.Recipes;
using ModelCollapse.Results;
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
        var known = ArmsOf(results);
        var controls = arms.ToDictionary(a => a, a => arms.FirstOrDefault(c => c.Arm == known[a.Arm].Control));
        var others = arms.Where(a => !IsControl(a.Arm, known)).ToList();
        var sorted = others.ToLookup(a => Sides(a.Differences));
        var beyond = others.All(a => controls[a] is null) ? null : others.Where(a => controls[a] is not null).ToLookup(a => Sides(a.Minus(controls[a]!)));
        var sentence = $"After {generation} generations perplexity on real text {Groups(sorted, "has risen in", "has fallen in", "has not moved beyond the interval in")}"
            + (beyond is null ? "." : $"; compared with the control, which took the same number of steps on real text, it is {Groups(beyond, "higher in", "lower in", "indistinguishable in")}.");
        return new("Does the model get worse at real text?", sentence,
            [.. arms.Select(a => $"{a.Arm}: {Ratio(a.Differences)} times generation 0{(controls[a] is { } control ? $"; {Ratio(a.Minus(control))} times the control" : "")}")]);
    }

    static Answer? Difference(RunResults results)
    {
        var known = ArmsOf(results);
        var arms = LossesOf(results).Where(a => !IsControl(a.Arm, known)).ToList();
        if (arms.Count < 2) return null;
        var (first, policy) = (arms[0], known[arms[0].Arm][ArmInfo.Policy]);
        // Two decodings differ in far more than what a policy can mend: a policy is held against the first one with everything else equal.
        Beside[] others =
        [
            .. from a in arms
               from b in arms
               where policy is not null && known[a.Arm][ArmInfo.Policy] != policy && known[b.Arm][ArmInfo.Policy] == policy && known[a.Arm].DiffersOnlyIn(known[b.Arm], ArmInfo.Policy)
               select new Beside(a, b),
        ];
        var byPolicy = others.Length > 0;
        if (!byPolicy) others = [.. arms.Skip(1).Select(a => new Beside(a, first))];
        var sides = others.ToLookup(o => Sides(o.Arm.Minus(o.Other)), o => o.Arm);
        var same = known[first.Arm][ArmInfo.Decoding] is null ? "" : " with the same decoding";
        var sentence = byPolicy
            ? $", compared with that of {policy}{same}, is {Groups(sides, "higher in", "lower in", "indistinguishable in")}"
            : $" is {Groups(sides, "higher than in that arm in", "lower in", "indistinguishable from it in")}";
        return new(
            byPolicy ? $"Does any policy do better than {policy}?" : $"Does any arm do better than {first.Arm}?", $"At generation {first.Generation} perplexity on real text{sentence}.",
            [.. others.Select(o => $"{o.Arm.Arm}: {Ratio(o.Arm.Minus(o.Other))} times {o.Other.Arm}, paired over {o.Arm.Minus(o.Other).Count} seeds")]);
    }

    static Answer? Variety(RunResults results)
    {
        // The model's own text says it of the control's model too; older results measured what was trained on.
        var label = results.Metrics.Any(m => m.Metric == MetricLabel.Diversity[0].Metric) ? MetricLabel.Diversity[0] : MetricLabel.TrainingDiversity[0];
        var first = label == MetricLabel.Diversity[0] ? "From the text of the model that was fitted to real text to that" : "From the real text to that";
        var arms = ArmChange.Of(results.Metrics.Where(m => m.Metric == label.Metric));
        if (arms.Count == 0) return null;
        return new("Does the text lose variety?",
            $"{first} of generation {arms[0].Generation} the share of different pairs of tokens {Groups(arms.ToLookup(a => Sides(a.Differences)), "rises in", "falls in", "does not move beyond the interval in")}.",
            [.. arms.Select(a => $"{a.Arm}: from {IntervalText.Of([.. a.Seeds.Values.Select(v => v.First)], label.Format)} to {IntervalText.Of([.. a.Seeds.Values.Select(v => v.Last)], label.Format)}, change {IntervalText.OfSigned(a.Differences, label.Format)}")]);
    }

    /// <summary>What the arms stand for, by name.</summary>
    static IReadOnlyDictionary<string, ArmInfo> ArmsOf(RunResults results) => results.Recipes.SelectMany(results.Arms).DistinctBy(a => a.Name).ToDictionary(a => a.Name);

    /// <summary>Whether another arm is compared with it.</summary>
    static bool IsControl(string arm, IReadOnlyDictionary<string, ArmInfo> arms) => arms.Values.Any(a => a.Control == arm);

    /// <summary>An arm and the one that it is held against.</summary>
    sealed record Beside(ArmChange Arm, ArmChange Other);

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
    static string Groups(ILookup<int, ArmChange> sides, string above, string below, string neither)
    {
        (int Side, string Words)[] all = [(1, above), (-1, below), (0, neither)];
        return string.Join(", ", all.Where(s => sides[s.Side].Any()).Select(s => $"{s.Words} {Named(sides[s.Side].Select(a => a.Arm))}"));
    }

    /// <summary>Names in a sentence: <c>A, B and C</c>.</summary>
    internal static string Named(IEnumerable<string> names) => names.ToList() switch
    {
        [] => "none",
        [var one] => one,
        var many => string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", many.SkipLast(1))} and {many[^1]}"),
    };
}
