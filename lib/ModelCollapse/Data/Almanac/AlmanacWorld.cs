using static ModelCollapse.Data.Almanac.EntityKind;

namespace ModelCollapse.Data.Almanac;

/// <summary>
/// An invented country whose truth is known: entities, the table of their facts, and how often each is spoken of. Made from one seed.
/// </summary>
/// <remarks>
/// Relations between entities are consistent: the bridge of a town crosses the river of that town, the town that a river passes stands on
/// it, what stands in a town is younger than the town, an opera's composer wrote it within a lifetime, a pupil's teacher is older, twin towns name each other. Where a relation has nothing to point at (a lake that
/// no river feeds), there is no such fact.
/// </remarks>
public sealed class AlmanacWorld
{
    static readonly Dictionary<EntityKind, double> Shares = new()
    {
        [Town] = 0.22, [River] = 0.08, [Lake] = 0.05, [Mountain] = 0.06, [Bridge] = 0.08, [Castle] = 0.07,
        [Church] = 0.08, [Composer] = 0.08, [Painter] = 0.07, [Opera] = 0.08, [Battle] = 0.06, [Bird] = 0.07,
    };

    readonly Dictionary<(int Subject, Relation Relation), Fact> find = [];
    readonly Dictionary<string, Entity> names;
    readonly Dictionary<EntityKind, Entity[]> kinds;
    readonly Dictionary<Relation, IReadOnlyList<string>[]> values = [];
    readonly Fact[][] bySubject;
    readonly double[] articleProbability, factProbability;
    readonly int[] decile;

    AlmanacWorld(AlmanacOptions options, Entity[] entities, Func<AlmanacWorld, IEnumerable<Fact>> facts)
    {
        (Options, Entities) = (options, entities);
        names = entities.ToDictionary(e => e.Name, StringComparer.Ordinal);
        kinds = Enum.GetValues<EntityKind>().ToDictionary(k => k, k => entities.Where(e => e.Kind == k).ToArray());
        Facts = [.. facts(this)];
        foreach (var fact in Facts) find.Add((fact.Subject, fact.Relation), fact);
        bySubject = new Fact[entities.Length][];
        foreach (var group in Facts.GroupBy(f => f.Subject)) bySubject[group.Key] = [.. group];

        articleProbability = [.. entities.Select(e => Math.Pow(e.Index + 1, -options.Exponent))];
        Normalise(articleProbability);
        factProbability = [.. Facts.Select(f => articleProbability[f.Subject] * f.Relation.Inclusion)];
        Normalise(factProbability);
        decile = new int[Facts.Count];
        foreach (var (place, fact) in Facts.OrderByDescending(f => factProbability[f.Index]).ThenBy(f => f.Index).Index()) decile[fact.Index] = place * 10 / Facts.Count;
    }

    /// <summary>What it was made from.</summary>
    public AlmanacOptions Options { get; }

    /// <summary>The entities, the most frequent first.</summary>
    public IReadOnlyList<Entity> Entities { get; }

    /// <summary>The fact table, in the order of the subjects.</summary>
    public IReadOnlyList<Fact> Facts { get; }

    /// <summary>Makes the world of some options.</summary>
    /// <exception cref="InputException">An option is out of range.</exception>
    public static AlmanacWorld Of(AlmanacOptions options)
    {
        options.Check();
        var random = Seeds.NewRandom(Seeds.Derive(options.Seed, 0, "almanac world"));
        var kinds = KindsOf(options.Entities, random);
        var maker = new NameMaker(random, Grammar.ClosedWords);
        Entity[] entities = [.. kinds.Select((kind, i) => new Entity(i, kind, maker.Next(), kind is Composer or Painter ? random.Next(2) == 0 ? "he" : "she" : "it"))];
        return new(options, entities, world => new FactMaker(world, random).Make());
    }

    /// <summary>Probability that an article is about an entity; articles are independent draws.</summary>
    /// <param name="entity">Index of the entity.</param>
    public double ArticleProbability(int entity) => articleProbability[entity];

    /// <summary>Expected mentions of a fact over expected mentions of all facts: its share of what is said about the world. All sum to 1.</summary>
    /// <param name="fact">Index of the fact.</param>
    public double FactProbability(int fact) => factProbability[fact];

    /// <summary>The tenth of the facts, by <see cref="FactProbability"/>, that a fact belongs to: 0 for the most frequent, 9 for the rarest; ties by index.</summary>
    /// <param name="fact">Index of the fact.</param>
    public int Decile(int fact) => decile[fact];

    /// <summary>The fact of a subject and a relation; null where there is none.</summary>
    public Fact? Find(int subject, Relation relation) => find.GetValueOrDefault((subject, relation));

    /// <summary>The facts about an entity.</summary>
    public IReadOnlyList<Fact> FactsOf(int entity) => bySubject[entity];

    /// <summary>The entity of a name; null where there is none.</summary>
    public Entity? Named(string name) => names.GetValueOrDefault(name);

    /// <summary>The entities of a kind, the most frequent first.</summary>
    public IReadOnlyList<Entity> OfKind(EntityKind kind) => kinds[kind];

    /// <summary>Everything that a relation could say of a subject of a kind, the true value among it.</summary>
    public IReadOnlyList<string> Values(Relation relation, EntityKind kind)
    {
        if (!values.TryGetValue(relation, out var found)) values[relation] = found = new IReadOnlyList<string>[kinds.Count];
        return found[(int)kind] ??= relation.Domain switch
        {
            Domain.Words words => words.Values,
            Domain.Names named => [.. kinds[named.Kind].Select(e => e.Name)],
            _ => [.. kinds[kind].Select(e => e.Name)],
        };
    }

    /// <summary>A kind for each rank: the shares of <see cref="Shares"/>, at least two of each, in random order.</summary>
    static EntityKind[] KindsOf(int count, Random random)
    {
        var left = count - (2 * Shares.Count);
        List<EntityKind> kinds = [.. Shares.SelectMany(s => Enumerable.Repeat(s.Key, 2 + (int)(s.Value * left)))];
        while (kinds.Count < count) kinds.Add(Town);
        EntityKind[] shuffled = [.. kinds];
        random.Shuffle(shuffled);
        return shuffled;
    }

    static void Normalise(double[] weights)
    {
        var sum = weights.Sum();
        for (var i = 0; i < weights.Length; i++) weights[i] /= sum;
    }
}
