namespace ModelCollapse.Data.Almanac;

/// <summary>A column of the fact table: what can be said of some kinds of entities, and in which words.</summary>
public sealed class Relation
{
    internal Relation(int index, string name, string section, double inclusion, IReadOnlyList<EntityKind> kinds, Domain domain, IReadOnlyList<string> phrases)
    {
        (Index, Name, Section, Inclusion, Kinds, Domain) = (index, name, section, inclusion, kinds, domain);
        Templates = [.. phrases.Select((phrase, i) => new Template(phrase, i, this))];
    }

    /// <summary>Its place among <see cref="Grammar.Relations"/>.</summary>
    public int Index { get; }

    /// <summary>Its name: <c>founded</c>.</summary>
    public string Name { get; }

    /// <summary>Heading of the section that states it; empty for the beginning of an article.</summary>
    public string Section { get; }

    /// <summary>Probability that an article about a subject that has such a fact states it; facts are included independently of each other.</summary>
    public double Inclusion { get; }

    /// <summary>Kinds of entities that it is said of.</summary>
    public IReadOnlyList<EntityKind> Kinds { get; }

    /// <summary>What can be said.</summary>
    public Domain Domain { get; }

    /// <summary>The paraphrases, the most frequent first: the one of rank r is chosen in proportion to 1/r.</summary>
    public IReadOnlyList<Template> Templates { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>The values that a relation can have.</summary>
public abstract record Domain
{
    /// <summary>Values from a list, such as materials, years or lengths.</summary>
    /// <param name="Values">All of them.</param>
    public sealed record Words(IReadOnlyList<string> Values) : Domain;

    /// <summary>Names of entities of one kind.</summary>
    /// <param name="Kind">The kind.</param>
    public sealed record Names(EntityKind Kind) : Domain;

    /// <summary>Names of entities of the subject's own kind.</summary>
    public sealed record SameKind : Domain;
}

/// <summary>One way to say a relation: words in their order, one of them a place for the value, and where it does not begin with the subject a place for that.</summary>
public sealed class Template
{
    /// <summary>The words that stand for the subject and for the value.</summary>
    internal const string SubjectSlot = "{S}", ValueSlot = "{V}";

    internal Template(string phrase, int index, Relation? relation)
    {
        (Words, Index, Relation) = (phrase.Split(' '), index, relation);
        FollowsSubject = !Words.Contains(SubjectSlot);
    }

    /// <summary>The words, <c>{S}</c> for the subject and <c>{V}</c> for the value.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>Its place among the templates of its relation.</summary>
    public int Index { get; }

    /// <summary>What it says; null for sentences that say nothing.</summary>
    public Relation? Relation { get; }

    /// <summary>Whether it follows the subject (<c>was founded in {V}</c>), so that two of them can share a sentence.</summary>
    public bool FollowsSubject { get; }

    /// <summary>Whether it ends with the value.</summary>
    public bool EndsWithValue => Words[^1] == ValueSlot;

    /// <summary>Its words, with a value and, where it has a place for it, a subject in their places.</summary>
    /// <param name="value">The value.</param>
    /// <param name="subject">The subject, as the text refers to it.</param>
    /// <param name="inner">Whether something stands before it in its sentence, so that it begins with a small letter.</param>
    internal string Say(string value, string subject, bool inner = false)
    {
        var said = string.Join(' ', Words.Select(w => w switch { ValueSlot => value, SubjectSlot => subject, _ => w }));
        return inner ? char.ToLowerInvariant(said[0]) + said[1..] : said;
    }
}
