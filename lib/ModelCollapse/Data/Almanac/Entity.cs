namespace ModelCollapse.Data.Almanac;

/// <summary>Something that the Almanac has an article about.</summary>
/// <param name="Index">Its rank by frequency: 0 is the most frequent.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name: one capitalised word that nothing else has.</param>
/// <param name="Pronoun">How a text refers back to it: <c>it</c>, <c>he</c> or <c>she</c>.</param>
public sealed record Entity(int Index, EntityKind Kind, string Name, string Pronoun)
{
    /// <summary>Its kind as a word of the text: <c>town</c>.</summary>
    public string Noun => Kind.ToString().ToLowerInvariant();
}

/// <summary>What an entity is.</summary>
public enum EntityKind
{
    /// <summary>A town, on a river.</summary>
    Town,

    /// <summary>A river, from a mountain to a lake.</summary>
    River,

    /// <summary>A lake, fed by rivers.</summary>
    Lake,

    /// <summary>A mountain.</summary>
    Mountain,

    /// <summary>A bridge in a town, over the river of that town.</summary>
    Bridge,

    /// <summary>A castle near a town.</summary>
    Castle,

    /// <summary>A church in a town.</summary>
    Church,

    /// <summary>A composer of operas.</summary>
    Composer,

    /// <summary>A painter.</summary>
    Painter,

    /// <summary>An opera of a composer.</summary>
    Opera,

    /// <summary>A battle near a town.</summary>
    Battle,

    /// <summary>A species of bird, found at a lake.</summary>
    Bird,
}
