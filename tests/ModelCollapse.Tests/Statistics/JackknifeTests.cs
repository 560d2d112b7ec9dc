using CsCheck;
using MathNet.Numerics.Statistics;
using ModelCollapse.Statistics;

namespace ModelCollapse.Tests.Statistics;

public class JackknifeTests
{
    [Fact]
    public void Of_a_mean_of_single_items_it_is_students_interval() => Gen.Double[-5, 5].Array[3, 40].Where(v => v.StandardDeviation() > 1e-3).Sample(values =>
    {
        var (found, student) = (Jackknife.OfRatio(values, [.. values.Select(_ => 1.0)], groups: values.Length), MeanInterval.Of(values));
        Assert.Equal(student.Mean, found.Estimate, 9);
        Assert.Equal(student.StandardDeviation / Math.Sqrt(values.Length), found.StandardError, 9);
        Assert.Equal(student.Low, found.Low, 9);
        Assert.Equal(student.High, found.High, 9);
    });

    [Fact]
    public void Equal_groups_of_blocks_are_one_item_each() => Gen.Double[0, 1].Array[20].Sample(values =>
    {
        double[] means = [.. values.Chunk(4).Select(g => g.Average())];
        Assert.Equal(Jackknife.OfRatio(means, [1, 1, 1, 1, 1]).StandardError, Jackknife.OfRatio(values, [.. values.Select(_ => 1.0)], groups: 5).StandardError, 9);
    });

    [Fact]
    public void Groups_are_all_blocks_once_and_about_equal() => Gen.Select(Gen.Int[1, 500], Gen.Int[2, 60]).Sample((blocks, count) =>
    {
        var groups = Jackknife.Groups(blocks, count);
        Assert.Equal(Enumerable.Range(0, blocks), groups.SelectMany(g => Enumerable.Range(g.Start.Value, g.End.Value - g.Start.Value)));
        Assert.Equal(Math.Min(blocks, count), groups.Count);
        Assert.InRange(groups.Max(g => g.End.Value - g.Start.Value) - groups.Min(g => g.End.Value - g.Start.Value), 0, 1);
    });

    /// <summary>Items of a block are all alike, the hardest case: 200 blocks of 1 to 9 items, true with probability 0.3 block by block.</summary>
    [Fact]
    public void Items_that_depend_on_each_other_do_not_make_the_interval_too_narrow()
    {
        const int Draws = 1000;
        var (random, held, wilson) = (Seeds.NewRandom(1), 0, 0);
        for (var draw = 0; draw < Draws; draw++)
        {
            double[] items = [.. Enumerable.Range(0, 200).Select(_ => (double)random.Next(1, 10))];
            double[] trues = [.. items.Select(n => random.NextDouble() < 0.3 ? n : 0)];
            var found = Jackknife.OfRatio(trues, items);
            if (found.Low <= 0.3 && found.High >= 0.3) held++;
            var naive = WilsonInterval.Of((long)trues.Sum(), (long)items.Sum());
            if (naive.Low <= 0.3 && naive.High >= 0.3) wilson++;
        }

        // 95 % of 1,000 with a standard deviation of 6.9: five of them, and a hundredth for what is asymptotic.
        Assert.InRange(held, 950 - 45, 950 + 45);
        // Items in blocks of 6.3 (Σn²/Σn) make the naive interval 2.5 times too narrow: it holds the truth in P(|z| < 1.96/2.5) = 57 %.
        Assert.InRange(wilson, 0, 650);
    }

    [Fact]
    public void Fewer_than_two_groups_have_no_interval()
    {
        Assert.True(double.IsNaN(Jackknife.OfRatio([1], [2]).StandardError));
        Assert.Equal(0.5, Jackknife.OfRatio([1], [2]).Estimate);
        Assert.Throws<ArgumentException>(() => Jackknife.OfRatio([1, 2], [1]));
    }
}
