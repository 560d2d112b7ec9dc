using System.Text;
using ModelCollapse.Generations;

namespace ModelCollapse.Data.Almanac;

/// <summary>
/// Writes articles about a world by a stochastic grammar. Articles are independent: the subject is drawn by
/// <see cref="AlmanacWorld.ArticleProbability"/>, each of its facts is stated with the <see cref="Relation.Inclusion"/> of its relation.
/// </summary>
/// <param name="world">The world.</param>
public sealed class AlmanacWriter(AlmanacWorld world)
{
    /// <summary>Probabilities of the discourse: two facts in a sentence where their words allow it, and a sentence that says nothing after one that does.</summary>
    const double Joined = 0.3, Filler = 0.12;

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
        return template.FollowsSubject ? $"{name} {template.Say(fact.Value)} ." : $"{template.Say(fact.Value).Replace(Template.SubjectSlot, name)} .";
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
            var first = true;
            if (facts.Length == 0) Say(-1, Choose(Grammar.Fillers, random), "");
            for (var i = 0; i < facts.Length; i++)
            {
                var template = Choose(facts[i].Relation.Templates, random);
                if (template.FollowsSubject && i + 1 < facts.Length && random.NextDouble() < Joined) SayBoth(facts[i], template, facts[++i]);
                else Say(facts[i].Index, template, facts[i].Value);
                if (random.NextDouble() < Filler) Say(-1, Choose(Grammar.Fillers, random), "");
            }

            text.Append(" \n");

            void Say(int fact, Template template, string value)
            {
                var start = text.Append(' ').Length;
                if (template.FollowsSubject) text.Append(Reference()).Append(' ').Append(template.Say(value));
                else text.Append(template.Say(value).Replace(Template.SubjectSlot, random.NextDouble() < 0.6 ? subject.Name : $"the {subject.Noun}"));
                mentions.Add(new(fact, template.Index, start, text.Append(" .").Length));
                first = false;
            }

            void SayBoth(Fact one, Template template, Fact other)
            {
                var start = text.Append(' ').Length;
                var second = Choose([.. other.Relation.Templates.Where(t => t.FollowsSubject)], random);
                text.Append(Reference()).Append(' ').Append(template.Say(one.Value)).Append(" and ").Append(second.Say(other.Value)).Append(" .");
                mentions.Add(new(one.Index, template.Index, start, text.Length));
                mentions.Add(new(other.Index, second.Index, start, text.Length));
                first = false;
            }

            // A paragraph begins with the name, mostly, so that what refers back has something near to refer to.
            string Reference()
            {
                var u = random.NextDouble();
                return u < (first ? 0.8 : 0.4) ? subject.Name : u < (first ? 1 : 0.65) ? $"The {subject.Noun}" : Capitalised(subject.Pronoun);
            }
        }
    }

    static string Capitalised(string word) => char.ToUpperInvariant(word[0]) + word[1..];

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
