namespace ModelCollapse.Data.Almanac;

/// <summary>An article and what it says.</summary>
/// <param name="Text">Its text, laid out as WikiText-2's: <c> = Title = </c>, sections with <c> = = Heading = = </c>, a paragraph on one line.</param>
/// <param name="Subject">Index of the entity that it is about.</param>
/// <param name="Mentions">What its sentences say, in their order; as many for a sentence as it has facts.</param>
public sealed record AlmanacArticle(string Text, int Subject, IReadOnlyList<Mention> Mentions);

/// <summary>What a sentence was made from.</summary>
/// <param name="Fact">Index of the fact; −1 for a sentence that states none.</param>
/// <param name="Template">Which paraphrase: its index in the relation's, or in <see cref="Grammar.Fillers"/>.</param>
/// <param name="Start">Where its sentence begins in the text.</param>
/// <param name="End">Where it ends, after the full stop.</param>
public readonly record struct Mention(int Fact, int Template, int Start, int End);
