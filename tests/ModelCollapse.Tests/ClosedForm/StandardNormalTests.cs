using MathNet.Numerics.Distributions;
using ModelCollapse.ClosedForm;

namespace ModelCollapse.Tests.ClosedForm;

public class StandardNormalTests
{
    /// <summary>Probability of a statistic this many standard errors off: 1 in 16,000.</summary>
    const double StandardErrors = 4;

    [Fact]
    public void Numbers_are_decided_by_the_seed_and_a_longer_fill_begins_like_a_shorter_one()
    {
        double[] x = new double[1_003], again = new double[1_003], shorter = new double[517], other = new double[1_003], inParts = new double[1_024];
        StandardNormal.Fill(x, 7);
        StandardNormal.Fill(again, 7);
        StandardNormal.Fill(shorter, 7);
        StandardNormal.Fill(other, 8);
        Assert.Equal(x, again);
        Assert.Equal(x.AsSpan(0, 512), shorter.AsSpan(0, 512));
        Assert.Empty(x.Intersect(other));

        var random = new StandardNormal(7);
        random.Fill(inParts.AsSpan(0, 512));
        random.Fill(inParts.AsSpan(512));
        Assert.Equal(x.AsSpan(0, 512), inParts.AsSpan(0, 512));
        Assert.Equal(inParts.Length, inParts.Distinct().Count());
    }

    [Fact]
    public void Moments_and_neighbours_are_those_of_independent_normal_numbers()
    {
        var x = Draws(1_000_003, 7); // not a whole number of vectors
        var n = (double)x.Length;
        Check(x.Average(), 0, 1);
        Check(x.Average(v => v * v), 1, 2);
        Check(x.Average(v => v * v * v), 0, 15);
        Check(x.Average(v => v * v * v * v), 3, 96);
        foreach (var lag in (int[])[1, 8, 16, 512])
        {
            Check(x.Skip(lag).Zip(x, (a, b) => a * b).Average(), 0, 1);
            Check(x.Skip(lag).Zip(x, (a, b) => (a * a - 1) * (b * b - 1)).Average(), 0, 4);
        }

        void Check(double mean, double wanted, double variance) => Assert.InRange(mean - wanted, -StandardErrors * Math.Sqrt(variance / n), StandardErrors * Math.Sqrt(variance / n));
    }

    [Fact]
    public void The_distribution_function_is_the_normal_one()
    {
        double[] sorted = [.. Draws(1_000_000, 11).Order()];
        var distance = sorted.Select((v, i) => Math.Abs(Normal.CDF(0, 1, v) - (i + 0.5) / sorted.Length)).Max();
        Assert.InRange(distance, 0, 2.2 / Math.Sqrt(sorted.Length)); // Kolmogorov's limit law exceeds 2.2 once in 8,000
    }

    /// <summary>Every layer of the ziggurat, its edges, and the tail beyond 3.654 show in a fine histogram of many draws.</summary>
    [Fact]
    public void Each_small_interval_and_both_tails_have_their_share()
    {
        const int Draws = 1 << 25, PerUnit = 100, Widest = 7;
        var counts = new long[2 * Widest * PerUnit];
        var beyond = new long[2, 6];
        var (random, block) = (new StandardNormal(3), new double[1 << 13]);
        for (var i = 0; i < Draws; i += block.Length)
        {
            random.Fill(block);
            foreach (var x in block)
            {
                counts[(int)Math.Floor((x + Widest) * PerUnit)]++;
                for (var k = 1; k <= Math.Min(5, Math.Abs(x)); k++) beyond[x > 0 ? 1 : 0, k]++;
            }
        }

        for (var side = 0; side < 2; side++)
            for (var k = 1; k <= 5; k++)
            {
                var wanted = Draws * Normal.CDF(0, 1, -k);
                Assert.InRange(beyond[side, k], wanted - StandardErrors * Math.Sqrt(wanted), wanted + StandardErrors * Math.Sqrt(wanted));
            }

        var (chi, cells) = (0.0, 0);
        for (var i = 0; i < counts.Length; i++)
        {
            var from = (double)i / PerUnit - Widest;
            var wanted = Draws * (Normal.CDF(0, 1, -Math.Abs(from + (from < 0 ? 1.0 / PerUnit : 0))) - Normal.CDF(0, 1, -Math.Abs(from + (from < 0 ? 0 : 1.0 / PerUnit))));
            if (wanted < 20) continue;
            chi += (counts[i] - wanted) * (counts[i] - wanted) / wanted;
            cells++;
        }

        Assert.True(cells > 800, $"{cells} cells");
        Assert.InRange((chi - cells) / Math.Sqrt(2.0 * cells), -StandardErrors, StandardErrors);
    }

    static double[] Draws(int count, long seed)
    {
        var x = new double[count];
        StandardNormal.Fill(x, seed);
        return x;
    }
}
