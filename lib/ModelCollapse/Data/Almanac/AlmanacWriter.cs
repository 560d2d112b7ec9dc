using System.Text;

namespace ModelCollapse.Data.Almanac;

/// <summary>
/// Writes articles about a world by a stochastic grammar. Articles are independent: the subject is drawn by
/// <see cref="AlmanacWorld.ArticleProbability"/>, each of its facts is stated with the <see cref="Relation.Inclusion"/> of its relation.
/// </summary>
/// <remarks>
/// Beside WikiText-2 (<c>CorpusStatistics</c>, 2,000 words each), within the range of its articles: the mean length of a sentence (21 words) and its
/// standard deviation (10), the entropy of words (5.1 nats), the slope of Zipf's law (0.84) and types over tokens (0.27). By design, so that a small model can
/// learn the world, these are not: the vocabulary is closed (so over 300,000 words the slope is 1.8, WikiText-2's 0.9, and the entropy 1.6 nats less), and
/// articles have some 100 words, as the shortest of WikiText-2 have, instead of thousands.
/// </remarks>
/// <param name="world">The world.</param>
public sealed class AlmanacWriter(AlmanacWorld world)
{
    /// <summary>Probabilities of the discourse: of one fact alone in a sentence, of three where their words allow it, and of a sentence that says nothing after one that does.</summary>
    const double One = 0.2, Three = 0.45, Filler = 0.15;

    /// <summary>Probabilities of an adverbial before and after a sentence, and of the name and the noun where a sentence refers to the subject again.</summary>
    const double Opener = 0.45, Closer = 0.5, ByName = 0.4, ByNoun = 0.25;

    readonly double[] cumulative = Cumulate([.. world.Entities.Select(e => world.ArticleProbability(e.Index))]);

    /// <summary>Articles without end, one at a time; the same seed gives the same bytes.</summary>
    /// <param name="seed">Decides every choice.</param>
    public IEnumerable<AlmanacArticle> Articles(long seed)
    {
        var random = Seeds.NewRandom(seed);
        while (true) yield return Article(world.Entities[Draw(cumulative, random)], random);
    }

    /// <summary>One sentence that states a fact, its subject by name.</summary>
    /// <param name="fact">The fact.</param>
    /// <param name="random">Chooses the paraphrase.</param>
    public string Statement(Fact fact, Random random)
    {
        var template = Choose(fact.Relation.Templates, random);
        var name = world.Entities[fact.Subject].Name;
        return $"{(template.FollowsSubject ? $"{name} " : "")}{template.Say(fact.Value, name)} .";
    }

    /// <summary>An article about an entity.</summary>
    /// <param name="subject">The entity.</param>
    /// <param name="random">Decides every choice.</param>
    public AlmanacArticle Article(Entity subject, Random random)
    {
        var (text, mentions) = (new StringBuilder($" = {subject.Name} = \n"), new List<Mention>());
        Fact[] stated = [.. world.FactsOf(subject.Index).Where(f => random.NextDouble() < f.Relation.Inclusion)];
        Paragraph([.. stated.Where(f => f.Relation.Section.Length == 0)]);
        var sections = stated.Select(f => f.Relation.Section).Where(s => s.Length > 0).Distinct().ToArray();
        random.Shuffle(sections);
        foreach (var section in sections)
        {
            text.Append($" = = {section} = = \n");
            Paragraph([.. stated.Where(f => f.Relation.Section == section)]);
        }

        return new(text.ToString(), subject.Index, mentions);

        void Paragraph(Fact[] facts)
        {
            random.Shuffle(facts);
            // Words are chosen before facts are joined, so that what can be joined does not decide how often a paraphrase is used.
            (int Fact, Template Template, string Value)[] clauses = [.. facts.Select(f => (f.Index, Choose(f.Relation.Templates, random), f.Value))];
            Paragraph paragraph = new(text, subject, mentions, random);
            if (clauses.Length == 0) paragraph.Sentence([(-1, Choose(Grammar.Fillers, random), "")]);
            for (var i = 0; i < clauses.Length;)
            {
                var share = random.NextDouble();
                var together = share < One ? 1 : share < 1 - Three ? 2 : 3;
                i += paragraph.Sentence(clauses[i..Math.Min(i + together, clauses.Length)]);
                if (random.NextDouble() < Filler) paragraph.Sentence([(-1, Choose(Grammar.Fillers, random), "")]);
            }

            text.Append(" \n");
        }
    }

