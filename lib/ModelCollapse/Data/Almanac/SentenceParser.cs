namespace ModelCollapse.Data.Almanac;

/// <summary>What a text speaks of at a place.</summary>
/// <param name="Entity">Index of the entity; −1 where the world has none of that name.</param>
readonly record struct Subject(int Entity);

/// <summary>Finds the templates that make up a sentence, by a tree of their words.</summary>
sealed class SentenceParser
{
    readonly AlmanacWorld world;
    readonly Node phrases = new(), sentences = new();
    readonly HashSet<string> values, nouns;
    readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> knownValues;
    readonly int longestValue;

    public SentenceParser(AlmanacWorld world)
    {
        this.world = world;
        foreach (var template in Grammar.Relations.SelectMany(r => r.Templates).Concat(Grammar.Fillers)) (template.FollowsSubject ? phrases : sentences).Add(template);
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
    /// <returns>What it says, what it says besides, and the subject that it names, if it does.</returns>
    public (Reading First, Reading? Second, Subject? Named) Parse(ReadOnlySpan<char> sentence, Subject? subject)
    {
        var words = sentence.ToString().Split(' ');
        List<Match> found = [];
        if (MentionAt(words, 0, start: true) is (var mention, > 0 and var length))
            foreach (var one in Find(phrases, words, length, mention))
                if (one.End == words.Length) found.Add(one);
                else if (words[one.End] == "and")
                    found.AddRange(Find(phrases, words, one.End + 1, mention).Where(two => two.End == words.Length).Select(two => one with { Next = two }));
        found.AddRange(Find(sentences, words, 0, null).Where(one => one.End == words.Length));
        if (found.Count == 0) return (new(ReadingKind.Unparseable, 0, 0), null, null);

        var read = found.Select(m => (First: Judge(m, subject), Second: m.Next is { } next ? Judge(next, subject) : (Reading?)null, m.Mention))
            .MaxBy(r => (r.First.Kind == ReadingKind.TrueFact ? 1 : 0) + (r.Second?.Kind == ReadingKind.TrueFact ? 1 : 0));
        return (read.First, read.Second, read.Mention is { Kind: MentionKind.Name } name ? Named(name.Word) : null);
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
        if (count == 2 && IsNumber(words[start]) && words[start + 1] is "metres" or "kilometres") return $"{words[start]} {words[start + 1]}";
        var value = count == 1 ? words[start] : string.Join(' ', words, start, count);
        return knownValues.TryGetValue(value, out var known) ? known : null;
    }

    (Mention Mention, int Length) MentionAt(string[] words, int at, bool start)
    {
        if (IsName(words[at])) return (new(MentionKind.Name, words[at]), 1);
        if (start && words[at] is "It" or "He" or "She") return (new(MentionKind.Pronoun, words[at].ToLowerInvariant()), 1);
        if (words[at] == (start ? "The" : "the") && at + 1 < words.Length && nouns.Contains(words[at + 1])) return (new(MentionKind.Noun, words[at + 1]), 2);
        return (default, 0);
    }

    /// <summary>Whether a word is a name or could be one that a model invented.</summary>
    internal static bool IsName(string word) => word.Length > 1 && char.IsAsciiLetterUpper(word[0]) && word.AsSpan(1).IndexOfAnyExceptInRange('a', 'z') < 0 && !Grammar.ClosedWords.Contains(word);

    static bool IsNumber(string word) => word.Length > 0 && word.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>A template found from some place to <paramref name="End"/>, with what stands in its places.</summary>
    sealed record Match(Template Template, string? Value, int End, Mention? Mention)
    {
        public Match? Next { get; init; }
    }

    readonly record struct Mention(MentionKind Kind, string Word);

    enum MentionKind
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

        public void Add(Template template)
        {
            var node = this;
            foreach (var word in template.Words)
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
