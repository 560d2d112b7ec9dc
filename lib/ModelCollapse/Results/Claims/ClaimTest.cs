using System.Text.Json.Serialization;

namespace ModelCollapse.Results.Claims;

/// <summary>A rule that decides a claim. The set of rules is closed: a claim that none of them fits is not decided by a new exception.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Change), "change")]
[JsonDerivedType(typeof(ArmDifference), "armDifference")]
[JsonDerivedType(typeof(ShareOfChange), "shareOfChange")]
[JsonDerivedType(typeof(RelativeChange), "relativeChange")]
[JsonDerivedType(typeof(Order), "order")]
[JsonDerivedType(typeof(SignOrder), "signOrder")]
[JsonDerivedType(typeof(Within), "within")]
[JsonDerivedType(typeof(Law), "law")]
[JsonDerivedType(typeof(NotTestable), "notTestable")]
public abstract record ClaimTest;

/// <summary>No run of this project can decide the claim.</summary>
public sealed record NotTestable : ClaimTest
{
    /// <summary>Why: the end of the sentence "not testable here: …".</summary>
    public required string Reason { get; init; }
}

/// <summary>The claim is an exact statement about a closed-form model. <see cref="ClosedForm.Laws.LawTable"/> measures it, and the tests require it.</summary>
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
    /// <exception cref="InputException">A metric is unknown.</exception>
    internal abstract IReadOnlyDictionary<long, double> Values(ClaimNumbers numbers);

    /// <summary>What the number is, in words: <c>distinct-2, A: generation 9 − generation 0</c>.</summary>
    internal abstract string Describe(ClaimNumbers numbers);

    /// <summary>Values that the claim allows.</summary>
    internal abstract (double Low, double High) Expected { get; }

    /// <summary>The metrics that are read.</summary>
    internal abstract IReadOnlyList<string> Metrics { get; }

    /// <summary>The arms that are read.</summary>
    internal abstract IReadOnlyList<string> Arms { get; }

    internal static (double Low, double High) SideOf(Direction direction) =>
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
