using ModelCollapse.Generations;
using ModelCollapse.Metrics;
using ModelCollapse.Provenance;
using ModelCollapse.Store;

namespace ModelCollapse.Tests.Metrics;

public class TrainingOriginsTests
{
    [Fact]
    public void Shares_and_depth_are_those_of_the_origins()
    {
        var written = Enumerable.Range(0, 3).Select(g => (Origin)new Origin.Synthetic("hash", g, "sample", 1, 0));
        var numbers = Measure(new([1, 2, 3, 4, 5, 6], [new Origin.Human("a", 0), .. written, new Origin.Poison("flip"), Origin.Unknown.Value]));
        Assert.Equal((1 / 6.0, 3 / 6.0, 1 / 6.0, 1 / 6.0), (numbers["human"], numbers["synthetic"], numbers["poison"], numbers["unknown"]));
        Assert.Equal((0 + 1 + 2 + 3) / 4.0, numbers["depth"]);
        Assert.Equal(6, numbers["samples"]);
    }

    [Fact]
    public void An_edited_sample_counts_as_what_it_was_and_as_edited()
    {
        var written = new Origin.Synthetic("hash", 2, "sample", 1, 0);
        var numbers = Measure(new([1, 2, 3, 4], [new Origin.Edited("a", new Origin.Edited("b", written)), new Origin.Edited("a", new Origin.Human("a", 0)), new Origin.Edited("a", new Origin.Poison("flip", written)), new Origin.Human("a", 1)]));
        Assert.Equal((0.5, 0.25, 0.25, 0.75), (numbers["human"], numbers["synthetic"], numbers["poison"], numbers["edited"]));
        Assert.Equal((3 + 0 + 0) / 3.0, numbers["depth"]);
    }

    [Fact]
    public void Hidden_origins_are_unknown_and_have_no_depth()
    {
        var numbers = Measure(Dataset<double>.Human([1, 2], "a").WithOriginsHidden());
        Assert.Equal((0, 1), (numbers["human"], numbers["unknown"]));
        Assert.True(double.IsNaN(numbers["depth"]));
    }

    [Theory]
    [InlineData(1), InlineData(4)]
    public void An_accumulating_pool_keeps_the_share_that_arithmetic_says(int generation)
    {
        const int Original = 40, Each = 10;
        Dataset<double>[] sets = [.. Enumerable.Range(0, generation).Select(g => Dataset<double>.WithOrigin(new double[Each], new Origin.Synthetic("hash", g, "draw", 1, -1)))];
        var pool = new Accumulate().Compose(new PolicyContext<double>
        {
            Generation = generation, Real = new(Dataset<double>.Human(new double[Original], "a"), null), Synthetic = sets[^1], Earlier = sets[..^1], PerGeneration = Each, Random = new(1),
        });
        var numbers = Measure(pool);
        Assert.Equal(Original / (double)(Original + Each * generation), numbers["human"], 1e-15);
        Assert.Equal(Each * generation * (generation + 1) / 2.0 / pool.Count, numbers["depth"], 1e-12);
    }

    static IReadOnlyDictionary<NumberKey, double> Measure(Dataset<double> trainingSet) => new TrainingOrigins<double>().Measure(new(() => throw new InvalidOperationException(), "")
    {
        Generation = 1, Seed = 0, Model = null!, TrainingSet = trainingSet, Synthetic = Dataset<double>.Empty, Real = Dataset<double>.Empty,
    });
}
