using System.Diagnostics;
using CsCheck;
using MathNet.Numerics.Distributions;
using ModelCollapse.Data.Almanac;
using ModelCollapse.Generations;

namespace ModelCollapse.Tests.Data;

/// <summary>The world, what is written about it, and that the reader gets exactly that out again.</summary>
public class AlmanacTests
{
    static readonly Gen<AlmanacOptions> Options = Gen.Select(Gen.Long[0, 1000], Gen.Int[AlmanacOptions.FewestEntities, 600], Gen.Int[0, 4].Select(i => i * 0.5),
        (seed, entities, exponent) => new AlmanacOptions { Seed = seed, Entities = entities, Exponent = exponent });

    [Fact]
    public void Every_sentence_is_read_as_what_it_was_made_from() => Options.Sample(options =>
    {
        var world = AlmanacWorld.Of(options);
        var reader = new AlmanacReader(world);
        foreach (var article in new AlmanacWriter(world).Articles(options.Seed).Take(40))
        {
            var readings = reader.Read(article.Text);
            Assert.Equal(article.Subject, readings[0].Subject);
            Assert.Equal(article.Mentions, readings.Where(r => r.Kind != ReadingKind.Heading).Select(r => new Mention(r.Fact, r.Template, r.Start, r.End)));
            Assert.All(readings, r => Assert.Equal(r.Fact >= 0, r.Kind == ReadingKind.TrueFact));
            Assert.All(readings, r => Assert.Contains(r.Kind, new[] { ReadingKind.TrueFact, ReadingKind.Empty, ReadingKind.Heading }));
        }
    }, iter: 60);

    [Fact]
    public void A_text_cut_anywhere_is_read_as_its_whole_sentences_are() => Gen.Select(Options, Gen.Double[0, 1], Gen.Double[0, 1]).Sample((options, one, other) =>
    {
        var world = AlmanacWorld.Of(options);
        var text = string.Concat(new AlmanacWriter(world).Articles(options.Seed).Take(3).Select(a => a.Text));
        var (from, to) = ((int)(Math.Min(one, other) * text.Length), (int)(Math.Max(one, other) * text.Length));
        var whole = new AlmanacReader(world).Read(text).Where(r => r.End > from && r.End <= to && r.Kind != ReadingKind.Heading);
        var part = new AlmanacReader(world).Read(text[from..to], text[..from]).Where(r => r.Kind is not (ReadingKind.Heading or ReadingKind.Fragment));
        Assert.Equal(whole.Select(r => r with { Start = Math.Max(0, r.Start - from), End = r.End - from }), part);
        // Without what came before, a sentence can be cut or lose its subject, but nothing true is taken for false.
        var alone = new AlmanacReader(world).Read(text[from..to]);
        Assert.DoesNotContain(alone, r => r.Kind is ReadingKind.FalseFact or ReadingKind.Unparseable);
    }, iter: 200);

    [Fact]
    public void What_is_said_instead_of_the_truth_is_told() => Options.Sample(options =>
    {
        var world = AlmanacWorld.Of(options);
        var (reader, random) = (new AlmanacReader(world), Seeds.NewRandom(options.Seed));
        foreach (var fact in world.Facts.Take(200))
        {
            var values = world.Values(fact.Relation, world.Entities[fact.Subject].Kind);
            var value = values[random.Next(values.Count)];
            var read = Assert.Single(reader.Read(new AlmanacWriter(world).Statement(fact with { Value = value }, random) + " \n"));
            Assert.Equal((value == fact.Value ? ReadingKind.TrueFact : ReadingKind.FalseFact, fact.Subject, fact.Relation, value, fact.Index), (read.Kind, read.Subject, read.Relation, read.Value, read.Fact));
        }
    }, iter: 20);

