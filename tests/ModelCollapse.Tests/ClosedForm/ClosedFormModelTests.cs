using MathNet.Numerics.LinearAlgebra;
using ModelCollapse.ClosedForm;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;

namespace ModelCollapse.Tests.ClosedForm;

/// <summary>What holds for each family with a closed form.</summary>
public class ClosedFormModelTests
{
    [Fact]
    public void A_saved_model_writes_on_as_it_would_have()
    {
        Check(new Gaussian(2, 3), () => new Gaussian());
        Check(new DiagonalGaussian(4), () => new DiagonalGaussian(4));
        Check(DistributionModel.Gaussian(3), () => DistributionModel.Gaussian(3));
        Check(Mixture(), Mixture);
        Check(DistributionModel.KernelDensity([[0.0], [5]], 0.1), () => DistributionModel.KernelDensity([[1.0]], 0.1));
        Check(Discrete.Zipf(9, 1), () => Discrete.Zipf(9, 0));
        Check(DistributionModel.Histogram(Histogram.Uniform(0, 2, 5)), () => DistributionModel.Histogram(Histogram.Uniform(-1, 1, 3)));
        Check(NGram.Random(5, order: 2, length: 6, seed: 1), () => new NGram(5, order: 2, length: 6));
        Check(new Ensemble<double>(3, r => new Gaussian(r)), () => new Ensemble<double>(3, _ => new Gaussian()));

        static void Check<T>(IGenerativeModel<T> model, Func<IGenerativeModel<T>> another)
        {
            using var folder = new TemporaryFolder();
            model.Fit(model.Sample(50, new(0, 1)), new(0, 2));
            model.Save(folder.Path);
            var loaded = another();
            loaded.Load(folder.Path);
            Assert.Equal(model.Sample(20, new(0, 3)).AsEnumerable(), loaded.Sample(20, new(0, 3)));

            foreach (var file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories)) File.WriteAllText(file, "{");
            Assert.Contains(folder.Path, Assert.Throws<InputException>(() => loaded.Load(folder.Path)).Message);
        }
    }

    [Fact]
    public void Members_of_an_ensemble_are_fitted_to_their_own_column_and_draw_their_own_numbers()
    {
        var ensemble = new Ensemble<double>(70, r => new Gaussian(r));
        var data = ensemble.Sample(40, new(0, 5));
        ensemble.Fit(data, new(0, 0));

        for (var r = 0; r < 70; r++)
        {
            var alone = new Gaussian();
            alone.Fit(Dataset<double>.Human(data.Select(row => row[r]), "column"), new(0, 0));
            var member = (Gaussian)ensemble.Members[r];
            Assert.Equal((alone.Mean, alone.StandardDeviation), (member.Mean, member.StandardDeviation));
            Assert.InRange(member.Mean - r, -1, 1);
        }
    }

    [Fact]
    public void Coordinates_of_a_diagonal_gaussian_are_fitted_as_one_dimensional_ones_even_far_from_0()
    {
        var data = Dataset<double[]>.Human(new DiagonalGaussian(600).Sample(50, new(0, 9)).Select(row => row.Select(x => 1e8 + x).ToArray()), "far");
        foreach (var estimator in Enum.GetValues<VarianceEstimator>())
        {
            var model = new DiagonalGaussian(600, estimator);
            model.Fit(data, new(0, 0));
            for (var j = 0; j < 600; j += 37)
            {
                var alone = new Gaussian(estimator: estimator);
                alone.Fit(Dataset<double>.Human(data.Select(row => row[j]), "column"), new(0, 0));
                Assert.Equal(alone.Mean, model.Means[j], 1e-7);
                Assert.Equal(alone.StandardDeviation, model.StandardDeviations[j], 1e-7);
            }
        }
    }

    [Fact]
    public void Nonsense_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new Discrete([0.5, 0.6]));
        Assert.Throws<ArgumentException>(() => Discrete.Zipf(3, 1).Fit(Dataset<int>.Human([0, 3], "x"), new(0, 0)));
        Assert.Throws<ArgumentException>(() => new Gaussian(estimator: VarianceEstimator.Unbiased).Fit(Dataset<double>.Human([1.0], "x"), new(0, 0)));
        Assert.Throws<ArgumentException>(() => new LinearRegression([1, 2, 3], 1).Fit(new LinearRegression([1, 2, 3], 1).Sample(2, new(0, 0)), new(0, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Gaussian(samplingBias: -1));
    }

    static DistributionModel<GaussianMixture> Mixture() => DistributionModel.Mixture(new(
        [0.5, 0.5], [new([-3, 0], Matrix<double>.Build.DenseIdentity(2)), new([3, 0], Matrix<double>.Build.DenseIdentity(2))]));
}
