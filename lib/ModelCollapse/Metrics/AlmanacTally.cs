using ModelCollapse.Data.Almanac;
using ModelCollapse.Statistics;

namespace ModelCollapse.Metrics;

/// <summary>
/// What texts about a world say, counted: which of its facts they state and how often, what they state that is false, which sentences state
/// nothing. The statistics are plug-in values of these counts; most depend on the amount of text, so compare equal amounts only.
/// </summary>
/// <param name="world">The world.</param>
public sealed class AlmanacTally(AlmanacWorld world)
{
    /// <summary>The share of all mentions that the frequent half of the facts has; what is rarer is the tail of <see cref="TailMass"/>.</summary>
    public const double FrequentMass = 0.5;

    readonly long[] facts = new long[world.Facts.Count];
    readonly long[][] templates = [.. Grammar.Relations.Select(r => new long[r.Templates.Count])];

    /// <summary>Texts.</summary>
    public long Blocks { get; private set; }

    /// <summary>Sentences that could be judged.</summary>
    public long Sentences { get; private set; }

    /// <summary>Sentences that are none of the grammar: structurally broken. A text in which nothing ends, no sentence and no line, counts as one: texts must be longer than the longest sentence, some 60 words.</summary>
    public long Unparseable { get; private set; }

    /// <summary>Sentences that state nothing.</summary>
    public long Empty { get; private set; }

    /// <summary>Sentences that state something of a subject that is not in sight.</summary>
    public long Unresolved { get; private set; }

    /// <summary>Statements that are true.</summary>
    public long True { get; private set; }

    /// <summary>Statements that are false.</summary>
    public long False { get; private set; }

    /// <summary>Statements of each fact that are true, by its index.</summary>
    public IReadOnlyList<long> Facts => facts;

    /// <summary>The tally of some texts.</summary>
    /// <param name="world">The world.</param>
    /// <param name="texts">What <see cref="AlmanacReader"/> made of each.</param>
    public static AlmanacTally Of(AlmanacWorld world, IEnumerable<IReadOnlyList<Reading>> texts)
    {
        var tally = new AlmanacTally(world);
        foreach (var readings in texts) tally.Add(readings);
        return tally;
    }

    /// <summary>A tally of true statements alone.</summary>
    /// <param name="world">The world.</param>
    /// <param name="stated">Index of the fact of each.</param>
    internal static AlmanacTally OfStatements(AlmanacWorld world, IEnumerable<int> stated)
    {
        var tally = new AlmanacTally(world);
        foreach (var fact in stated) tally.Add(new Reading(ReadingKind.TrueFact, 0, 0, Relation: world.Facts[fact].Relation, Fact: fact));
        return tally;
    }

    /// <summary>Adds a text.</summary>
    /// <param name="readings">What <see cref="AlmanacReader"/> made of it.</param>
    public void Add(IReadOnlyList<Reading> readings)
    {
        var (before, last) = (Sentences, (Start: -1, End: -1));
        foreach (var reading in readings)
        {
            Add(reading);
            if (reading.Kind is ReadingKind.Heading or ReadingKind.Fragment) continue;
            if (last == (reading.Start, reading.End)) continue; // the second statement of a sentence
            last = (reading.Start, reading.End);
            Sentences++;
            if (reading.Kind == ReadingKind.Unparseable) Unparseable++;
            if (reading.Kind == ReadingKind.Empty) Empty++;
            if (reading.Kind == ReadingKind.Unresolved) Unresolved++;
        }

        Blocks++;
        if (Sentences > before || readings.Count > 1) return;
        Sentences++;
        Unparseable++;
    }

    /// <summary>This tally without that of some of its texts.</summary>
    /// <param name="part">Their tally.</param>
    public AlmanacTally Without(AlmanacTally part)
    {
        var rest = new AlmanacTally(world)
        {
            Blocks = Blocks - part.Blocks,
            Sentences = Sentences - part.Sentences,
            Unparseable = Unparseable - part.Unparseable,
            Empty = Empty - part.Empty,
            Unresolved = Unresolved - part.Unresolved,
            True = True - part.True,
            False = False - part.False,
        };
        for (var i = 0; i < facts.Length; i++) rest.facts[i] = facts[i] - part.facts[i];
        for (var r = 0; r < templates.Length; r++)
            for (var i = 0; i < templates[r].Length; i++) rest.templates[r][i] = templates[r][i] - part.templates[r][i];
        return rest;
    }

