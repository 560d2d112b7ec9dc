using System.Text.Json.Serialization;

namespace ModelCollapse.Results.Claims;

/// <summary>What runs say about a claim.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Outcome">The verdict.</param>
/// <param name="Reason">Why, as the end of a sentence; what was found for a claim that was tested.</param>
public sealed record Verdict(Claim Claim, Outcome Outcome, string Reason)
{
    /// <summary>The recipe that it was read from; null where no run decides.</summary>
    public string? Recipe { get; init; }

    /// <summary>The number that decided, in words.</summary>
    public string Quantity { get; init; } = "";

    /// <summary>Mean of that number over seeds.</summary>
    public double Value { get; init; } = double.NaN;

    /// <summary>Lower end of its 95 % interval (Student's t over seeds).</summary>
    public double Low { get; init; } = double.NaN;

    /// <summary>Upper end of the interval.</summary>
    public double High { get; init; } = double.NaN;

    /// <summary>Number of seeds.</summary>
    public int Seeds { get; init; }

    /// <summary>Two-sided p value of the number being 0; NaN for a rule that compares with a printed range.</summary>
    public double P { get; init; } = double.NaN;

    /// <summary>The p value after Holm's correction over all claims tested with this one.</summary>
    public double HolmP { get; init; } = double.NaN;

    /// <summary>Whether a run decided.</summary>
    public bool IsTested => Outcome is Outcome.Reproduced or Outcome.Contradicted or Outcome.Inconclusive;

    /// <summary>The verdict in a reader's words: <c>reproduced</c>, <c>not reproduced</c>, <c>not testable here</c>.</summary>
    public string InWords => Outcome switch
    {
        Outcome.Reproduced => "reproduced",
        Outcome.Contradicted => "not reproduced: contradicted",
        Outcome.Inconclusive => "not reproduced: inconclusive",
        _ => "not testable here",
    };
}

/// <summary>A verdict.</summary>
public enum Outcome
{
    /// <summary>The 95 % interval lies where the claim says; for a printed range, it overlaps it.</summary>
    [JsonStringEnumMemberName("reproduced")] Reproduced,

    /// <summary>Not reproduced: the interval lies wholly on the other side.</summary>
    [JsonStringEnumMemberName("contradicted")] Contradicted,

    /// <summary>Not reproduced: the interval contains 0, so these runs cannot tell.</summary>
    [JsonStringEnumMemberName("inconclusive")] Inconclusive,

    /// <summary>These runs do not decide it.</summary>
    [JsonStringEnumMemberName("notTestable")] NotTestable,
}
