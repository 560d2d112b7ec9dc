using CsCheck;
using ModelCollapse.Data;
using ModelCollapse.Data.Almanac;
using ModelCollapse.Generations;
using ModelCollapse.Language;
using ModelCollapse.Metrics;
using ModelCollapse.Models;
using ModelCollapse.Provenance;
using ModelCollapse.Recipes;
using ModelCollapse.Reporting;
using ModelCollapse.Store;
using ModelCollapse.Text;
using ModelCollapse.Training;
using static TorchSharp.torch;

namespace ModelCollapse.Tests.Metrics;

/// <summary>Texts with tallies that a hand computes, people's text, and questions to models whose answers are known.</summary>
public class AlmanacMetricTests
{
    static readonly AlmanacWorld World = AlmanacWorld.Of(new() { Entities = 200 });
    static readonly AlmanacReader Reader = new(World);
    // As large as the preset's: with fewer tokens the longest sentences of people would not fit into a text, in which then nothing ends.
    static readonly BytePairTokenizer Tokenizer = BpeTrainer.Train(new AlmanacWriter(World).Articles(1).Take(600).Select(a => a.Text), 2048);
    static readonly TokenBlockOptions Cut = new() { Remainder = Remainder.DropAtEnd };
    static readonly AlmanacShape Shape = new(400, 32, 64, Cut, Apart: false);

    static readonly Fact Founded = World.Facts.First(f => f.Relation.Name == "founded");
    static string Says(int paraphrase, string value) => Founded.Relation.Templates[paraphrase].Say(value, "");

    static readonly string Town = World.Entities[Founded.Subject].Name;

    [Fact]
    public void A_text_is_counted_as_a_hand_counts_it()
    {
        var other = World.Values(Founded.Relation, EntityKind.Town).First(v => v != Founded.Value);
        var tally = Tally(
            $" = {Town} = \n {Town} {Says(0, Founded.Value)} and {Says(1, Founded.Value)} . It {Says(1, other)} . {Town} {Grammar.Fillers.First(f => f.FollowsSubject).Say("", "")} . \n",
            $"was founded . {Town} {Says(0, Founded.Value)} . The river {Says(0, other)} . in the of . {Town} was",
            "of of of of of of"); // nothing ends

        Assert.Equal((3, 7, 2, 1, 1), (tally.Blocks, tally.Sentences, tally.Unparseable, tally.Empty, tally.Unresolved));
        Assert.Equal((3, 1), (tally.True, tally.False));
        Assert.Equal((3, 1, 1), (tally.Facts[Founded.Index], tally.DifferentFacts, tally.DifferentSubjects));
        Assert.Equal(0.25, tally.Hallucination);
        Assert.Equal(4.0 / 7, tally.SaysNothing);
        Assert.Equal(1, tally.TruePerBlock);
        Assert.Equal(World.FactProbability(Founded.Index), tally.Recall);
        Assert.Equal((1, 1, 0), (tally.Support, tally.InverseSimpson, tally.Entropy));
        // The first paraphrase three times (one of them unresolved), the second twice.
        Assert.Equal(Math.Exp((-0.6 * Math.Log(0.6)) - (0.4 * Math.Log(0.4))), tally.Paraphrases, 12);
        Assert.Equal(-Math.Log(World.FactProbability(Founded.Index)), tally.KullbackLeibler, 12);
        Assert.Equal(1 - World.FactProbability(Founded.Index), tally.TotalVariation, 12);
        Assert.Equal(1.0 / World.Facts.Count(f => World.Decile(f.Index) == World.Decile(Founded.Index)), tally.RecallOf(World.Decile(Founded.Index)));
        Assert.Equal(1, Enumerable.Range(0, 10).Count(d => tally.RecallOf(d) > 0));
    }

