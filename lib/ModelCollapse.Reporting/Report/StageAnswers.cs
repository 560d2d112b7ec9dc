using ModelCollapse.Results;
using ModelCollapse.Results.Stages;
using ModelCollapse.Statistics;

namespace ModelCollapse.Reporting.Report;

/// <summary>What a run of an Almanac says of the stages of collapse.</summary>
public static class StageAnswers
{
    const string Rare = "rare facts fade", Loss = "perplexity rises";
    const string OneSeed = "One seed cannot tell: a sign counts only if its interval over seeds shows it. Run two seeds or more.";

    /// <summary>The answers; none where the results do not have what stages need.</summary>
    /// <param name="results">Results of one recipe.</param>
    public static IReadOnlyList<Answer> Of(RunResults results)
    {
        if (ArmsOf(results) is not { Count: > 0 } arms) return [];
        Answer[] answers = [RareFactsFirst(arms), Order(arms), NeverBeyondTheFirst(arms)];
        return arms.Any(a => a.Signs[Rare].Seeds.Count > 1) ? answers : [.. answers.Select(a => a with { Sentence = OneSeed })];
    }

    /// <summary>The stages of every arm with a control; none where the results do not have what stages need.</summary>
    /// <param name="results">Results of one recipe.</param>
    internal static IReadOnlyList<ArmStages> ArmsOf(RunResults results)
    {
        var taken = results.Metrics.Select(m => m.Metric).ToHashSet();
        return !StageSign.All.SelectMany(s => s.Metrics).All(taken.Contains) || results.Metrics.Select(m => m.Recipe).Distinct().Count() != 1 ? [] : CollapseStages.Of(results, results.Metrics[0].Recipe);
    }

    static Answer RareFactsFirst(IReadOnlyList<ArmStages> arms)
    {
        // Which comes first is told by the seeds, paired: one generation between two onsets over all seeds may be chance.
        var groups = arms.ToLookup(a => (a.RareFade.Generation, a.TestLossRise.Generation, Answer.Sides([.. a.Lead(Rare, Loss).Values])) switch
        {
            (null, null, _) => "show neither",
            (null, _, _) => "show a rise of perplexity without it",
            (_, null, _) => "show it without a rise of perplexity",
            (_, _, 1) => "show it before",
            (_, _, -1) => "show it after",
            _ => "show both, and the seeds do not show which comes first",
        });
        return new("Do rare facts fade before perplexity moves?", $"{string.Join("; ", groups.Select(g => $"{Answer.Named(g.Select(a => a.Arm))} {Agreeing(g.Key, g.Count())}"))}.",
        [
            .. arms.Select(a =>
            {
                // Both effects where the first of the two is shown, or at the end.
                var at = new[] { a.RareFade.Generation, a.TestLossRise.Generation }.Min() ?? a.Last;
                return $"{a.Arm}: rare facts fade {From(a.RareFade)}; perplexity rises {From(a.TestLossRise)}{(a.RareFade.Generation is null && a.TestLossRise.Generation is null ? "" : Later([.. a.Lead(Rare, Loss).Values]))}. "
                    + $"At generation {at}, {StageTables.EffectOf(a, Rare, at)} of what the control knows of them is lost, and perplexity is {Answer.Ratio(a.Effects[Loss][at])} times the control's";
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
        var groups = arms.ToLookup(a => a.Order switch
        {
            [] => "enter no stage",
            [CollapseStage.Early] => "enter only the first",
            _ => "reach a later one",
        });
        string[] sorted = ["enter only the first", "enter no stage", "reach a later one"];
        return new("Which arms never leave the first stage?", arms.All(a => groups[sorted[2]].Contains(a))
                ? $"None: every arm is in a later stage at generation {arms.Max(a => a.Last)}."
                : $"{string.Join("; ", sorted.Where(groups.Contains).Select(words => $"{Answer.Named(groups[words].Select(a => a.Arm))} {Agreeing(words, groups[words].Count())}"))}.",
            [.. arms.Select(a => $"{a.Arm}, generation {a.Last}: {StageTables.EffectOf(a, "fewer facts", a.Last)} of the control's effective number of facts is lost; uninformative sentences, above the control and human text: {StageTables.EffectOf(a, "uninformative", a.Last)}")]);
    }

    static string From(Onset onset) => $"{(onset.Generation is null ? "" : "from ")}{onset}";

    /// <summary>How much later or earlier the second sign comes: <c>, 1.00 (−1.48 to 3.48) generations later, paired over 3 seeds</c>; empty where no seed has either.</summary>
    static string Later(IReadOnlyList<double> lead)
    {
        if (lead.Count == 0) return "";
        var mean = lead.Average();
        if (mean < 0) lead = [.. lead.Select(l => -l)];
        var found = MeanInterval.Of(lead);
        return $", {IntervalText.Between(found.Mean, found.Low, found.High)} generations {(mean < 0 ? "earlier" : "later")}, paired over {lead.Count} {(lead.Count == 1 ? "seed" : "seeds")}";
    }

    /// <summary>"A shows", "A and B show", "C shows both, and …": the verb, which is the first word, in the number of the arms.</summary>
    static string Agreeing(string words, int arms) => arms > 1 ? words : words.Split(' ', 2) is [var verb, var rest] ? $"{verb}{(verb.EndsWith("ch", StringComparison.Ordinal) ? "es" : "s")} {rest}" : words;
}
