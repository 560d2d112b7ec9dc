using CsCheck;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;

namespace ModelCollapse.Tests.Generations;

public class DataPolicyTests
{
    const int N = 20;
    const int PerGeneration = 10;

    /// <summary>Sizes worked out by hand for N = 20 original samples, n = 10 per generation, generation t = 3.</summary>
    public static TheoryData<DataPolicy, int, int, int> Sizes => new()
    {
        // policy, synthetic samples asked for, real and synthetic samples in the training set
        { new Replace(), 10, 0, 10 },
        { new PreserveFraction(0.1), 9, 1, 9 },
        { new PreserveFraction(0.25), 7, 3, 7 }, // 2.5 rounds to 3
        { new PreserveFraction(0.1, PreservedSize.OnTop), 10, 1, 10 },
        { new PreserveFraction(0), 10, 0, 10 },
        { new PreserveFraction(1), 0, 10, 0 },
        { new PreserveFraction(1, PreservedSize.OnTop), 10, 10, 10 },
        { new Accumulate(), 10, 20, 30 },
        { new FreshReal(4), 10, 4, 10 },
        { new GrowingReplace(), 50, 0, 50 }, // 20 + 3·10
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Sizes_are_those_worked_out_by_hand(DataPolicy policy, int asked, int real, int synthetic)
    {
        var (count, set) = Compose(policy, generation: 3, seed: 1);

        Assert.Equal(asked, count);
        Assert.Equal(real, set.Origins.Count(o => o is Origin.Human));
        Assert.Equal(synthetic, set.Origins.Count(o => o is Origin.Synthetic));
    }

    [Theory]
    [InlineData(null, 10)]
    [InlineData(35, 35)]
    [InlineData(50, 50)]
    public void AccumulateSubsample_draws_from_the_whole_pool_without_repetition(int? size, int expected)
    {
        var (count, set) = Compose(new AccumulateSubsample(size), generation: 3, seed: 1);

        Assert.Equal(10, count);
        Assert.Equal(expected, set.Count);
        Assert.Equal(expected, set.Distinct().Count());
    }

    [Fact]
    public void AccumulateSubsample_gives_every_item_of_the_pool_the_same_chance()
    {
        // 400 draws of 10 out of 20 real + 30 synthetic: a real share of 0.4, standard error sqrt(.4·.6/4000) = 0.0077.
        var real = Enumerable.Range(0, 400).Sum(seed => Compose(new AccumulateSubsample(), 3, seed).Set.Origins.Count(o => o is Origin.Human));

        Assert.Equal(0.4, real / 4000.0, 0.03);
    }

    [Fact]
    public void Subsample_larger_than_the_pool_is_refused()
    {
        var error = Assert.Throws<InputException>(() => new AccumulateSubsample(51).SyntheticCount(new(3, N, PerGeneration)));
        Assert.Contains("50", error.Message);
    }

    [Fact]
    public void Preserved_samples_are_drawn_anew_for_every_seed_and_never_twice()
    {
        var first = Compose(new PreserveFraction(0.5), 3, seed: 1).Set.Take(5).ToArray();
        var second = Compose(new PreserveFraction(0.5), 3, seed: 2).Set.Take(5).ToArray();

        Assert.Equal(5, first.Distinct().Count());
        Assert.NotEqual(first, second);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void Fraction_outside_its_range_is_refused(double fraction) =>
        Assert.Throws<InputException>(() => new PreserveFraction(fraction).SyntheticCount(new(1, N, PerGeneration)));

    [Fact]
    public void More_preserved_samples_than_originals_are_refused() =>
        Assert.Throws<InputException>(() => new PreserveFraction(1).SyntheticCount(new(1, Original: 5, PerGeneration)));

    [Fact]
    public void Fresh_samples_are_never_handed_out_twice_and_run_out_with_a_sentence()
    {
        var real = new RealData<double>(Dataset<double>.Human([0, 1], "original"), Dataset<double>.Human([10, 11, 12, 13, 14], "unseen"));

        Assert.Equal([10, 11], real.Fresh(1, 2));
        Assert.Equal([12, 13], real.Fresh(2, 2));
        Assert.Equal([10, 11], real.Fresh(1, 2));
        Assert.Contains("6", Assert.Throws<InputException>(() => real.Fresh(3, 2)).Message);
    }

    [Fact]
    public void A_curation_keeps_the_origin_of_every_item_it_keeps_edits_marks_or_poisons()
    {
        var set = Dataset<string>.Human(["a", "b", "c"], "corpus");
        var curation = Curation<string>.Keeping([2, 2]);
        curation.Edit(0, "A");
        curation.Mark(1, "b*", "key 1");
        curation.Plant("x", "backdoor");
        curation.Plant("a+x", "backdoor", original: 0);
        curation.Drop(1);

        var curated = curation.ApplyTo(set, "editor");

        Assert.Equal(["c", "c", "A", "b*", "x", "a+x"], curated);
        Origin[] origins =
        [
            set.Origins[2], set.Origins[2], new Origin.Edited("editor", set.Origins[0]), set.Origins[1] with { Mark = "key 1" },
            new Origin.Poison("backdoor"), new Origin.Poison("backdoor", set.Origins[0]),
        ];
        Assert.Equal(origins, curated.Origins);
        Assert.Equal(set.Origins[0], curated.Origins[2].Root);
    }

    [Fact]
    public void Whatever_the_sizes_no_sample_is_used_twice_and_equal_seeds_give_equal_sets()
    {
        DataPolicy[] policies =
            [new Replace(), new PreserveFraction(0.3), new PreserveFraction(0.7, PreservedSize.OnTop), new Accumulate(), new AccumulateSubsample(), new FreshReal(2), new GrowingReplace()];
        Gen.Select(Gen.Int[0, policies.Length - 1].Select(i => policies[i]), Gen.Int[1, 9], Gen.Int[0, 1000]).Sample((policy, generation, seed) =>
        {
            var (set, again) = (Compose(policy, generation, seed).Set, Compose(policy, generation, seed).Set);
            Assert.Equal(set.Count, set.Distinct().Count());
            Assert.Equal(set.AsEnumerable(), again);
            Assert.Equal(set.Origins, again.Origins);
        });
    }

    static (int Count, Dataset<double> Set) Compose(DataPolicy policy, int generation, int seed)
    {
        var count = policy.SyntheticCount(new(generation, N, PerGeneration));
        var next = 1000;
        var real = new RealData<double>(
            Dataset<double>.Human(Enumerable.Range(0, N).Select(i => (double)i), "original"),
            Dataset<double>.Human(Enumerable.Range(100, 100).Select(i => (double)i), "unseen"));
        var context = new PolicyContext<double>
        {
            Generation = generation,
            Real = real,
            PerGeneration = PerGeneration,
            Random = new Random(seed),
            Synthetic = Written(count, generation),
            Earlier = policy.UsesHistory ? [.. Enumerable.Range(1, generation - 1).Select(t => Written(PerGeneration, t))] : [],
        };
        return (count, policy.Compose(context));

        Dataset<double> Written(int size, int t) =>
            new(Enumerable.Range(0, size).Select(_ => (double)next++), Enumerable.Repeat(new Origin.Synthetic("m", t - 1, "exact", 0, -1), size));
    }
}
