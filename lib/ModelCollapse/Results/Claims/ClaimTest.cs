using System.Text.Json.Serialization;
using ModelCollapse.Store;

namespace ModelCollapse.Results.Claims;

/// <summary>
/// A rule that decides a claim: one type for each kind, of this assembly or another that is <see cref="Kinds.Register">registered</see>. The rules of
/// <c>data/claims.json</c> are those of this project: a claim that none of them fits is not decided by a new exception.
/// </summary>
[KindFamily]
public abstract record ClaimTest
{
    /// <summary>What is wrong with its settings, as the end of a sentence; null for nothing.</summary>
    public virtual string? Problem => null;
}

/// <summary>No run of this project can decide the claim.</summary>
[Kind("notTestable")]
public sealed record NotTestable : ClaimTest
{
    /// <summary>Why: the end of the sentence "not testable here: …".</summary>
    public required string Reason { get; init; }
}

/// <summary>The claim is an exact statement about a closed-form model. <see cref="ClosedForm.Laws.LawTable"/> measures it, and the tests require it.</summary>
[Kind("law")]
public sealed record Law : ClaimTest
{
    /// <summary>Name of the law, as <see cref="ClosedForm.Laws.LawTable"/> lists it.</summary>
    public required string Name { get; init; }
}

/// <summary>A rule that reads one number for each seed from the runs of a recipe.</summary>
public abstract record RunTest : ClaimTest
{
    /// <summary>Name of the recipe.</summary>
    public required string Recipe { get; init; }

    /// <summary>The number of each seed that has all it needs.</summary>
    /// <param name="numbers">The numbers of the runs.</param>
    /// <exception cref="InputException">A metric is unknown.</exception>
    /// <exception cref="NotMeasuredException">These runs cannot tell.</exception>
    public abstract IReadOnlyDictionary<long, double> Values(ClaimNumbers numbers);

    /// <summary>What the number is, in words: <c>distinct-2, A: generation 9 − generation 0</c>.</summary>
    /// <param name="numbers">The numbers of the runs.</param>
    public abstract string Describe(ClaimNumbers numbers);

    /// <summary>Values that the claim allows.</summary>
    public abstract (double Low, double High) Expected { get; }

    /// <summary>Whether that is a printed range, which the interval has to overlap; else it is a side of 0, on which the interval has to lie.</summary>
    public virtual bool IsPrintedRange => false;

    /// <summary>The metrics that are read.</summary>
    public abstract IReadOnlyList<MetricKey> Metrics { get; }

    /// <summary>The arms that are read, beside their controls.</summary>
    public abstract IReadOnlyList<string> Arms { get; }

    /// <summary>All numbers above 0, or all below.</summary>
    /// <param name="direction">Which.</param>
    protected static (double Low, double High) SideOf(Direction direction) =>
        direction == Direction.Up ? (0, double.PositiveInfinity) : (double.NegativeInfinity, 0);
}

/// <summary>Where a number lies by the claim.</summary>
public enum Direction
{
    /// <summary>Above 0.</summary>
    [JsonStringEnumMemberName("up")] Up,

    /// <summary>Below 0.</summary>
    [JsonStringEnumMemberName("down")] Down,
}
