namespace ModelCollapse.Data.Almanac;

/// <summary>What a text speaks of at a place.</summary>
/// <param name="Entity">Index of the entity; −1 where the world has none of that name.</param>
readonly record struct Subject(int Entity);

/// <summary>Finds the templates that make up a sentence, by a tree of their words.</summary>
sealed class SentenceParser
{
    readonly AlmanacWorld world;
    readonly Node phrases = new(), sentences = new(), innerSentences = new();
    readonly HashSet<string> values, nouns;
    readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> knownValues;
    readonly int longestValue;

    public SentenceParser(AlmanacWorld world)
    {
        this.world = world;
        foreach (var template in Grammar.Relations.SelectMany(r => r.Templates).Concat(Grammar.Fillers))
        {
            (template.FollowsSubject ? phrases : sentences).Add(template, template.Words);
            if (!template.FollowsSubject) innerSentences.Add(template, [char.ToLowerInvariant(template.Words[0][0]) + template.Words[0][1..], .. template.Words.Skip(1)]);
        }

        values = new(Grammar.Relations.Select(r => r.Domain).OfType<Domain.Words>().SelectMany(d => d.Values), StringComparer.Ordinal);
        knownValues = values.GetAlternateLookup<ReadOnlySpan<char>>();
        nouns = [.. Enum.GetNames<EntityKind>().Select(k => k.ToLowerInvariant())];
        longestValue = values.Max(v => v.Split(' ').Length);
    }

    /// <summary>The subject that a name stands for.</summary>
    public Subject Named(string name) => new(world.Named(name)?.Index ?? -1);

    /// <summary>Reads one sentence.</summary>
    /// <param name="sentence">Its words, without the full stop.</param>
    /// <param name="subject">What the text speaks of so far; null where nothing is in sight.</param>
    /// <returns>What it says, one reading for each of its facts, and the subject that it leaves in sight.</returns>
    public (IReadOnlyList<Reading> Readings, Subject? Subject) Parse(ReadOnlySpan<char> sentence, Subject? subject)
    {
        var words = sentence.ToString().Split(' ');
        var (best, most) = (((IReadOnlyList<Reading>)[new(ReadingKind.Unparseable, 0, 0)], subject), -1);
        foreach (var parse in Parses(words))
        {
            var judged = Judge(parse, subject);
            var trueFacts = judged.Readings.Count(r => r.Kind == ReadingKind.TrueFact);
            if (trueFacts > most) (best, most) = (judged, trueFacts);
        }

        return best;
    }

    /// <summary>The ways in which the grammar can make a sentence: the clauses of each, in their order.</summary>
    internal IEnumerable<IReadOnlyList<Match>> Parses(string[] words)
    {
        foreach (var start in (int[])[0, .. Grammar.Openers.Where(o => StartsWith(words, o)).Select(o => o.Count(c => c == ' ') + 2)])
            foreach (var end in (int[])[words.Length, .. Grammar.Closers.Where(c => EndsWith(words, c)).Select(c => words.Length - c.Count(b => b == ' ') - 2)])
                if (start < end)
                    foreach (var parse in Bodies(words, start, end)) yield return parse;
    }

    /// <summary>One clause, predicates of one subject, or either and a second clause behind ", and".</summary>
    IEnumerable<List<Match>> Bodies(string[] words, int start, int end)
    {
        var main = Find(start == 0 ? sentences : innerSentences, words, start, null).Select(m => new List<Match> { m });
        if (MentionAt(words, start, start == 0) is (var mention, > 0 and var length))
        {
            var at = start + length;
            main = main.Concat(Predicates(words, at, mention));
            if (at + 1 < end && words[at] == "," && words[at + 1] is "which" or "who")
                main = main.Concat(
                    from first in Find(phrases, words, at + 2, mention)
                    where first.End < end && words[first.End] == ","
                    from others in Predicates(words, first.End + 1, mention)
                    where others.Count < 3
                    select (List<Match>)[first, .. others]);
        }

        foreach (var said in main)
        {
            var stop = said[^1].End;
            if (stop == end) yield return said;
            else if (stop + 2 < end && words[stop] == "," && words[stop + 1] == "and")
                foreach (var last in Clauses(words, stop + 2))
                    if (last.End == end) yield return [.. said, last];
        }
    }

    /// <summary>A clause inside a sentence.</summary>
    IEnumerable<Match> Clauses(string[] words, int start) =>
        (MentionAt(words, start, start: false) is (var mention, > 0 and var length) ? Find(phrases, words, start + length, mention) : []).Concat(Find(innerSentences, words, start, null));

    /// <summary>One to three phrases about one subject: "A", "A and B", "A , B and C".</summary>
    IEnumerable<List<Match>> Predicates(string[] words, int start, Mention mention)
    {
        foreach (var one in Find(phrases, words, start, mention))
        {
            yield return [one];
            if (one.End + 1 >= words.Length) continue;
            if (words[one.End] == "and")
                foreach (var two in Find(phrases, words, one.End + 1, mention)) yield return [one, two];
            if (words[one.End] != ",") continue;
            foreach (var two in Find(phrases, words, one.End + 1, mention))
                if (two.End + 1 < words.Length && words[two.End] == "and")
                    foreach (var three in Find(phrases, words, two.End + 1, mention)) yield return [one, two, three];
        }
    }

    (IReadOnlyList<Reading> Readings, Subject? Subject) Judge(IReadOnlyList<Match> clauses, Subject? subject)
    {
        var readings = new Reading[clauses.Count];
        foreach (var (i, clause) in clauses.Index())
        {
            // What a clause names is what the next one refers to.
            if (clause.Mention is { Kind: MentionKind.Name } name) subject = Named(name.Word);
            readings[i] = Judge(clause, subject);
        }

        return (readings, subject);
    }

