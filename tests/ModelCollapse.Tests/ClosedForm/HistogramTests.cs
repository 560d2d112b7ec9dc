using CsCheck;
using ModelCollapse.ClosedForm;

namespace ModelCollapse.Tests.ClosedForm;

public class HistogramTests
{
    [Fact]
    public void A_fit_counts_each_bin_with_its_left_edge_and_the_outermost_ones_what_lies_beyond()
    {
        var fitted = new Histogram([0, 1, 3], [0.5, 0.5]).Fit([[-5], [0], [0.999], [1], [2.5], [3], [9], [1.5]]);
        Assert.Equal([3 / 8.0, 5 / 8.0], fitted.Probabilities);
        Assert.Equal([0, 3 / 8.0, 5 / 16.0, 0], new[] { -0.1, 0.5, 1, 3 }.Select(fitted.Density));
    }

    [Fact]
    public void Samples_lie_in_bins_that_have_a_probability_so_that_bins_are_lost_and_never_come_back() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 30], Gen.Int[0, int.MaxValue]).Sample((bins, count, seed) =>
        {
            var model = DistributionModel.Histogram(Histogram.Uniform(-2, 5, bins));
            var left = Enumerable.Repeat(true, bins).ToArray();
            for (var fit = 0; fit < 8; fit++)
            {
                model.Fit(model.Sample(count, new(fit, Seeds.Derive(seed, fit, "sample"))), new(fit, 0));
                var now = model.Distribution.Probabilities;
                Assert.Equal(1, now.Sum(), 1e-12);
                for (var b = 0; b < bins; b++)
                {
                    Assert.True(left[b] || now[b] == 0);
                    left[b] = now[b] > 0;
                }
            }
        }, iter: 200);

    [Fact]
    public void Nonsense_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new Histogram([0, 0, 1], [0.5, 0.5]));
        Assert.Throws<ArgumentException>(() => new Histogram([0], []));
        Assert.Throws<ArgumentException>(() => Histogram.Uniform(0, 1, 2).Fit([]));
    }
}