    [Fact]
    public void Nothing_is_not_a_number_or_nothing()
    {
        var tally = Tally("");
        Assert.Equal((1, 1, 1), (tally.Blocks, tally.Sentences, tally.Unparseable));
        Assert.Equal((0, 0, 0, 0), (tally.Support, tally.InverseSimpson, tally.Recall, tally.RecallOf(0)));
        Assert.All((double[])[tally.Hallucination, tally.TailMass, tally.KullbackLeibler, tally.TotalVariation, tally.Paraphrases], v => Assert.True(double.IsNaN(v)));
    }

    [Fact]
    public void As_many_facts_equally_often_are_their_effective_number() => Gen.Select(Gen.Int[1, 300], Gen.Int[1, 5]).Sample((count, times) =>
    {
        var tally = AlmanacTally.OfStatements(World, Enumerable.Range(0, count * times).Select(i => i % count));
        Assert.Equal(count, tally.Support, 1e-9);
        Assert.Equal(count, tally.InverseSimpson, 1e-9);
        Assert.Equal(count, tally.DifferentFacts);
        Assert.Equal(-Math.Log(count) - Enumerable.Range(0, count).Average(i => Math.Log(World.FactProbability(i))), tally.KullbackLeibler, 1e-9);
        Assert.Equal(Enumerable.Range(0, count).Average(i => Tail(i) ? 1.0 : 0), tally.TailMass, 1e-9);
    });

    // The facts before which less than half of the mass is.
    static bool Tail(int fact) =>
        World.Facts.Where(f => World.FactProbability(f.Index) > World.FactProbability(fact) || (World.FactProbability(f.Index) == World.FactProbability(fact) && f.Index < fact)).Sum(f => World.FactProbability(f.Index))
        >= AlmanacTally.FrequentMass;

    [Fact]
    public void A_tally_without_some_texts_is_that_of_the_others() => Gen.Select(Gen.Long[0, 1000], Gen.Int[1, 9]).Sample((seed, parts) =>
    {
        var readings = new AlmanacWriter(World).Articles(seed).Take(10).Select(a => Reader.Read(a.Text.Replace(" in ", seed % 2 == 0 ? " in " : " of "))).ToList();
        var (rest, wanted) = (AlmanacTally.Of(World, readings).Without(AlmanacTally.Of(World, readings.Take(parts))), AlmanacTally.Of(World, readings.Skip(parts)));
        Assert.Equal(wanted.Facts, rest.Facts);
        Assert.Equal(
            (wanted.Blocks, wanted.Sentences, wanted.Unparseable, wanted.Empty, wanted.Unresolved, wanted.True, wanted.False, wanted.Paraphrases),
            (rest.Blocks, rest.Sentences, rest.Unparseable, rest.Empty, rest.Unresolved, rest.True, rest.False, rest.Paraphrases));
    }, iter: 50);

    [Fact]
    public void Peoples_samples_are_contiguous_text_of_the_size_asked_for_and_all_their_statements_are_true()
    {
        var samples = new AlmanacSamples(World, Tokenizer, Shape, count: 3);
        Assert.All(samples.Texts, t => Assert.Equal(400, t.Count));
        Assert.All(samples.Texts.SelectMany(t => t), t => Assert.Equal(64, t.Length));
        Assert.All(samples.Tallies, t => Assert.Equal((0, 0, 400), (t.False, t.Unparseable, t.Blocks)));
        var text = Tokenizer.Decode([.. samples.Texts[0].SelectMany(t => t)], skipSpecial: true);
        Assert.DoesNotContain(Reader.Read(text), r => r.Kind is ReadingKind.Unparseable or ReadingKind.FalseFact);
        Assert.All(samples.Statements(100), t => Assert.Equal(100, t.True));
        Assert.NotEqual(samples.Tallies[0].Facts, samples.Tallies[1].Facts);
    }

    [Fact]
    public void Texts_apart_are_of_different_articles()
    {
        // The first text is the same; after that those apart see eight times as many articles.
        var (apart, together) = (new AlmanacSamples(World, Tokenizer, Shape with { Apart = true }, count: 2), new AlmanacSamples(World, Tokenizer, Shape, count: 2));
        Assert.InRange(apart.Tallies[0].DifferentSubjects, together.Tallies[0].DifferentSubjects, 200);
    }

