namespace ModelCollapse.Data.Almanac;

/// <summary>One line of the fact table.</summary>
/// <param name="Index">Its place in the table.</param>
/// <param name="Subject">The entity that it is about.</param>
/// <param name="Relation">What it says of the subject: <c>founded</c>.</param>
/// <param name="Value">What is true: a year, a material, or the name of an entity.</param>
/// <param name="Object">The entity that <see cref="Value"/> names; null where it names none.</param>
public sealed record Fact(int Index, int Subject, Relation Relation, string Value, int? Object);
