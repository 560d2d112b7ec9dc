using System.Runtime.CompilerServices;
using ModelCollapse.Data;
using ModelCollapse.Data.Almanac;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;
using ModelCollapse.Statistics;
using ModelCollapse.Store;
using ModelCollapse.Text;

namespace ModelCollapse.Metrics;

/// <summary>
/// What a generation's model writes about a world whose truth is known, read sentence by sentence: which facts are still stated, what is false, what
/// states nothing, how varied it is, and how far its facts are from their true distribution, beside the same numbers of people's text of the same size.
/// Under collapse recall, support, entropy and paraphrases fall, rare facts' recall first (early collapse, Shumailov et al. 2024); hallucination,
/// uninformative sentences, divergence and total variation rise.
/// </summary>
[Kind(MetricName)]
public sealed record AlmanacText : IMetric<int[]>
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "almanac-text";

    const int PhraseTokens = 4;

    const string Source = "this project's Almanac (lib/ModelCollapse/Data/Almanac); early collapse: Shumailov et al. 2024, definition 2.1";

    const string Deciles = "recall";

    static readonly Statistic[] Statistics =
    [
        new("hallucination", "False statements", "", UnderCollapse.Rises, t => t.Hallucination) { Most = 1 },
        new("says-nothing", "Uninformative sentences", "", UnderCollapse.Rises, t => t.SaysNothing) { Most = 1 },
        new("unparseable", "Broken sentences", "", UnderCollapse.Rises, t => (double)t.Unparseable / t.Sentences),
        new("empty", "Sentences that state nothing", "", UnderCollapse.Rises, t => (double)t.Empty / t.Sentences),
        new("unresolved", "Sentences without a known subject", "", UnderCollapse.Rises, t => (double)t.Unresolved / t.Sentences),
        new("true-per-block", "True statements per text", "statements", UnderCollapse.Falls, t => t.TruePerBlock),
        new("support", "Effective number of facts", "facts", UnderCollapse.Falls, t => t.Support) { Most = double.PositiveInfinity },
        new("support-simpson", "Effective number of frequent facts", "facts", UnderCollapse.Falls, t => t.InverseSimpson),
        new("entropy", "Entropy of the facts stated", "nats", UnderCollapse.Falls, t => t.Entropy),
        new("facts", "Different facts", "facts", UnderCollapse.Falls, t => t.DifferentFacts),
        new("subjects", "Different subjects", "subjects", UnderCollapse.Falls, t => t.DifferentSubjects),
        new("tail-mass", "Statements from the tail", "", UnderCollapse.Falls, t => t.TailMass),
        new("paraphrases", "Effective number of paraphrases", "templates", UnderCollapse.Falls, t => t.Paraphrases),
        new(Deciles, "Recall in free generation", "", UnderCollapse.Falls, t => t.Recall),
    ];

    /// <summary>Distances from the true distribution, which are biased where little is stated.</summary>
    static readonly Statistic[] Distances =
    [
        new("kl", "Divergence from the true facts", "nats", UnderCollapse.Rises, t => t.KullbackLeibler),
        new("total-variation", "Total variation from the true facts", "", UnderCollapse.Rises, t => t.TotalVariation),
    ];

    static readonly MetricNumber[] Described =
    [
        .. Statistics.Concat(Distances).Select(s => new MetricNumber(s.Name, s.Label, s.Unit, s.UnderCollapse, Source)),
        new("phrases", "Effective number of phrases", "phrases", UnderCollapse.Falls, Source),
        new("blocks", "Texts read", "texts", UnderCollapse.Varies, Source),
        new("sentences", "Sentences read", "sentences", UnderCollapse.Varies, Source),
        new("statements", "Statements read", "statements", UnderCollapse.Varies, Source),
    ];

    // People's text is decided by the world: drawn once for all generations of an experiment.
    static readonly ConditionalWeakTable<TextSetting, Dictionary<AlmanacShape, AlmanacSamples>> People = [];

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <inheritdoc/>
    public IReadOnlyList<MetricNumber> Numbers => Described;

    /// <inheritdoc/>
    public void Check(LoopSetting setting)
    {
        setting.AlmanacWorld(MetricName);
        setting.CheckOwnText(MetricName, least: 2); // an interval over texts needs two
    }

    /// <summary>Reads a text with the prompt that it continues.</summary>
    internal static IReadOnlyList<Reading> Read(AlmanacReader reader, BytePairTokenizer tokenizer, IReadOnlyList<int> prompt, IReadOnlyList<int> text) =>
        reader.Read(tokenizer.Decode(text, skipSpecial: true), tokenizer.Decode(prompt, skipSpecial: true));

    /// <summary>
    /// Of the texts that the model writes from held-out prompts:
    /// <c>hallucination</c>: false statements among all; <c>unparseable</c>, <c>empty</c>, <c>unresolved</c> and their sum <c>says-nothing</c>: shares of the
    /// sentences; <c>true-per-block</c>: true statements per text;
    /// <c>support</c> (exponential of the entropy), <c>support-simpson</c>, <c>entropy</c> (nats), <c>facts</c> and <c>subjects</c>: how many different facts are
    /// stated; <c>tail-mass</c>: share of the rare ones, which in people's text is a half; <c>paraphrases</c>: effective number of templates per relation;
    /// <c>phrases</c>: effective number of 4-grams of tokens; <c>recall</c>: share of what could be said that is said at least once, and by deciles of the
    /// facts <c>recall.decile-0</c> (most frequent) to <c>recall.decile-9</c>.
    /// <c>.human</c> is the mean of the same in people's text of the same size. Where given, <c>.low</c> and <c>.high</c> are the ends of the 95 % interval
    /// (<see cref="Jackknife"/> over texts), <c>.human-low</c> and <c>.human-high</c> those of the band in which 95 % of people's samples lie.
    /// <c>kl</c> (nats) and <c>total-variation</c>: from the facts stated to the true distribution; their <c>.human</c> is that of as many true statements of
    /// people, which is their bias, and <c>.excess</c> what is above it; below 0 where few statements keep to the most frequent facts. What cannot be told, such as
    /// hallucinations where nothing is stated, is not a number. <c>blocks</c>, <c>sentences</c>, <c>statements</c>: how much was read.
    /// </summary>
    public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<int[]> c)
    {
        var (world, text) = (c.Setting.AlmanacWorld(MetricName), c.Setting.Get<TextSetting>());
        var (reader, human) = (new AlmanacReader(world), PeopleOf(world, text, ShapeOf(c, text)));
        var readings = c.OwnText.Origins.Select((origin, i) => Read(reader, text.Tokenizer, PromptOf(c, text, origin), c.OwnText[i])).ToList();
        var groups = Jackknife.Groups(readings.Count).Select(g => AlmanacTally.Of(world, readings.Take(g))).ToList();
        var all = AlmanacTally.Of(world, readings);
        var rests = groups.ConvertAll(all.Without);
        var numbers = new Dictionary<NumberKey, double> { ["blocks"] = all.Blocks, ["sentences"] = all.Sentences, ["statements"] = all.True + all.False };
        foreach (var statistic in Statistics) AddBesidePeople(numbers, statistic, all, rests, human);
        for (var d = 0; d < 10; d++)
        {
            var decile = d;
            numbers[new(Deciles, decile)] = all.RecallOf(decile);
            numbers[new(Deciles, decile, NumberPart.Human)] = AlmanacSamples.Band([.. human.Tallies.Select(t => t.RecallOf(decile))]).Mean;
        }

        (numbers["phrases"], numbers[new("phrases", Part: NumberPart.Human)]) = (Phrases(c.OwnText), human.Texts.Average(Phrases));
        List<AlmanacTally> asMany = [.. human.Statements(all.True)];
        foreach (var distance in Distances)
        {
            var (own, people) = (distance.Of(all), asMany.Average(distance.Of));
            numbers[distance.Name] = own;
            numbers[new(distance.Name, Part: NumberPart.Human)] = people;
            numbers[new(distance.Name, Part: NumberPart.Excess)] = own - people;
        }

        return numbers;
    }

    static void AddBesidePeople(Dictionary<NumberKey, double> numbers, Statistic statistic, AlmanacTally all, IReadOnlyCollection<AlmanacTally> rests, AlmanacSamples human)
    {
        var (mean, low, high) = AlmanacSamples.Band([.. human.Tallies.Select(statistic.Of)]);
        numbers[statistic.Name] = statistic.Of(all);
        numbers[Part(NumberPart.Human)] = mean;
        if (statistic.Most is not { } most) return;
        var own = Jackknife.Of(statistic.Of(all), [.. rests.Select(statistic.Of)]);
        (numbers[Part(NumberPart.Low)], numbers[Part(NumberPart.High)]) = (Math.Max(0, own.Low), Math.Min(most, own.High));
        (numbers[Part(NumberPart.HumanLow)], numbers[Part(NumberPart.HumanHigh)]) = (Math.Max(0, low), Math.Min(most, high));

        NumberKey Part(NumberPart part) => new(statistic.Name, Part: part);
    }

    static AlmanacSamples PeopleOf(AlmanacWorld world, TextSetting text, AlmanacShape shape)
    {
        var known = People.GetOrCreateValue(text);
        lock (known)
        {
            if (!known.TryGetValue(shape, out var found)) known[shape] = found = new(world, text.Tokenizer, shape);
            return found;
        }
    }

    static AlmanacShape ShapeOf(GenerationContext<int[]> c, TextSetting text) => new(c.OwnText.Count, text.PromptTokens, text.NewTokens, text.Cut, Apart(c.OwnPrompts));

    /// <summary>Whether the prompts are from a text of at least twice their size, so that hardly two follow each other.</summary>
    static bool Apart(Dataset<int[]> prompts)
    {
        int[] places = [.. prompts.Origins.OfType<Origin.Human>().Select(h => h.Index)];
        return places.Length > 1 && places.Max() - places.Min() + 1L >= 2L * places.Length;
    }

    static int[] PromptOf(GenerationContext<int[]> c, TextSetting text, Origin origin) => origin is Origin.Synthetic { Prompt: >= 0 and var prompt }
        ? [.. c.OwnPrompts[prompt].Take(text.PromptTokens)]
        : [];

    static double Phrases(IEnumerable<int[]> texts) => Math.Exp(NGrams.Entropy(texts, PhraseTokens));

    /// <summary>A statistic of a tally. Those with a largest value, <see cref="Most"/>, are given with their interval and the band of people's text.</summary>
    sealed record Statistic(string Name, string Label, string Unit, UnderCollapse UnderCollapse, Func<AlmanacTally, double> Of)
    {
        public double? Most { get; init; }
    }
}
