using System.Globalization;
using ModelCollapse.Statistics;

namespace ModelCollapse.Results.Claims;

/// <summary>Every claim with its verdict from some results.</summary>
public static class ClaimTable
{
    /// <summary>Judges claims: one verdict for each rule whose recipe is among the results, and one for each claim that has none.</summary>
    /// <param name="claims">The claims.</param>
    /// <param name="results">Results of one recipe or several.</param>
    /// <returns>In the order of the claims; p values corrected by Holm over all that were tested.</returns>
    /// <exception cref="InputException">A claim reads a metric that does not exist.</exception>
    public static IReadOnlyList<Verdict> Of(IReadOnlyList<Claim> claims, RunResults results)
    {
        var numbers = results.Metrics.Select(m => m.Recipe).Distinct().ToDictionary(recipe => recipe, recipe => new ClaimNumbers(results, recipe));
        List<Verdict> verdicts = [];
        foreach (var claim in claims)
        {
            RunTest[] here = [.. claim.Tests.OfType<RunTest>().Where(t => numbers.ContainsKey(t.Recipe))];
            verdicts.AddRange(here.Length > 0 ? here.Select(t => Judge(claim, t, numbers[t.Recipe])) : [new(claim, Outcome.NotTestable, WhyNot(claim))]);
        }

        int[] tested = [.. Enumerable.Range(0, verdicts.Count).Where(i => double.IsFinite(verdicts[i].P))];
        var holm = MultipleTesting.Holm([.. tested.Select(i => verdicts[i].P)]);
        foreach (var (k, i) in tested.Index()) verdicts[i] = verdicts[i] with { HolmP = holm[k] };
        return verdicts;
    }

    static Verdict Judge(Claim claim, RunTest test, ClaimNumbers numbers)
    {
        var quantity = test.Describe(numbers);
        double[] values;
        try
        {
            values = [.. test.Values(numbers).OrderBy(v => v.Key).Select(v => v.Value)];
        }
        catch (NotMeasuredException e)
        {
            return Undecided(e.Message, 0);
        }

        if (values.Any(v => !double.IsFinite(v))) return Undecided("a value of generation 0 is 0, so that nothing is relative to it", values.Length);
        if (values.Length < 2) return Undecided(values.Length == 0 ? "no seed has all that is compared" : "one seed gives no interval", values.Length);
        var found = PairedComparison.Of(values, new double[values.Length]).Test;
        var (outcome, reason) = Outcomes(found, test);
        return new(claim, outcome, reason)
        {
            Recipe = test.Recipe,
            Quantity = quantity,
            Value = found.Difference,
            Low = found.Low,
            High = found.High,
            Seeds = values.Length,
            P = test.IsPrintedRange ? double.NaN : found.P,
        };

        Verdict Undecided(string why, int seeds) => new(claim, Outcome.NotTestable, why) { Recipe = test.Recipe, Quantity = quantity, Seeds = seeds };
    }

    static (Outcome, string) Outcomes(TTest found, RunTest test)
    {
        var (low, high) = test.Expected;
        if (test.IsPrintedRange)
            return found.Low <= high && found.High >= low
                ? (Outcome.Reproduced, "the interval overlaps the printed range")
                : (Outcome.Contradicted, "the interval lies outside the printed range");
        if (found.Low <= 0 && found.High >= 0) return (Outcome.Inconclusive, "the interval contains 0");
        return found.Low >= low && found.High <= high
            ? (Outcome.Reproduced, "the interval lies on the side of the claim")
            : (Outcome.Contradicted, "the interval lies on the other side");
    }

    static string WhyNot(Claim claim) => claim.Tests switch
    {
        var tests when tests.OfType<NotTestable>().FirstOrDefault() is { } no => no.Reason,
        var tests when tests.OfType<Law>().ToList() is { Count: > 0 } laws => $"an exact statement about closed-form models, which the table of laws measures ({string.Join("; ", laws.Select(l => l.Name))})",
        var tests => string.Create(CultureInfo.InvariantCulture, $"it is read from runs of {string.Join(", ", tests.OfType<RunTest>().Select(t => t.Recipe).Distinct())}, which are not among these"),
    };
}
