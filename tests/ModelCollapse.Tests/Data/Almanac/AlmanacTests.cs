using System.Diagnostics;
using CsCheck;
using MathNet.Numerics.Distributions;
using ModelCollapse.Data;
using ModelCollapse.Data.Almanac;
using ModelCollapse.Recipes;
using ModelCollapse.Text;

namespace ModelCollapse.Tests.Data.Almanac;

/// <summary>The world, what is written about it, and that the reader gets exactly that out again.</summary>
public class AlmanacTests(ITestOutputHelper output)
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
    public void One_wrong_value_in_an_article_makes_one_false_fact_and_leaves_the_others() => Options.Sample(options =>
    {
        var world = AlmanacWorld.Of(options);
        var (reader, random, changed) = (new AlmanacReader(world), Seeds.NewRandom(options.Seed), 0);
        foreach (var article in new AlmanacWriter(world).Articles(options.Seed).Take(60))
        {
            var place = random.Next(article.Mentions.Count);
            var mention = article.Mentions[place];
            if (mention.Fact < 0) continue;
            var fact = world.Facts[mention.Fact];
            var others = world.Values(fact.Relation, world.Entities[fact.Subject].Kind).Where(v => v != fact.Value).ToArray();
            var (said, sentence) = ($" {fact.Value} ", article.Text[mention.Start..mention.End]);
            // Where the value stands twice (a victor who is named in another clause too, "town" in "the town") one cannot say which to change.
            if (others.Length == 0 || sentence.Split(said).Length != 2) continue;
            var value = others[random.Next(others.Length)];
            var text = article.Text[..mention.Start] + sentence.Replace(said, $" {value} ") + article.Text[mention.End..];
            var readings = reader.Read(text).Where(r => r.Kind != ReadingKind.Heading).ToArray();
            Assert.Equal(article.Mentions.Select(m => (m.Fact, m.Template)), readings.Select(r => (r.Fact, r.Template)));
            Assert.Equal((ReadingKind.FalseFact, value, fact.Relation), (readings[place].Kind, readings[place].Value, readings[place].Relation));
            Assert.All(readings.Where((_, i) => i != place), r => Assert.Equal(r.Fact < 0 ? ReadingKind.Empty : ReadingKind.TrueFact, r.Kind));
            changed++;
        }

        Assert.InRange(changed, 20, 60);
    }, iter: 40);

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
                case "pupil": Assert.Equal(fact.Subject, Object(fact.Object!.Value, "teacher")); break;
                case "spring": Assert.Equal(fact.Subject, Object(fact.Object!.Value, "source")); break;
                case "located" when subject.Kind == EntityKind.Bridge: Assert.True(Year(fact.Object!.Value, "founded") < Year(fact.Subject, "built")); break;
                case "died": Assert.True(Year(fact.Subject, "born") < Year(fact.Subject, "died")); break;
                case "winner": Assert.NotEqual(fact.Value, Of(fact.Subject, "loser").Value); break;
            }
        }

        Fact Of(int subject, string relation) => world.FactsOf(subject).Single(f => f.Relation.Name == relation);
        int? Object(int subject, string relation) => Of(subject, relation).Object;
        int Year(int subject, string relation) => int.Parse(Of(subject, relation).Value);
    }, iter: 30);

    [Theory]
    [InlineData(48, 0)]
    [InlineData(150, 0)]
    [InlineData(150, 1)]
    [InlineData(150, 2)]
    [InlineData(2000, 0)]
    [InlineData(2000, 1)]
    [InlineData(2000, 2)]
    [InlineData(10000, 1)]
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

        Assert.True(ChiSquared.CDF(cells - 1, chi) < 1 - 1e-4);

        // Given the articles about its subject, a fact is stated in a binomial number of them, independently of other facts.
        var (sum, facts) = (0.0, 0);
        foreach (var fact in world.Facts)
        {
            var (n, p) = (about[fact.Subject], fact.Relation.Inclusion);
            if (n * p * (1 - p) < 5) continue;
            (sum, facts) = (sum + (Math.Pow(stated[fact.Index] - (n * p), 2) / (n * p * (1 - p))), facts + 1);
        }

        Assert.InRange(facts, 20, world.Facts.Count);
        Assert.InRange(ChiSquared.CDF(facts, sum), 1e-4, 1 - 1e-4);
        Assert.Equal(1, world.Facts.Sum(f => world.FactProbability(f.Index)), 1e-12);
    }

    [Fact]
    public void Paraphrases_have_the_frequencies_of_their_ranks()
    {
        var world = AlmanacWorld.Of(new() { Entities = 500 });
        var counts = Grammar.Relations.ToDictionary(r => r, r => new double[r.Templates.Count]);
        foreach (var mention in new AlmanacWriter(world).Articles(5).Take(40_000).SelectMany(a => a.Mentions))
            if (mention.Fact >= 0) counts[world.Facts[mention.Fact].Relation][mention.Template]++;
        Assert.All(Grammar.Relations, relation =>
        {
            var seen = counts[relation];
            var harmonic = Enumerable.Range(1, seen.Length).Sum(r => 1.0 / r);
            var chi = seen.Select((n, i) => (n, Expected: seen.Sum() / harmonic / (i + 1))).Sum(c => Math.Pow(c.n - c.Expected, 2) / c.Expected);
            // Bonferroni over the relations.
            Assert.True(ChiSquared.CDF(seen.Length - 1, chi) < 1 - 1e-4 / Grammar.Relations.Count, $"{relation}: {chi}");
        });
    }

    [Fact]
    public void Every_kind_has_four_to_eight_relations_with_six_paraphrases_and_no_words_say_two_things()
    {
        Assert.All(Enum.GetValues<EntityKind>(), kind => Assert.InRange(Grammar.Relations.Count(r => r.Kinds.Contains(kind)), 4, 8));
        Assert.All(Grammar.Relations, relation => Assert.True(relation.Templates.Count >= 6 && relation.Templates.Any(t => t.FollowsSubject && t.EndsWithValue)));
        var phrases = Grammar.Relations.SelectMany(r => r.Templates).Concat(Grammar.Fillers).Select(t => string.Join(' ', t.Words)).ToArray();
        Assert.Equal(phrases.Length, phrases.Distinct().Count());
        Assert.All(Grammar.Relations.SelectMany(r => r.Templates), t => Assert.Single(t.Words, w => w == "{V}"));
        var words = phrases.Concat(Grammar.Relations.Select(r => r.Domain).OfType<Domain.Words>().SelectMany(d => d.Values)).SelectMany(p => p.Split(' ')).Where(w => !char.IsDigit(w[0]));
        Assert.InRange(words.Distinct(StringComparer.OrdinalIgnoreCase).Count(), 500, 1500);
    }

    [Fact]
    public void A_sentence_has_one_parse() => Options.Sample(options =>
    {
        var world = AlmanacWorld.Of(options);
        var parser = new SentenceParser(world);
        foreach (var article in new AlmanacWriter(world).Articles(options.Seed).Take(20))
            foreach (var sentence in article.Mentions.Select(m => article.Text[m.Start..(m.End - 2)]).Distinct())
                Assert.Single(parser.Parses(sentence.Split(' ')));
    }, iter: 30);

    [Fact]
    public void Any_text_is_read_and_readings_lie_in_it_one_after_the_other()
    {
        var world = AlmanacWorld.Of(new() { Entities = 100 });
        var reader = new AlmanacReader(world);
        string[] pieces = [.. Grammar.Relations.SelectMany(r => r.Templates).SelectMany(t => t.Words).Distinct().Take(60), .. world.Entities.Take(20).Select(e => e.Name), " ", "  ", ".", ",", "and", "which", "=", "\n", "\"", "It", "1500", "May", "by most accounts", "é\U0001F600"];
        Gen.Select(Gen.Int[0, pieces.Length - 1].Array[0, 60], Gen.Bool, Gen.Double[0, 1]).Sample((chosen, blanks, cut) =>
        {
            var text = string.Join(blanks ? " " : "", chosen.Select(i => pieces[i]));
            var at = (int)(cut * text.Length);
            var readings = reader.Read(text[at..], text[..at]);
            foreach (var (i, r) in readings.Index())
            {
                Assert.InRange(r.Start, 0, r.End - 1);
                Assert.InRange(r.End, 1, text.Length - at);
                if (i > 0) Assert.True(r.Start >= readings[i - 1].End || (r.Start, r.End) == (readings[i - 1].Start, readings[i - 1].End));
            }
        }, iter: 3000);
    }

    [Fact]
    public void What_a_tokenizer_decodes_is_read_as_what_it_encoded()
    {
        var world = AlmanacWorld.Of(new() { Entities = 200 });
        var text = string.Concat(new AlmanacWriter(world).Articles(2).Take(200).Select(a => a.Text));
        var tokenizer = BpeTrainer.Train([text], 2048);
        var ids = tokenizer.Encode(text);
        Assert.Equal(text, tokenizer.Decode(ids));
        var reader = new AlmanacReader(world);
        foreach (var block in ids.Chunk(64))
        {
            // A block cut anywhere between tokens, in words too: nothing true is taken for false or broken.
            var readings = reader.Read(tokenizer.Decode(block[32..]), tokenizer.Decode(block[..32]));
            Assert.DoesNotContain(readings, r => r.Kind is ReadingKind.FalseFact or ReadingKind.Unparseable);
        }
    }

    [Fact]
    public void A_reader_reads_a_megabyte_in_a_second()
    {
        var world = AlmanacWorld.Of(new());
        var text = string.Concat(new AlmanacWriter(world).Articles(1).Take(4000).Select(a => a.Text));
        var reader = new AlmanacReader(world);
        reader.Read(text[..100_000]);
        // The best of five, since other processes may run.
        var seconds = Enumerable.Range(0, 5).Min(_ => Measured(() => reader.Read(text)));
        output.WriteLine($"{text.Length / seconds / 1e6:0.0} MB/s");
        Assert.True(text.Length / seconds > 1e6, $"{text.Length / seconds / 1e6:0.0} MB/s");

        static double Measured(Action action)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    [Theory]
    [InlineData("data.corpus.world.entitys=100", "has no field 'data.corpus.world.entitys': did you mean 'data.corpus.world.entities'?")]
    [InlineData("data.corpus.world.entities=47", "'data.corpus.world.entities' is 47 but must be at least 48 and at most 20000")]
    [InlineData("data.corpus.world.exponent=4", "'data.corpus.world.exponent' is 4 but must be at least 0 and at most 3")]
    [InlineData("data.corpus.world.trainArticles=0", "'data.corpus.world.trainArticles' is 0 but must be at least 1 and at most 1000000")]
    [InlineData("data.corpus.world.seed=one", "'data.corpus.world.seed' is \"one\" but needs a whole number")]
    [InlineData("data.corpus={\"kind\":\"wikitext-2-raw\",\"world\":{}}", "has no field 'data.corpus.world'")]
    public void A_recipe_with_a_wrong_option_is_refused_in_one_sentence(string assignment, string problem)
    {
        var recipe = Recipe.Load("mini-base").With("data.corpus=almanac");
        var message = Assert.Throws<InputException>(() => recipe.With(assignment)).Message;
        Assert.Contains(problem, message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact, Trait("kind", "data")]
    public void No_name_is_a_word_of_real_text()
    {
        WikiText2 wikiText = new(TestData.Path("wikitext-2"), WikiTextVersion.Raw);
        HashSet<string> words = new(wikiText.Text("valid").Split((char[]?)null).Concat(wikiText.Text("test").Split((char[]?)null)), StringComparer.OrdinalIgnoreCase);
        foreach (var seed in Enumerable.Range(0, 5))
            Assert.DoesNotContain(AlmanacWorld.Of(new() { Seed = seed, Entities = 5000 }).Entities, e => words.Contains(e.Name));
    }

    [Fact]
    public void Equal_options_give_equal_bytes()
    {
        var options = new AlmanacOptions { Entities = 300, TrainArticles = 50, ValidArticles = 5, TestArticles = 5 };
        var (one, other) = (Corpus(options), Corpus(options));
        Assert.Equal(one.Documents("train"), other.Documents("train"));
        Assert.StartsWith("a6cb40bdac4fbc76fcdae5582d78f4e8609072b260e38da314", one.Hash("train"));
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
