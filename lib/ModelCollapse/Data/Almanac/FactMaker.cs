using static ModelCollapse.Data.Almanac.EntityKind;

namespace ModelCollapse.Data.Almanac;

/// <summary>Fills the fact table of a world, so that what two entities say of each other agrees.</summary>
sealed class FactMaker(AlmanacWorld world, Random random)
{
    readonly Dictionary<(int Subject, string Relation), (string Value, int? Object)> table = [];

    public IEnumerable<Fact> Make()
    {
        foreach (var entity in world.Entities) Say(entity, "kind", entity.Noun);
        Places();
        Buildings();
        Artists();
        foreach (var relation in Grammar.Relations)
            foreach (var kind in relation.Kinds)
                foreach (var entity in world.OfKind(kind))
                    if (relation.Domain is Domain.Words words && !table.ContainsKey((entity.Index, relation.Name))) Say(entity, relation.Name, Pick(words.Values));
        var index = 0;
        foreach (var entity in world.Entities)
            foreach (var relation in Grammar.Relations)
                if (table.TryGetValue((entity.Index, relation.Name), out var said)) yield return new(index++, entity.Index, relation, said.Value, said.Object);
    }

    void Places()
    {
        foreach (var river in world.OfKind(River))
        {
            var mountain = Pick(world.OfKind(Mountain));
            Say(river, "source", mountain);
            SayOnce(mountain, "spring", river);
            var lake = Pick(world.OfKind(Lake));
            Say(river, "mouth", lake);
            SayOnce(lake, "inflow", river);
        }

        foreach (var town in world.OfKind(Town))
        {
            var river = Pick(world.OfKind(River));
            Say(town, "river", river);
            SayOnce(river, "passes", town);
        }

        var towns = Shuffled(world.OfKind(Town));
        for (var i = 0; i + 1 < towns.Length; i += 2)
        {
            Say(towns[i], "twin", towns[i + 1]);
            Say(towns[i + 1], "twin", towns[i]);
        }

        foreach (var mountain in world.OfKind(Mountain)) Say(mountain, "town", Pick(world.OfKind(Town)));
        foreach (var bird in world.OfKind(Bird)) Say(bird, "habitat", Pick(world.OfKind(Lake)));
    }

    void Buildings()
    {
        foreach (var kind in (EntityKind[])[Bridge, Church, Castle, Battle])
            foreach (var entity in world.OfKind(kind))
            {
                var town = Pick(world.OfKind(Town));
                Say(entity, kind is Bridge or Church ? "located" : "near", town);
                if (kind == Bridge) Say(entity, "crosses", world.Entities[table[(town.Index, "river")].Object!.Value]);
                if (kind == Battle)
                {
                    string[] parties = [.. ((Domain.Words)Grammar.Relations.Single(r => r.Name == "winner").Domain).Values];
                    random.Shuffle(parties);
                    Say(entity, "winner", parties[0]);
                    Say(entity, "loser", parties[1]);
                }

                if (kind is Church or Castle) Say(entity, "region", RegionOf(town));
            }
    }

    void Artists()
    {
        foreach (var kind in (EntityKind[])[Composer, Painter])
        {
            var born = world.OfKind(kind).ToDictionary(a => a, _ => random.Next(1600, 1850));
            foreach (var (artist, year) in born)
            {
                Say(artist, "born", $"{year}");
                Say(artist, "died", $"{year + random.Next(30, 80)}");
                Say(artist, "birthplace", Pick(world.OfKind(Town)));
                Entity[] older = [.. born.Where(other => other.Value <= year - 20 && other.Value >= year - 50).Select(other => other.Key)];
                if (older.Length == 0) continue;
                var teacher = Pick(older);
                Say(artist, "teacher", teacher);
                SayOnce(teacher, "pupil", artist);
            }
        }

        foreach (var opera in world.OfKind(Opera))
        {
            var composer = Pick(world.OfKind(Composer));
            Say(opera, "composer", composer);
            SayOnce(composer, "opera", opera);
            Say(opera, "stage", Pick(world.OfKind(Town)));
            Say(opera, "setting", Pick(world.OfKind(Castle)));
            var (born, died) = (Year(composer, "born"), Year(composer, "died"));
            Say(opera, "premiere", $"{random.Next(born + 20, died + 1)}");
        }
    }

    string RegionOf(Entity place)
    {
        var regions = (Domain.Words)Grammar.Relations.Single(r => r.Name == "region").Domain;
        if (!table.ContainsKey((place.Index, "region"))) Say(place, "region", Pick(regions.Values));
        return table[(place.Index, "region")].Value;
    }

    int Year(Entity artist, string relation) => int.Parse(table[(artist.Index, relation)].Value, System.Globalization.CultureInfo.InvariantCulture);

    void Say(Entity subject, string relation, string value) => table[(subject.Index, relation)] = (value, null);

    void Say(Entity subject, string relation, Entity value) => table[(subject.Index, relation)] = (value.Name, value.Index);

    /// <summary>The first to be said stays.</summary>
    void SayOnce(Entity subject, string relation, Entity value) => table.TryAdd((subject.Index, relation), (value.Name, value.Index));

    T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    Entity[] Shuffled(IReadOnlyList<Entity> entities)
    {
        Entity[] order = [.. entities];
        random.Shuffle(order);
        return order;
    }
}
