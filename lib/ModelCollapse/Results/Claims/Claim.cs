using System.Text.Json.Serialization;

namespace ModelCollapse.Results.Claims;

/// <summary>Something that the literature says, and what in our runs decides it. <c>data/claims.json</c> holds them; its note tells which rules were written before the runs that they judge.</summary>
public sealed record Claim
{
    /// <summary>Short name: words with hyphens.</summary>
    public required string Id { get; init; }

    /// <summary>Who says it: authors and year.</summary>
    public required string Source { get; init; }

    /// <summary>Where: part of the source as far as it is known, and its identifier.</summary>
    public required string Where { get; init; }

    /// <summary>How the statement was read.</summary>
    public required Grade Grade { get; init; }

    /// <summary>The statement in our own words.</summary>
    public required string Statement { get; init; }

    /// <summary>The quantity that decides it, in words.</summary>
    public required string Quantity { get; init; }

    /// <summary>The rules, one for each recipe and arm that it can be read from; or one that says why there is none.</summary>
    public required IReadOnlyList<ClaimTest> Tests { get; init; }
}

/// <summary>How a statement of the literature was read.</summary>
public enum Grade
{
    /// <summary>In the source's own full text, or its authors' own code.</summary>
    [JsonStringEnumMemberName("full text")] FullText,

    /// <summary>As an extract that a third party checked against the source.</summary>
    [JsonStringEnumMemberName("checked extract")] CheckedExtract,

    /// <summary>In the source's abstract.</summary>
    [JsonStringEnumMemberName("abstract")] Abstract,

    /// <summary>At second hand: a lead.</summary>
    [JsonStringEnumMemberName("secondary")] Secondary,

    /// <summary>Derived from what was read.</summary>
    [JsonStringEnumMemberName("derived")] Derived,
}
