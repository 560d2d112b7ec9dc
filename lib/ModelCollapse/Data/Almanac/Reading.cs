namespace ModelCollapse.Data.Almanac;

/// <summary>What a reader made of a sentence, or of one of the facts in it; those of a sentence have its bounds.</summary>
/// <param name="Kind">Its verdict.</param>
/// <param name="Start">Where the sentence begins in the text; 0 where it begins in the context before it.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Subject">Index of the entity spoken of; −1 where there is none of that name, or none in sight.</param>
/// <param name="Relation">What is said of it; null where nothing is.</param>
/// <param name="Value">The value that is said; null where none is.</param>
/// <param name="Fact">Index of the fact of this subject and relation, whether it was said rightly or not; −1 where there is none.</param>
/// <param name="Template">Which paraphrase; −1 where it is none.</param>
public readonly record struct Reading(ReadingKind Kind, int Start, int End, int Subject = -1, Relation? Relation = null, string? Value = null, int Fact = -1, int Template = -1);

/// <summary>A reader's verdict on a sentence.</summary>
public enum ReadingKind
{
    /// <summary>It states a fact of the table.</summary>
    TrueFact,

    /// <summary>It states something that is not in the table: a hallucination.</summary>
    FalseFact,

    /// <summary>A sentence of the grammar that states no fact.</summary>
    Empty,

    /// <summary>It states something of a subject that is not in sight, or is referred to as something that it is not.</summary>
    Unresolved,

    /// <summary>No sentence of the grammar: structurally broken.</summary>
    Unparseable,

    /// <summary>A heading.</summary>
    Heading,

    /// <summary>Cut by a border of the text, and not judged.</summary>
    Fragment,
}
