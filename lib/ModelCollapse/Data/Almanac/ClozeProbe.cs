namespace ModelCollapse.Data.Almanac;

/// <summary>A question that a model answers by its probabilities: which of some answers goes on from the prompt.</summary>
/// <param name="Fact">Index of the fact that is asked for.</param>
/// <param name="Prompt">The beginning of an article and of a sentence of it.</param>
/// <param name="Answers">Each with the blank before it; prompt, answer and <c> .</c> make a sentence, true for one of them alone.</param>
/// <param name="Correct">Which one.</param>
public sealed record ClozeProbe(int Fact, string Prompt, IReadOnlyList<string> Answers, int Correct)
{
    /// <summary>Questions about facts of all frequencies: the same number of facts of each tenth, drawn at random.</summary>
    /// <param name="world">The world.</param>
    /// <param name="perDecile">Facts of each <see cref="AlmanacWorld.Decile"/>; all of them where there are fewer.</param>
    /// <param name="answers">Answers to choose from; fewer where the relation has fewer values. Wrong ones are drawn from what is true of other subjects, so that frequent values are no clue.</param>
    /// <param name="seed">Decides every choice.</param>
    public static IReadOnlyList<ClozeProbe> Of(AlmanacWorld world, int perDecile, int answers, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perDecile, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(answers, 2);
        var random = Seeds.NewRandom(seed);
        var truths = world.Facts.ToLookup(f => (f.Relation, world.Entities[f.Subject].Kind), f => f.Value);
        List<ClozeProbe> probes = [];
        for (var decile = 0; decile < 10; decile++)
        {
            Fact[] facts = [.. world.Facts.Where(f => world.Decile(f.Index) == decile)];
            random.Shuffle(facts);
            foreach (var fact in facts.Take(perDecile)) probes.Add(Of(world, fact, truths, answers, random));
        }

        return probes;
    }

    static ClozeProbe Of(AlmanacWorld world, Fact fact, ILookup<(Relation, EntityKind), string> truths, int answers, Random random)
    {
        var subject = world.Entities[fact.Subject];
        string[] others = [.. truths[(fact.Relation, subject.Kind)].Concat(world.Values(fact.Relation, subject.Kind)).Where(v => v != fact.Value).Distinct()];
        random.Shuffle(others);
        List<string> choices = [.. others.Take(answers - 1)];
        var correct = random.Next(choices.Count + 1);
        choices.Insert(correct, fact.Value);
        var template = fact.Relation.Templates.First(t => t.FollowsSubject && t.EndsWithValue);
        return new(fact.Index, $" = {subject.Name} = \n {subject.Name} {string.Join(' ', template.Words.SkipLast(1))}", [.. choices.Select(c => $" {c}")], correct);
    }
}