    /// <summary>
    /// A further sample of people's text, measured as if a model had written it. A single number lies outside of the band of 95 % in one of twenty worlds, so
    /// the band is widened to one that is left in one of 100,000: from Student's 2.262 to 8.6 with nine degrees of freedom.
    /// </summary>
    [Fact]
    public void Peoples_text_scores_as_peoples_text()
    {
        var further = new AlmanacWriter(World).Articles(12345);
        List<int> stream = [.. TokenBlocks.Cut(further.Take(1500).Select(a => a.Text), Tokenizer, Cut with { Length = 2 }).Blocks.SelectMany(b => b)];
        int[][] windows = [.. Enumerable.Range(0, 400).Select(i => stream.GetRange(i * 64, 96).ToArray())];
        var numbers = Measure(windows);

        Assert.Equal((400, 0, 0), (numbers["blocks"], numbers["hallucination"], numbers["unparseable"]));
        foreach (var name in (string[])["says-nothing", "support"])
        {
            var (mean, half) = (numbers[$"{name}.human"], (numbers[$"{name}.human-high"] - numbers[$"{name}.human-low"]) / 2);
            Assert.InRange(numbers[name], mean - (half * 8.6 / 2.262), mean + (half * 8.6 / 2.262));
            Assert.InRange(numbers[name], numbers[$"{name}.low"], numbers[$"{name}.high"]);
        }

        var samples = new AlmanacSamples(World, Tokenizer, Shape);
        foreach (var (name, of) in new (string, Func<AlmanacTally, double>)[]
                 {
                     ("kl", t => t.KullbackLeibler), ("total-variation", t => t.TotalVariation), ("tail-mass", t => t.TailMass), ("entropy", t => t.Entropy),
                     ("recall", t => t.Recall), ("recall.decile-0", t => t.RecallOf(0)), ("recall.decile-9", t => t.RecallOf(9)), ("paraphrases", t => t.Paraphrases),
                 })
        {
            var (mean, _, high) = AlmanacSamples.Band([.. samples.Tallies.Select(of)]);
            Assert.InRange(numbers[name], mean - ((high - mean) * 8.6 / 2.262), mean + ((high - mean) * 8.6 / 2.262));
            if (name is not ("kl" or "total-variation")) Assert.Equal(mean, numbers[$"{name}.human"], 1e-9);
            else Assert.InRange(Math.Abs(numbers[$"{name}.excess"]), 0, (high - mean) * 8.6 / 2.262);
        }

        // The bias that is shown is there: a sample of people's own text is not at the truth.
        Assert.InRange(numbers["kl.human"], 0.05, 10);
    }

    [Fact]
    public void A_text_that_repeats_one_true_sentence_is_all_true_and_has_one_fact()
    {
        var text = Tokenizer.Encode($" {string.Concat(Enumerable.Repeat($"{Town} {Says(0, Founded.Value)} . ", 20))}")[..64];
        var numbers = Measure([.. Enumerable.Repeat((int[])[.. Tokenizer.Encode("\n")[..1], .. text], 50)], prompt: 1);
        Assert.Equal((0, 1, 1, 1), (numbers["hallucination"], numbers["facts"], numbers["support"], numbers["paraphrases"]));
        Assert.Equal((1, 1), (numbers["support.low"], numbers["support.high"]));
        Assert.InRange(numbers["phrases"], 1, 20);
        Assert.InRange(numbers["phrases.human"], 300, 1e6);
        Assert.InRange(numbers["kl.excess"], 1, 20);
    }

    static TextSetting Setting(int prompt = 32, bool perLine = true) =>
        new() { Tokenizer = Tokenizer, Test = [], Corpus = new AlmanacCorpus(World), Cut = Cut with { PerLineSpecials = perLine }, PromptTokens = prompt, NewTokens = 64 };

