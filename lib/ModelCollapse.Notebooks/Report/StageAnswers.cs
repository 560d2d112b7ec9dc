using ModelCollapse.Monitoring;
using ModelCollapse.Runs;

namespace ModelCollapse.Notebooks.Report;

/// <summary>What a run of an Almanac says of the stages of collapse.</summary>
public static class StageAnswers
{
    const string Rare = "rare facts fade", Loss = "perplexity rises";

    /// <summary>The answers; none where the results do not have what stages need.</summary>
    /// <param name="results">Results of one recipe.</param>
    public static IReadOnlyList<Answer> Of(RunResults results)
    {
        string[] needed = [.. StageSign.All.SelectMany(s => s.Metrics).Distinct()], taken = [.. results.Metrics.Select(m => m.Metric).Distinct()];
        if (needed.Except(taken).Any() || results.Metrics.Select(m => m.Recipe).Distinct().Count() != 1) return [];
        var arms = CollapseStages.Of(results, results.Metrics[0].Recipe);
        return arms.Count == 0 ? [] : [RareFactsFirst(arms), Order(arms), NeverBeyondTheFirst(arms)];
    }

    static Answer RareFactsFirst(IReadOnlyList<ArmStages> arms)
    {
        var groups = arms.ToLookup(a => (a.RareFade.Generation, a.TestLossRise.Generation) switch
        {
            (null, null) => "show neither",
            (null, _) => "show a rise of perplexity without it",
            (_, null) => "show it without a rise of perplexity",
            var (rare, loss) => rare < loss ? "show it before" : rare > loss ? "show it after" : "show both in the same generation",
        });
        return new("Do rare facts fade before perplexity moves?", $"{string.Join("; ", groups.Select(g => $"{Answer.Named(g.Select(a => a.Arm))} {Agreeing(g.Key, g.Count())}"))}.",
        [
            .. arms.Select(a =>
            {
                // Both effects where the first of the two is shown, or at the end.
                var at = new[] { a.RareFade.Generation, a.TestLossRise.Generation }.Min() ?? a.Last;
                return $"{a.Arm}: rare facts fade {From(a.RareFade)}; perplexity rises {From(a.TestLossRise)}. At generation {at}: {Effect(a, Rare, at)} of what the control knows of them is lost, ln of perplexity over the control's is {Effect(a, Loss, at)}";
            }),
        ]);
    }

    static Answer Order(IReadOnlyList<ArmStages> arms)
    {
        var groups = arms.GroupBy(StageTables.OrderOf);
        return new("In which order do the three stages come?", $"{string.Join("; ", groups.Select(g => $"{Answer.Named(g.Select(a => a.Arm))}: {g.Key}"))}.",
            [.. arms.Select(a => $"{a.Arm}: {string.Join("; ", CollapseStages.Definitions.Select(d => $"{d.Stage.ToString().ToLowerInvariant()} {From(a.Stages[d.Stage])}"))}")]);
    }

    static Answer NeverBeyondTheFirst(IReadOnlyList<ArmStages> arms)
    {
        ArmStages[] stay = [.. arms.Where(a => a.Order.All(s => s == CollapseStage.Early))], left = [.. arms.Except(stay)];
        var last = arms.Max(a => a.Last);
        return new("Which arms never leave the first stage?", stay.Length == 0
                ? $"None: every arm is in a later stage at generation {last}."
                : $"{Answer.Named(stay.Select(a => a.Arm))}{(left.Length == 0 ? "" : $"; a later stage is reached in {Answer.Named(left.Select(a => a.Arm))}")}.",
            [.. arms.Select(a => $"{a.Arm}, generation {a.Last}: {Effect(a, "fewer facts", a.Last)} of the control's effective number of facts is lost; sentences that say nothing, above the control and people: {Effect(a, "says nothing", a.Last)}")]);
    }

    static string From(Onset onset) => $"{(onset.Generation is null ? "" : "from ")}{onset}";

    static string Effect(ArmStages arm, string sign, int generation) => IntervalText.Of(arm.Effects[sign][generation], "F2").Replace('-', '−');

    /// <summary>"A shows", "A and B show".</summary>
    static string Agreeing(string words, int arms) => arms == 1 ? $"shows{words["show".Length..]}" : words;
}
