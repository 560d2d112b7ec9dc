using ModelCollapse.Data.Almanac;
using ModelCollapse.Generations;
using ModelCollapse.Metrics;
using ModelCollapse.Provenance;
using ModelCollapse.Statistics;
using ModelCollapse.Text;

namespace ModelCollapse.Language;

/// <summary>
/// What a generation's model writes about a world whose truth is known, read sentence by sentence: which facts are still stated, what is false, what
/// states nothing, how varied it is, and how far its facts are from their true distribution, beside the same numbers of people's text of the same size.
/// Under collapse recall, support, entropy and paraphrases fall, rare facts' recall first (early collapse, Shumailov et al. 2024); hallucination,
/// uninformative sentences, divergence and total variation rise.
/// </summary>
/// <param name="world">The world.</param>
/// <param name="tokenizer">Decodes what is written.</param>
/// <param name="shape">How much the model writes.</param>
public sealed class AlmanacText(AlmanacWorld world, BytePairTokenizer tokenizer, AlmanacShape shape) : IMetric<int[]>
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "almanac-text";

    const int PhraseTokens = 4;

    /// <summary>Statistics by name; for those that are given with their interval and the band of people's text, the largest value that they can have.</summary>
    static readonly (string Name, Func<AlmanacTally, double> Of, double? Most)[] Measured =
    [
        ("hallucination", t => t.Hallucination, 1),
        ("says-nothing", t => t.SaysNothing, 1),
        ("unparseable", t => (double)t.Unparseable / t.Sentences, null),
        ("empty", t => (double)t.Empty / t.Sentences, null),
        ("unresolved", t => (double)t.Unresolved / t.Sentences, null),
        ("true-per-block", t => t.TruePerBlock, null),
        ("support", t => t.Support, double.PositiveInfinity),
        ("support-simpson", t => t.InverseSimpson, null),
        ("entropy", t => t.Entropy, null),
        ("facts", t => t.DifferentFacts, null),
        ("subjects", t => t.DifferentSubjects, null),
        ("tail-mass", t => t.TailMass, null),
        ("paraphrases", t => t.Paraphrases, null),
        ("recall", t => t.Recall, null),
        .. Enumerable.Range(0, 10).Select(d => ($"recall.decile-{d}", (Func<AlmanacTally, double>)(t => t.RecallOf(d)), (double?)null)),
    ];

    readonly Lazy<AlmanacSamples> human = new(() => new(world, tokenizer, shape));

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <inheritdoc/>
    public bool ReadsWritten => true;

    /// <summary>The metric of a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="originals">Original blocks, the prompts of generation 0.</param>
    /// <exception cref="InputException">The recipe has another corpus.</exception>
    public static AlmanacText Of(Recipe recipe, BytePairTokenizer tokenizer, int originals)
    {
        var (sampling, blocks) = (recipe.Sampling, recipe.SamplesPerGeneration(originals));
        return new(WorldOf(recipe, MetricName), tokenizer, new(
            blocks, sampling.PromptTokens, sampling.Decoding.NewTokens, CorpusReader.BlockOptions(recipe.Data), sampling.PromptSelection == PromptSelection.Random && originals >= 2 * blocks));
    }

    /// <summary>The world of a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="metric">The metric that needs it.</param>
    /// <exception cref="InputException">The recipe has another corpus.</exception>
    internal static AlmanacWorld WorldOf(Recipe recipe, string metric) => recipe.Data.Corpus == Corpus.Almanac
        ? AlmanacWorld.Of(recipe.Data.Almanac ?? new())
        : throw new InputException($"The metric '{metric}' of recipe {recipe.Name} knows the truth of the corpus 'almanac' alone: set 'data.corpus' to almanac, or leave the metric out.");

    /// <summary>Reads a text with the prompt that it continues.</summary>
    internal static IReadOnlyList<Reading> Read(AlmanacReader reader, BytePairTokenizer tokenizer, IReadOnlyList<int> prompt, IReadOnlyList<int> text) =>
        reader.Read(tokenizer.Decode(text, skipSpecial: true), tokenizer.Decode(prompt, skipSpecial: true));

    /// <summary>
    /// Of the first n texts that the model writes:
    /// <c>hallucination</c>: false statements among all; <c>unparseable</c>, <c>empty</c>, <c>unresolved</c> and their sum <c>says-nothing</c>: shares of the
    /// sentences; <c>true-per-block</c>: true statements per text;
    /// <c>support</c> (exponential of the entropy), <c>support-simpson</c>, <c>entropy</c> (nats), <c>facts</c> and <c>subjects</c>: how many different facts are
    /// stated; <c>tail-mass</c>: share of the rare ones, which in people's text is a half; <c>paraphrases</c>: effective number of templates per relation;
    /// <c>phrases</c>: effective number of 4-grams of tokens; <c>recall</c>: share of what could be said that is said at least once, and by tenths of the
    /// facts <c>recall.decile-0</c> (most frequent) to <c>recall.decile-9</c>.
    /// <c>.human</c> is the mean of the same in people's text of the same size. Where given, <c>.low</c> and <c>.high</c> are the ends of the 95 % interval
    /// (<see cref="Jackknife"/> over texts), <c>.human-low</c> and <c>.human-high</c> those of the band in which 95 % of people's samples lie.
    /// <c>kl</c> (nats) and <c>total-variation</c>: from the facts stated to the true distribution; their <c>.human</c> is that of as many true statements of
    /// people, which is their bias, and <c>.excess</c> what is above it; below 0 where few statements keep to the most frequent facts. What cannot be told, such as
    /// hallucinations where nothing is stated, is not a number. <c>blocks</c>, <c>sentences</c>, <c>statements</c>: how much was read.
    /// </summary>
    public IReadOnlyDictionary<string, double> Measure(GenerationContext<int[]> c)
    {
        var texts = c.Written.Take(shape.Blocks);
        var reader = new AlmanacReader(world);
        var readings = texts.Origins.Select((origin, i) => Read(reader, tokenizer, PromptOf(c, origin), texts[i])).ToList();
        var groups = Jackknife.Groups(readings.Count).Select(g => AlmanacTally.Of(world, readings.Take(g))).ToList();
        var all = AlmanacTally.Of(world, readings);
        var rests = groups.ConvertAll(all.Without);
        var numbers = new Dictionary<string, double> { ["blocks"] = all.Blocks, ["sentences"] = all.Sentences, ["statements"] = all.True + all.False };
        foreach (var (name, of, largest) in Measured)
        {
            var (mean, low, high) = AlmanacSamples.Band([.. human.Value.Tallies.Select(of)]);
            (numbers[name], numbers[$"{name}.human"]) = (of(all), mean);
            if (largest is not { } most) continue;
            var own = Jackknife.Of(of(all), [.. rests.Select(of)]);
            (numbers[$"{name}.low"], numbers[$"{name}.high"]) = (Math.Max(0, own.Low), Math.Min(most, own.High));
            (numbers[$"{name}.human-low"], numbers[$"{name}.human-high"]) = (Math.Max(0, low), Math.Min(most, high));
        }

        (numbers["phrases"], numbers["phrases.human"]) = (Phrases(texts), human.Value.Texts.Average(Phrases));
        List<AlmanacTally> asMany = [.. human.Value.Statements(all.True)];
        foreach (var (name, of) in ((string, Func<AlmanacTally, double>)[])[("kl", t => t.KullbackLeibler), ("total-variation", t => t.TotalVariation)])
        {
            var (own, people) = (of(all), asMany.Average(of));
            (numbers[name], numbers[$"{name}.human"], numbers[$"{name}.excess"]) = (own, people, own - people);
        }

        return numbers;
    }

    int[] PromptOf(GenerationContext<int[]> c, Origin origin) => origin is Origin.Synthetic { Prompt: >= 0 and var prompt }
        ? [.. c.WrittenPrompts[prompt].Take(shape.Prompt)]
        : [];

    static double Phrases(IEnumerable<int[]> texts) => Math.Exp(NGrams.Entropy(texts, PhraseTokens));
}
