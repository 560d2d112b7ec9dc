using CsCheck;
using ModelCollapse.ClosedForm;
using ModelCollapse.ClosedForm.Laws;

namespace ModelCollapse.Tests.ClosedForm.Laws;

/// <summary>What the exact moments of loops with real data say; that the loop has them is in <see cref="LawTableTests"/>.</summary>
public class RealDataLawsTests
{
    static readonly Gen<(int Real, int Synthetic, double Bias, VarianceEstimator Estimator)> Settings =
        Gen.Select(Gen.Int[2, 200], Gen.Int[1, 1_000], Gen.Double[0, 1], Gen.Enum<VarianceEstimator>());

    [Fact]
    public void The_fresh_data_loop_ends_at_its_fixed_point_whatever_it_begins_with() => Settings.Sample(s =>
    {
        var limit = RealDataLaws.FreshDataLimit(s.Estimator, s.Real, s.Synthetic, s.Bias);
        foreach (var initial in (int[])[2, 50, 10_000])
        {
            var end = RealDataLaws.FreshData(s.Estimator, initial, s.Real, s.Synthetic, fits: 40_000, s.Bias);
            Assert.Equal(limit.Variance, end.Variance, 1e-9);
            Assert.Equal(limit.MeanSquare, end.MeanSquare, 1e-9);
        }
    }, iter: 50);

    [Fact]
    public void Real_data_that_are_kept_limit_the_loss_too() => Settings.Sample(s =>
    {
        var (limit, end) = (RealDataLaws.FixedRealLimit(s.Estimator, s.Real, s.Synthetic, s.Bias), RealDataLaws.FixedReal(s.Estimator, s.Real, s.Synthetic, fits: 40_000, s.Bias));
        Assert.Equal(limit.Variance, end.Variance, 1e-9);
        Assert.Equal(limit.MeanSquare, end.MeanSquare, 1e-9);
        // It never knows more of the mean than those real data say.
        Assert.True(limit.MeanSquare >= 1.0 / s.Real);
    }, iter: 50);

    /// <summary>Without a sampling bias synthetic samples are memory of real ones long gone: the mean is as exact as from n_r (1 + n_s/(n_s + n_r)) of them, nearly.</summary>
    [Fact]
    public void Unbiased_synthetic_samples_beside_fresh_ones_help_by_at_most_a_factor_of_two() => Settings.Sample(s =>
    {
        var limit = RealDataLaws.FreshDataLimit(VarianceEstimator.Unbiased, s.Real, s.Synthetic);
        var share = (double)s.Synthetic / (s.Synthetic + s.Real);
        var (effective, nearly) = (1 / limit.MeanSquare, s.Real * (1 + share));
        Assert.InRange(effective, s.Real - 1e-9, nearly + 1e-9);
        Assert.InRange(limit.Variance, 1, 1 + 1.0 / s.Real);
    });

    [Fact]
    public void A_sampling_bias_makes_the_variance_fall_the_further_the_more_samples_are_synthetic()
    {
        double[] variances = [.. new[] { 10, 100, 1_000, 10_000 }.Select(n => RealDataLaws.FreshDataLimit(VarianceEstimator.Unbiased, 100, n, 0.9).Variance)];
        Assert.Equal(variances.OrderDescending(), variances);
        Assert.InRange(variances[^1], 0, 0.2);
    }

    [Fact]
    public void A_kernel_density_widens_or_narrows_to_M_times_its_kernel() => Gen.Select(Gen.Int[2, 500], Gen.Double[0.01, 2]).Sample((samples, bandwidth) =>
    {
        var (variance, h2) = (1.0, bandwidth * bandwidth);
        for (var fit = 1; fit <= 30; fit++)
        {
            variance = (1 - 1.0 / samples) * variance + h2;
            Assert.Equal(variance, DensityLaws.KernelVariance(samples, bandwidth, fit), 1e-9 * Math.Max(1, variance));
        }

        Assert.Equal(samples * h2, DensityLaws.KernelVariance(samples, bandwidth, 100_000), 1e-9 * Math.Max(1, samples * h2));
    });
}