    void Add(Reading reading)
    {
        if (reading is { Relation: { } relation, Template: >= 0 and var template }) templates[relation.Index][template]++;
        if (reading.Kind == ReadingKind.FalseFact) False++;
        if (reading.Kind != ReadingKind.TrueFact) return;
        True++;
        facts[reading.Fact]++;
    }

    /// <summary>Share of the statements that are false; NaN where nothing is stated.</summary>
    public double Hallucination => (double)False / (True + False);

    /// <summary>Share of the sentences that state nothing that could be true or false: broken, empty, or without a known subject. Vagueness and broken structure in one number.</summary>
    public double SaysNothing => (double)(Unparseable + Empty + Unresolved) / Sentences;

    /// <summary>True statements per text.</summary>
    public double TruePerBlock => (double)True / Blocks;

    /// <summary>Different facts that are stated.</summary>
    public int DifferentFacts => facts.Count(c => c > 0);

    /// <summary>Different entities that a fact is stated of.</summary>
    public int DifferentSubjects => world.Facts.Where(f => facts[f.Index] > 0).Select(f => f.Subject).Distinct().Count();

    /// <summary>Share of what could be said that is said at least once, each fact counting by its probability.</summary>
    public double Recall => world.Facts.Where(f => facts[f.Index] > 0).Sum(f => world.FactProbability(f.Index));

    /// <summary>Share of the facts of a tenth that are stated at least once.</summary>
    /// <param name="decile">0 for the most frequent tenth of the facts … 9 for the rarest.</param>
    public double RecallOf(int decile)
    {
        var (said, all) = (0, 0);
        for (var i = 0; i < facts.Length; i++)
        {
            if (world.Decile(i) != decile) continue;
            all++;
            if (facts[i] > 0) said++;
        }

        return (double)said / all;
    }

    /// <summary>Entropy of the facts stated, in nats; 0 where none is.</summary>
    public double Entropy => Divergence.Entropy(facts);

    /// <summary>Effective number of facts: the exponential of their entropy, Hill's number of order 1 (Ecology 1973); 0 where none is stated.</summary>
    public double Support => True == 0 ? 0 : Math.Exp(Entropy);

    /// <summary>Inverse Simpson index 1 / Σ q², Hill's number of order 2: the effective number of the frequent facts; 0 where none is stated.</summary>
    public double InverseSimpson => True == 0 ? 0 : (double)True * True / facts.Sum(c => (double)c * c);

    /// <summary>Share of the true statements that fall on the tail, the rarest facts that <see cref="FrequentMass"/> leaves over; NaN where nothing true is stated.</summary>
    public double TailMass
    {
        get
        {
            var (mass, frequent) = (0.0, 0L);
            foreach (var fact in world.Facts.OrderByDescending(f => world.FactProbability(f.Index)).ThenBy(f => f.Index))
            {
                if (mass >= FrequentMass) break;
                mass += world.FactProbability(fact.Index);
                frequent += facts[fact.Index];
            }

            return (double)(True - frequent) / True;
        }
    }

    /// <summary>Effective number of paraphrases: the exponential of the entropy of the templates given the relation, true or false; NaN where nothing is stated.</summary>
    public double Paraphrases => templates.Sum(t => t.Sum()) is > 0 and var all ? Math.Exp(templates.Sum(t => t.Sum() / (double)all * Divergence.Entropy(t))) : double.NaN;

    /// <summary>Kullback-Leibler divergence of the true one from the distribution of the facts stated, Σ q ln(q/p) in nats; NaN where nothing true is stated.</summary>
    /// <remarks>The other direction is infinite for every finite text, which lacks facts. Too high for few statements; compare as many of people's.</remarks>
    public double KullbackLeibler => True == 0 ? double.NaN : Divergence.KullbackLeibler(Shares, Truth);

    /// <summary>Total variation distance between the facts stated and the true distribution; NaN where nothing true is stated. Too high for few statements.</summary>
    public double TotalVariation => True == 0 ? double.NaN : Divergence.TotalVariation(Shares, Truth);

    double[] Shares => [.. facts.Select(c => (double)c / True)];

    double[] Truth => [.. Enumerable.Range(0, facts.Length).Select(world.FactProbability)];
}
