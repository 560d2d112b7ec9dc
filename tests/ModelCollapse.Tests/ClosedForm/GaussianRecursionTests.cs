using ModelCollapse.ClosedForm;
using ModelCollapse.ClosedForm.Laws;
using ModelCollapse.Provenance;

namespace ModelCollapse.Tests.ClosedForm;

public class GaussianRecursionTests
{
    [Fact]
    public void It_is_the_recursion_of_the_model_that_the_loop_fits()
    {
        const int Samples = 50, Fits = 20;
        foreach (var estimator in Enum.GetValues<VarianceEstimator>())
        {
            var ends = GaussianRecursion.Run(Samples, Fits, repetitions: 3, seed: 5, estimator);
            foreach (var (r, end) in ends.Index())
            {
                var (random, draws, model) = (new StandardNormal(Seeds.Derive(5, r, "repetition")), new double[Samples], new Gaussian(estimator: estimator));
                for (var fit = 0; fit < Fits; fit++)
                {
                    random.Fill(draws);
                    model.Fit(Dataset<double>.Human([.. draws.Select(z => model.Mean + model.StandardDeviation * z)], "draws"), new(fit, 0));
                }

                Assert.Equal(model.Mean, end.Mean, 1e-12);
                Assert.Equal(model.StandardDeviation, end.Deviation, 1e-12);
            }
        }
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        var alone = GaussianRecursion.Run(20, 10, repetitions: 101, seed: 1, threads: 1);
        Assert.Equal(alone, GaussianRecursion.Run(20, 10, repetitions: 101, seed: 1, threads: 2));
        Assert.Equal(alone, GaussianRecursion.Run(20, 10, repetitions: 101, seed: 1, threads: 7));
        Assert.NotEqual(alone, GaussianRecursion.Run(20, 10, repetitions: 101, seed: 2));
        Assert.Equal(101, alone.Distinct().Count());
    }

    [Theory]
    [InlineData(10, 100)]
    [InlineData(1_000, 100)]
    public void Ends_have_their_exact_means(int samples, int fits)
    {
        var ends = GaussianRecursion.Run(samples, fits, repetitions: 2_000, seed: 9);
        var law = GaussianLaws.Replace(VarianceEstimator.MaximumLikelihood, samples, fits);
        Check(ends.Select(e => 2 * Math.Log(e.Deviation)), law.LogVariance);
        Check(ends.Select(e => e.Mean * e.Mean), law.MeanSquare);

        static void Check(IEnumerable<double> values, double wanted)
        {
            var (mean, error) = AcrossRepetitions.Of([.. values]);
            Assert.InRange(mean, wanted - 4 * error, wanted + 4 * error);
        }
    }

    [Fact]
    public void Nonsense_is_refused()
    {
        Assert.Throws<ArgumentException>(() => GaussianRecursion.Run(1, 1, 1, 1, VarianceEstimator.Unbiased));
        Assert.Throws<ArgumentOutOfRangeException>(() => GaussianRecursion.Run(2, 0, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => GaussianRecursion.Run(2, 1, 0, 1));
    }
}