    /// <summary>Appends the sentences of a paragraph.</summary>
    sealed class Paragraph(StringBuilder text, Entity subject, List<Mention> mentions, Random random)
    {
        bool first = true;

        /// <summary>
        /// One sentence of one to three clauses. Those that follow the subject go together (A and B; A , B and C; which A , B), and another follows
        /// behind ", and". Of three, one may not follow the subject; else the third is left.
        /// </summary>
        /// <returns>How many of the clauses it says, from the first.</returns>
        public int Sentence((int Fact, Template Template, string Value)[] clauses)
        {
            if (clauses.Length == 3 && clauses.Count(c => !c.Template.FollowsSubject) > 1) clauses = clauses[..2];
            var said = clauses.Length;
            (int Fact, Template Template, string Value)[] ordered = [.. clauses.Where(c => c.Template.FollowsSubject), .. clauses.Where(c => !c.Template.FollowsSubject)];
            var together = Math.Max(1, ordered.Count(c => c.Template.FollowsSubject));
            if (together == said && said > 1 && random.Next(3) == 0) together--;

            var start = text.Append(' ').Length;
            if (random.NextDouble() < Opener) text.Append(Grammar.Openers[random.Next(Grammar.Openers.Count)]).Append(" , ");
            Main(ordered[..together], inner: text.Length > start);
            foreach (var (_, template, value) in ordered[together..])
                text.Append(" , and ").Append(template.FollowsSubject ? $"{subject.Pronoun} {template.Say(value, "")}" : template.Say(value, $"the {subject.Noun}", inner: true));
            if (random.NextDouble() < Closer) text.Append(" , ").Append(Grammar.Closers[random.Next(Grammar.Closers.Count)]);
            text[start] = char.ToUpperInvariant(text[start]);
            text.Append(" .");
            foreach (var (fact, template, _) in ordered) mentions.Add(new(fact, template.Index, start, text.Length));
            first = false;
            return said;
        }

        void Main((int Fact, Template Template, string Value)[] clauses, bool inner)
        {
            if (!clauses[0].Template.FollowsSubject)
            {
                text.Append(clauses[0].Template.Say(clauses[0].Value, first || random.NextDouble() < 0.6 ? subject.Name : $"the {subject.Noun}", inner));
                return;
            }

            string[] phrases = [.. clauses.Select(c => c.Template.Say(c.Value, ""))];
            var relative = phrases.Length > 1 && random.Next(2) == 0;
            // "The town is a town" says nothing.
            var named = relative || clauses.Any(c => c.Template.Relation == Grammar.Kind);
            text.Append(named ? subject.Name : Reference()).Append(' ');
            if (relative) text.Append(subject.Pronoun == "it" ? ", which " : ", who ").Append(phrases[0]).Append(" , ");
            text.Append((relative ? phrases[1..] : phrases) switch
            {
                [var a] => a,
                [var a, var b] => $"{a} and {b}",
                [var a, var b, var c] => $"{a} , {b} and {c}",
                _ => throw new InvalidOperationException("A sentence has one to three clauses."),
            });
        }

        /// <summary>A paragraph begins with the name, so that what refers back has something near to refer to.</summary>
        string Reference()
        {
            var u = random.NextDouble();
            return first || u < ByName ? subject.Name : u < ByName + ByNoun ? $"the {subject.Noun}" : subject.Pronoun;
        }
    }

    /// <summary>An item, that of rank r in proportion to 1/r.</summary>
    static T Choose<T>(IReadOnlyList<T> items, Random random)
    {
        var total = 0.0;
        for (var r = 1; r <= items.Count; r++) total += 1.0 / r;
        var u = random.NextDouble() * total;
        for (var r = 1; r < items.Count; r++)
            if ((u -= 1.0 / r) < 0) return items[r - 1];
        return items[^1];
    }

    static double[] Cumulate(double[] probabilities)
    {
        for (var i = 1; i < probabilities.Length; i++) probabilities[i] += probabilities[i - 1];
        return probabilities;
    }

    static int Draw(double[] cumulative, Random random)
    {
        var at = Array.BinarySearch(cumulative, random.NextDouble() * cumulative[^1]);
        return Math.Min(at < 0 ? ~at : at + 1, cumulative.Length - 1);
    }
}