    Reading Judge(Match match, Subject? subject)
    {
        if (match.Template.Relation is not { } relation) return new(ReadingKind.Empty, 0, 0, Template: match.Template.Index);
        var reading = new Reading(ReadingKind.Unresolved, 0, 0, Relation: relation, Value: match.Value, Template: match.Template.Index);
        if (Resolve(match.Mention!.Value, subject) is not { } spokenOf) return reading;
        reading = reading with { Kind = ReadingKind.FalseFact, Subject = spokenOf.Entity };
        if (spokenOf.Entity < 0 || world.Find(spokenOf.Entity, relation) is not { } fact) return reading;
        return reading with { Kind = fact.Value == match.Value ? ReadingKind.TrueFact : ReadingKind.FalseFact, Fact = fact.Index };
    }

    /// <summary>Who is meant; null where nobody is in sight, or somebody to whom the words do not apply.</summary>
    Subject? Resolve(Mention mention, Subject? subject)
    {
        if (mention.Kind == MentionKind.Name) return Named(mention.Word);
        if (subject is not { Entity: >= 0 and var index }) return subject;
        var entity = world.Entities[index];
        return (mention.Kind == MentionKind.Noun ? entity.Noun : entity.Pronoun) == mention.Word ? subject : null;
    }

    /// <summary>All ways in which words from a place on follow a tree of templates to the end of one.</summary>
    List<Match> Find(Node root, string[] words, int start, Mention? mention)
    {
        List<Match> found = [];
        Follow(root, start, mention, null);
        return found;

        void Follow(Node node, int at, Mention? spokenOf, string? value)
        {
            foreach (var template in node.Ends) found.Add(new(template, value, at, spokenOf));
            if (at == words.Length) return;
            if (node.Words.TryGetValue(words[at], out var next)) Follow(next, at + 1, spokenOf, value);
            if (node.Subject is { } afterSubject && MentionAt(words, at, start: false) is (var said, > 0 and var length)) Follow(afterSubject, at + length, said, value);
            if (node.Value is { } afterValue)
                for (var taken = Math.Min(longestValue, words.Length - at); taken > 0; taken--)
                    if (ValueOf(words, at, taken) is { } spoken) Follow(afterValue, at + taken, spokenOf, spoken);
        }
    }

    /// <summary>Some words as a value: a known one, a name, a number, or a number with its unit; null where they are none.</summary>
    string? ValueOf(string[] words, int start, int count)
    {
        if (count == 1 && (IsName(words[start]) || IsNumber(words[start]))) return words[start];
        if (count == 2 && IsNumber(words[start]) && Grammar.Units.Contains(words[start + 1])) return $"{words[start]} {words[start + 1]}";
        if (count == 2 && Grammar.IsMonth(words[start]) && IsNumber(words[start + 1])) return $"{words[start]} {words[start + 1]}";
        var value = count == 1 ? words[start] : string.Join(' ', words, start, count);
        return knownValues.TryGetValue(value, out var known) ? known : null;
    }

    (Mention Mention, int Length) MentionAt(string[] words, int at, bool start)
    {
        if (IsName(words[at])) return (new(MentionKind.Name, words[at]), 1);
        if (start ? words[at] is "It" or "He" or "She" : words[at] is "it" or "he" or "she") return (new(MentionKind.Pronoun, words[at].ToLowerInvariant()), 1);
        if (words[at] == (start ? "The" : "the") && at + 1 < words.Length && nouns.Contains(words[at + 1])) return (new(MentionKind.Noun, words[at + 1]), 2);
        return (default, 0);
    }

    /// <summary>Whether a word is a name or could be one that a model invented.</summary>
    internal static bool IsName(string word) => word.Length > 1 && char.IsAsciiLetterUpper(word[0]) && word.AsSpan(1).IndexOfAnyExceptInRange('a', 'z') < 0 && !Grammar.ClosedWords.Contains(word);

    static bool StartsWith(string[] words, string opener)
    {
        var parts = opener.Split(' ');
        return words.Length > parts.Length && words[parts.Length] == "," && words[0] == Grammar.WithCapital(parts[0]) && words.AsSpan(1, parts.Length - 1).SequenceEqual(parts.AsSpan(1));
    }

    static bool EndsWith(string[] words, string closer)
    {
        var parts = closer.Split(' ');
        return words.Length > parts.Length && words[^(parts.Length + 1)] == "," && words.AsSpan(words.Length - parts.Length).SequenceEqual(parts);
    }

    static bool IsNumber(string word) => word.Length > 0 && word.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>A template found from some place to <paramref name="End"/>, with what stands in its places.</summary>
    internal sealed record Match(Template Template, string? Value, int End, Mention? Mention);

    internal readonly record struct Mention(MentionKind Kind, string Word);

    internal enum MentionKind
    {
        Name,
        Noun,
        Pronoun,
    }

    sealed class Node
    {
        public Dictionary<string, Node> Words { get; } = new(StringComparer.Ordinal);

        public Node? Subject { get; private set; }

        public Node? Value { get; private set; }

        public List<Template> Ends { get; } = [];

        public void Add(Template template, IEnumerable<string> words)
        {
            var node = this;
            foreach (var word in words)
                node = word switch
                {
                    Template.SubjectSlot => node.Subject ??= new(),
                    Template.ValueSlot => node.Value ??= new(),
                    _ => node.Words.TryGetValue(word, out var next) ? next : node.Words[word] = new(),
                };
            node.Ends.Add(template);
        }
    }
}