    [Fact]
    public void Broken_and_unresolved_sentences_are_told_apart()
    {
        var world = AlmanacWorld.Of(new() { Entities = 200 });
        var (town, river) = (world.OfKind(EntityKind.Town)[0], world.OfKind(EntityKind.River)[0]);
        var founded = world.FactsOf(town.Index).Single(f => f.Relation.Name == "founded").Value;
        Assert.Equal([ReadingKind.Heading, ReadingKind.TrueFact, ReadingKind.Unparseable, ReadingKind.Unparseable], Kinds($" = {town.Name} = \n It was founded in the year {founded} . It was was founded . founded in \n"));
        Assert.Equal([ReadingKind.Heading, ReadingKind.Unresolved, ReadingKind.Unresolved], Kinds($" = {river.Name} = \n The town was founded in the year {founded} . She was founded in the year {founded} . \n"));
        Assert.Equal([ReadingKind.Unresolved, ReadingKind.TrueFact, ReadingKind.TrueFact], Kinds($" It was founded in the year {founded} . {town.Name} was founded in the year {founded} . It was founded in the year {founded} . \n"));
        Assert.Equal([ReadingKind.Heading, ReadingKind.FalseFact, ReadingKind.FalseFact], Kinds($" = Qanzibul = \n Qanzibul was founded in the year {founded} . It flows into Xarimo . \n"));
        Assert.Equal([ReadingKind.Fragment, ReadingKind.Empty, ReadingKind.Fragment], Kinds($"nd of the city . {town.Name} remains popular with visitors of every age . {town.Name} was founded"));
        Assert.Equal([ReadingKind.Fragment, ReadingKind.Unparseable, ReadingKind.Unparseable, ReadingKind.Unparseable], Kinds($" \n{town.Name} lies . \n = {town.Name} is = \n = = = \n = = Nonsense = = \n"));
        Assert.Empty(Kinds(""));
        Assert.Empty(Kinds(" \n \n"));

        IEnumerable<ReadingKind> Kinds(string text) => new AlmanacReader(world).Read(text).Select(r => r.Kind);
    }

    [Fact]
    public void Names_are_unambiguous_and_what_entities_say_of_each_other_agrees() => Options.Sample(options =>
    {
        var world = AlmanacWorld.Of(options);
        var names = world.Entities.Select(e => e.Name).Order(StringComparer.Ordinal).ToArray();
        Assert.All(names.Zip(names.Skip(1)), pair => Assert.False(pair.Second.StartsWith(pair.First, StringComparison.Ordinal)));
        Assert.All(Enum.GetValues<EntityKind>(), kind => Assert.True(world.OfKind(kind).Count >= 2));
        foreach (var fact in world.Facts)
        {
            var subject = world.Entities[fact.Subject];
            Assert.Contains(fact.Value, world.Values(fact.Relation, subject.Kind));
            if (fact.Object is { } thing) Assert.Equal(fact.Value, world.Entities[thing].Name);
            switch (fact.Relation.Name)
            {
                case "twin": Assert.Equal(fact.Subject, Object(fact.Object!.Value, "twin")); break;
                case "passes": Assert.Equal(fact.Subject, Object(fact.Object!.Value, "river")); break;
                case "inflow": Assert.Equal(fact.Subject, Object(fact.Object!.Value, "mouth")); break;
                case "opera": Assert.Equal(fact.Subject, Object(fact.Object!.Value, "composer")); break;
                case "crosses": Assert.Equal(fact.Object, Object(Object(fact.Subject, "located")!.Value, "river")); break;
                case "premiere": Assert.InRange(Year(fact.Subject, "premiere"), Year(Object(fact.Subject, "composer")!.Value, "born") + 20, Year(Object(fact.Subject, "composer")!.Value, "died")); break;
                case "teacher": Assert.True(Year(fact.Object!.Value, "born") < Year(fact.Subject, "born")); break;
            }
        }

        Fact Of(int subject, string relation) => world.FactsOf(subject).Single(f => f.Relation.Name == relation);
        int? Object(int subject, string relation) => Of(subject, relation).Object;
        int Year(int subject, string relation) => int.Parse(Of(subject, relation).Value);
    }, iter: 30);