    static IReadOnlyDictionary<NumberKey, double> Measure(int[][] windows, int prompt = 32)
    {
        return new AlmanacText().Measure(new GenerationContext<int[]>(() => null!, "")
        {
            Generation = 0,
            Seed = 0,
            Model = null!,
            TrainingSet = Dataset<int[]>.Empty,
            Synthetic = Dataset<int[]>.Empty,
            Real = Dataset<int[]>.Empty,
            Setting = new(Setting(prompt)),
            OwnText = new(windows.Select(w => w[prompt..]), windows.Select((_, i) => new Origin.Synthetic("", 0, "", 0, windows.Length - 1 - i))),
            OwnPrompts = Dataset<int[]>.Human(windows.Reverse(), "prompts"), // whole blocks, found by their index
        });
    }

    static AlmanacTally Tally(params string[] texts) => AlmanacTally.Of(World, texts.Select(t => Reader.Read(t)));

    [Fact]
    public void A_model_that_knows_nothing_answers_by_chance()
    {
        using var model = Model();
        using (no_grad())
            foreach (var weight in model.Parameters.Values) weight.zero_();
        var probes = ClozeProbe.Of(World, 30, 8, 5);
        var found = AlmanacCloze.CorrectShares(Scorer(model), probes, Setting());

        // All tokens are equally probable, so an answer of n tokens has the weight V⁻ⁿ.
        foreach (var (probe, (_, probability)) in probes.Zip(found))
        {
            double[] weights = [.. probe.Answers.Select(a => Math.Pow(Tokenizer.VocabularySize, -Tokenizer.Encode(a).Length))];
            Assert.Equal(weights[probe.Correct] / weights.Sum(), probability, 1e-3);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Answers_are_scored_by_all_their_tokens_after_the_prompt(bool perLine)
    {
        using var model = Model();
        var probes = ClozeProbe.Of(World, 3, 5, 6);
        var found = AlmanacCloze.CorrectShares(Scorer(model), probes, Setting(perLine: perLine));
        foreach (var (probe, (right, probability)) in probes.Zip(found))
        {
            double[] logs = [.. probe.Answers.Select(a => LogProbability(model, Ids(probe.Prompt), Ids(probe.Prompt + a)))];
            var all = logs.Sum(Math.Exp);
            Assert.Equal(Math.Exp(logs[probe.Correct]) / all, probability, 1e-3);
            if (logs.Order().ToArray() is [.., var second, var first] && first - second > 1e-3) Assert.Equal(logs[probe.Correct] == first, right);
        }

        int[] Ids(string text) => perLine ? [.. Rows.Of(text).SelectMany(r => Tokenizer.Encode(r, addSpecial: true))] : Tokenizer.Encode(text);
    }

    static double LogProbability(CausalLM model, int[] prompt, int[] whole)
    {
        Assert.Equal(prompt, whole[..prompt.Length]);
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var logs = model.Logits(tensor(Array.ConvertAll(whole, i => (long)i)).unsqueeze(0)).squeeze(0).to(float64).log_softmax(1);
        return Enumerable.Range(prompt.Length, whole.Length - prompt.Length).Sum(i => logs[i - 1, whole[i]].item<double>());
    }

    [Fact]
    public void A_model_learns_the_answers_that_it_is_taught_and_no_others()
    {
        using var model = Model();
        var probes = ClozeProbe.Of(World, 4, 6, 7);
        int[][] lessons = [.. probes.Where(p => World.Decile(p.Fact) < 3).Select(p => Rows.Of(p.Prompt + p.Answers[p.Correct] + " . \n").SelectMany(r => Tokenizer.Encode(r, addSpecial: true)).ToArray())];
        new Trainer(new() { Epochs = 150, BatchSize = 12, LearningRate = 3e-3 }).Fit(model, lessons, [], 1);
        var found = AlmanacCloze.CorrectShares(Scorer(model), probes, Setting());
        Assert.All(probes.Zip(found).Where(p => World.Decile(p.First.Fact) < 3), p => Assert.True(p.Second.Right && p.Second.Probability > 0.9));
        Assert.Contains(probes.Zip(found).Where(p => World.Decile(p.First.Fact) >= 3), p => !p.Second.Right);
    }

    static LanguageModel Scorer(CausalLM model) => new(model, Tokenizer, new() { Training = _ => new(), Decoding = new() });

    static CausalLM Model() => CausalLM.Create(
        new OptConfig { Layers = 2, Width = 48, EmbeddingWidth = 48, Heads = 4, FeedForward = 96, VocabularySize = Tokenizer.VocabularySize, MaxPositions = 128, TiedHead = true, BosId = 2, EosIds = [2], PadId = 1 },
        float32, 1);

    static Recipe NewRecipe() => Recipe.Parse("""
        {
          "name": "a",
          "data": {
            "corpus": { "kind": "almanac", "world": { "entities": 100, "trainArticles": 400, "testArticles": 60 } },
            "train": { "split": "train" }, "test": { "split": "test" }, "remainder": "drop-at-end", "trainBlocks": 64, "testBlocks": 20, "promptBlocks": 18
          },
          "model": { "preset": "almanac" },
          "training": { "epochs": 4, "maxSteps": 6, "batchSize": 16, "learningRate": 1e-3 },
          "sampling": { "promptTokens": 32, "prompts": "generated", "blocksPerGeneration": 24, "decoding": { "sample": true, "minNewTokens": 64 } },
          "metrics": ["perplexity", "almanac-text", "almanac-cloze"], "generations": 1,
          "arms": { "replace-sample": { "control": "control-sample" }, "control-sample": { "set": { "policy": { "kind": "PreserveFraction", "fraction": 1 } } } }
        }
        """, "The test");

    [Fact]
    public async Task Recipes_name_the_metrics_and_equal_runs_give_equal_numbers()
    {
        var recipe = NewRecipe();
        var (one, other, control) = (await Run("replace-sample"), await Run("replace-sample"), await Run("control-sample"));
        Assert.Equal(one.Select(g => g.Metrics), other.Select(g => g.Metrics));
        Assert.Equal(one[0].Metrics, control[0].Metrics);
        Assert.All(one.Concat(control), g => Assert.Equal(one[0].Metrics.Keys, g.Metrics.Keys));
        Assert.All(one.Concat(control), g => Assert.Equal(18, g.Metrics["almanac-text.blocks"])); // the held-out prompts, in every arm
        Assert.All(one, g => Assert.InRange(g.Metrics["almanac-cloze.chance"], 0.1, 0.5));
        Assert.Equal(one[0].Metrics["almanac-text.support.human"], one[1].Metrics["almanac-text.support.human"]);
        Assert.Equal(one[0].Metrics["almanac-text.support.human"], control[1].Metrics["almanac-text.support.human"]);
        Assert.InRange(one[0].Metrics.Count(m => m.Key.Metric == AlmanacText.MetricName), 50, 75);

        async Task<List<Generation>> Run(string arm)
        {
            List<Generation> generations = [];
            await foreach (var g in TextStudy.Open(recipe, arm, new DataFolder(Path.GetTempPath())).WithSeed(0).RunAsync()) generations.Add(g);
            return generations;
        }
    }

    [Fact]
    public void With_another_corpus_they_say_what_they_need()
    {
        LoopSetting other = new(Setting() with { Corpus = new TextFolder(Path.GetTempPath()) });
        foreach (var metric in (IMetric<int[]>[])[new AlmanacText(), new AlmanacCloze()])
        {
            var message = Assert.Throws<InputException>(() => metric.Check(other)).Message;
            Assert.Contains("corpus 'almanac'", message);
            Assert.Contains($"'{metric.Name}'", message);
        }
    }
}
