using ModelCollapse.Results.Claims;

namespace ModelCollapse.Reporting;

/// <summary>Claims of the literature and their verdicts as tables.</summary>
public static class ClaimTables
{
    /// <summary>The claims that these runs decided: one row for each recipe and arm that a claim was read from, the statement beside the first.</summary>
    /// <param name="verdicts">The verdicts, of tested claims and others.</param>
    public static Table Tested(IReadOnlyList<Verdict> verdicts)
    {
        Verdict[] read = [.. verdicts.Where(v => v.Recipe is not null)];
        var several = read.Select(v => v.Recipe).Distinct().Count() > 1;
        return new("Claims of the literature; p values are corrected over all of them (Holm)",
            ["claim", "measured", "mean and 95 % interval", "seeds", "p", "verdict"],
            [
                .. read.Select((v, i) => (string[])
                [
                    i > 0 && read[i - 1].Claim == v.Claim ? "" : $"{v.Claim.Statement} ({v.Claim.Source})",
                    several ? $"{v.Recipe}: {v.Quantity}" : v.Quantity, Interval(v), v.Seeds == 0 ? "" : $"{v.Seeds}", PValue(v.HolmP),
                    v.IsTested ? v.InWords : $"{v.InWords}: {v.Reason}",
                ]),
            ]);
    }

    /// <summary>The claims that no run here decides, with the reason.</summary>
    /// <param name="verdicts">The verdicts, of tested claims and others.</param>
    public static Table NotTested(IReadOnlyList<Verdict> verdicts) => new(
        "Not testable here", ["claim", "source", "because"],
        [.. verdicts.Where(v => v.Recipe is null).Select(v => (string[])[v.Claim.Statement, v.Claim.Source, v.Reason])]);

    /// <summary>The measured value and its interval: <c>−0.32 (−0.36 to −0.28)</c>; empty where nothing was measured.</summary>
    public static string Interval(Verdict verdict) => double.IsFinite(verdict.Value) ? IntervalText.Between(verdict.Value, verdict.Low, verdict.High) : "";

    /// <summary>A p value: three digits, or below which power of ten it is; empty for none.</summary>
    public static string PValue(double p) => double.IsNaN(p) ? "" : p < 0.001 ? "< 0.001" : IntervalText.Number(p, "F3");
}