    [Theory]
    [InlineData(48, 0)]
    [InlineData(150, 1)]
    [InlineData(150, 2)]
    [InlineData(2000, 1)]
    public void Articles_and_facts_have_the_frequencies_of_the_table(int entities, double exponent)
    {
        const int Articles = 40_000;
        var world = AlmanacWorld.Of(new() { Entities = entities, Exponent = exponent, Seed = 3 });
        var (about, stated) = (new double[entities], new double[world.Facts.Count]);
        foreach (var article in new AlmanacWriter(world).Articles(7).Take(Articles))
        {
            about[article.Subject]++;
            foreach (var mention in article.Mentions) if (mention.Fact >= 0) stated[mention.Fact]++;
        }

        // Rare entities are counted together, so that at least 10 are expected in each cell (Cochran's rule asks for 5).
        var (chi, cells, expected, observed) = (0.0, 0, 0.0, 0.0);
        for (var i = 0; i < entities; i++)
        {
            expected += Articles * world.ArticleProbability(i);
            observed += about[i];
            if (expected < 10 && i < entities - 1) continue;
            (chi, cells, expected, observed) = (chi + ((observed - expected) * (observed - expected) / expected), cells + 1, 0, 0);
        }

        Assert.True(ChiSquared.CDF(cells - 1, chi) < 1 - 1e-5);

        // Given the articles about its subject, a fact is stated in a binomial number of them, independently of other facts.
        var (sum, facts) = (0.0, 0);
        foreach (var fact in world.Facts)
        {
            var (n, p) = (about[fact.Subject], fact.Relation.Inclusion);
            if (n * p * (1 - p) < 5) continue;
            (sum, facts) = (sum + (Math.Pow(stated[fact.Index] - (n * p), 2) / (n * p * (1 - p))), facts + 1);
        }

        Assert.InRange(facts, 20, world.Facts.Count);
        Assert.InRange(ChiSquared.CDF(facts, sum), 1e-5, 1 - 1e-5);
        Assert.Equal(1, world.Facts.Sum(f => world.FactProbability(f.Index)), 1e-12);
    }

    [Fact]
    public void Equal_options_give_equal_bytes()
    {
        var options = new AlmanacOptions { Entities = 300, TrainArticles = 50, ValidArticles = 5, TestArticles = 5 };
        var (one, other) = (Corpus(options), Corpus(options));
        Assert.Equal(one.Documents("train"), other.Documents("train"));
        Assert.StartsWith("684cef3b7cc96dd99f57d9a936e6365d8928da15044d2cc843", one.Hash("train"));
        Assert.NotEqual(one.Hash("valid"), one.Hash("test"));
        Assert.NotEqual(one.Hash("train"), Corpus(options with { Seed = 2 }).Hash("train"));
        Assert.Throws<InputException>(() => one.Documents("dev"));
        Assert.Throws<InputException>(() => one.Documents(null));

        static AlmanacCorpus Corpus(AlmanacOptions options) => new(AlmanacWorld.Of(options));
    }

    [Theory]
    [InlineData(47, 1)]
    [InlineData(20_001, 1)]
    [InlineData(100, -0.1)]
    [InlineData(100, 3.1)]
    [InlineData(100, double.NaN)]
    public void Options_out_of_range_are_refused(int entities, double exponent) =>
        Assert.Throws<InputException>(() => AlmanacWorld.Of(new() { Entities = entities, Exponent = exponent }));

    [Fact]
    public void Ten_million_words_stream_in_constant_memory()
    {
        var writer = new AlmanacWriter(AlmanacWorld.Of(new()));
        var (words, before) = (0L, 0L);
        foreach (var article in writer.Articles(1))
        {
            words += article.Text.AsSpan().Count(' ');
            if (before == 0 && words > 100_000) before = GC.GetTotalMemory(forceFullCollection: true);
            if (words > 10_000_000) break;
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 5_000_000);
    }

    [Fact]
    public void Probes_are_beginnings_of_sentences_that_one_answer_alone_makes_true() => Gen.Select(Options, Gen.Int[2, 12]).Sample((options, answers) =>
    {
        var world = AlmanacWorld.Of(options);
        var reader = new AlmanacReader(world);
        var probes = ClozeProbe.Of(world, 5, answers, options.Seed);
        Assert.All(Enumerable.Range(0, 10), decile => Assert.Equal(5, probes.Count(p => world.Decile(p.Fact) == decile)));
        foreach (var probe in probes)
        {
            Assert.Equal(probe.Answers.Count, probe.Answers.Distinct().Count());
            Assert.Equal(Math.Min(answers, world.Values(world.Facts[probe.Fact].Relation, world.Entities[world.Facts[probe.Fact].Subject].Kind).Count), probe.Answers.Count);
            foreach (var (i, answer) in probe.Answers.Index())
            {
                var read = reader.Read($"{probe.Prompt}{answer} . \n")[1];
                Assert.Equal((i == probe.Correct ? ReadingKind.TrueFact : ReadingKind.FalseFact, probe.Fact), (read.Kind, read.Fact));
            }
        }
    }, iter: 30);
}
