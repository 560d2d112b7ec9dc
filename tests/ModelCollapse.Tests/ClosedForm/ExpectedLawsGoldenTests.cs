using System.Text.Json;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using ModelCollapse.ClosedForm;
using ModelCollapse.Generations;
using ModelCollapse.Metrics;
using ModelCollapse.Statistics;

namespace ModelCollapse.Tests.ClosedForm;

/// <summary>
/// The fits of this library, iterated on their own samples, follow the laws of recursion: simulations of ours against the closed values, in
/// standard errors of ours. The early generations of the smaller settings, where a mean is reliable and quick to simulate.
/// </summary>
[Trait("kind", "golden")]
public class ExpectedLawsGoldenTests
{
    const string Golden = "metrics/expected_laws.json";
    const double MostStandardErrors = 4;
    const int Runs = 2000, MostGenerations = 5, MostSamples = 1000;

    static readonly JsonElement Root = GoldenFolder.Json(Golden);

    /// <summary>The Gaussian laws by name: policy and estimator.</summary>
    public static TheoryData<string> Gaussians => [.. Root.EnumerateObject().Where(p => p.Name.StartsWith("gaussian_")).Select(p => p.Name)];

    [Theory, MemberData(nameof(Gaussians))]
    public void GaussianFitsFollowTheLaw(string law)
    {
        var (accumulate, unbiased, worst) = (law.Contains("accumulate"), law.Contains("unbiased"), 0.0);
        var start = new MultivariateGaussian([0], Matrix<double>.Build.DenseIdentity(1));
        foreach (var row in Root.GetProperty(law).EnumerateArray().Where(IsQuick))
        {
            var (size, generations) = (row.GetProperty("M").GetInt32(), row.GetProperty("n").GetInt32());
            var fits = Enumerable.Range(0, Runs).Select(run =>
            {
                var (random, fit, samples) = (Seeds.NewRandom(Seeds.Derive(run, generations, law)), start, new List<double[]>());
                for (var i = 0; i < generations; i++)
                {
                    if (!accumulate) samples.Clear();
                    samples.AddRange(Enumerable.Range(0, size).Select(_ => fit.Sample(random)).ToArray());
                    fit = MultivariateGaussian.Fit(samples, unbiased);
                }

                return fit;
            }).ToList();
            foreach (var value in row.GetProperty("closed").EnumerateObject().Where(v => v.Name is "sigma2" or "sigma" or "mu2" or "log_sigma2" or "w2_squared"))
                worst = Math.Max(worst, StandardErrors(fits.Select(f => value.Name switch
                {
                    "sigma2" => f.Covariance[0, 0],
                    "sigma" => Math.Sqrt(f.Covariance[0, 0]),
                    "mu2" => f.Mean[0] * f.Mean[0],
                    "log_sigma2" => Math.Log(f.Covariance[0, 0]),
                    _ => GaussianWasserstein.Squared(start.Mean, start.Covariance, f.Mean, f.Covariance),
                }), value.Value.Number()));
        }

        GoldenFolder.Report(Golden, $"{law}: simulation with our fits, standard errors", worst, MostStandardErrors);
    }

    [Fact]
    public void RegressionsFollowTheLaw()
    {
        var law = Root.GetProperty("linear_regression");
        var (dimensions, size, sigma, worst) = (law.GetProperty("d").GetInt32(), law.GetProperty("T").GetInt32(), law.Number("sigma"), 0.0);
        foreach (var row in law.GetProperty("rows").EnumerateArray().Where(r => r.GetProperty("n").GetInt32() <= 2))
        {
            var (policy, generations) = (row.Text("policy"), row.GetProperty("n").GetInt32());
            var errors = Enumerable.Range(0, Runs / 5).Select(run =>
            {
                var random = Seeds.NewRandom(Seeds.Derive(run, generations, policy));
                var (truth, same) = (new LinearRegression(Noise(random, dimensions), 0), Features(random));
                var (fit, features, targets) = (truth, new List<double[]>(), new List<double>());
                for (var i = 0; i < generations; i++)
                {
                    if (policy.StartsWith("replace"))
                    {
                        features.Clear();
                        targets.Clear();
                    }

                    double[][] added = policy.EndsWith("same_features") ? same : Features(random);
                    features.AddRange(added);
                    targets.AddRange(added.Select(x => fit.Predict(x) + sigma * Normal.Sample(random, 0, 1)).ToArray());
                    fit = LinearRegression.Fit(features, targets, intercept: false);
                }

                return fit.Coefficients.Zip(truth.Coefficients, (a, b) => (a - b) * (a - b)).Sum();
            });
            worst = Math.Max(worst, StandardErrors(errors, row.Number("closed_excess_test_error")));
        }

        GoldenFolder.Report(Golden, "linear_regression: simulation with our fits, standard errors", worst, MostStandardErrors);

        double[][] Features(Random random) => [.. Enumerable.Range(0, size).Select(_ => Noise(random, dimensions))];
    }

    static bool IsQuick(JsonElement row) => row.GetProperty("monte_carlo_mean_is_reliable").GetBoolean()
        && row.GetProperty("n").GetInt32() <= MostGenerations && row.GetProperty("n").GetInt32() * row.GetProperty("M").GetInt32() <= MostSamples;

    static double StandardErrors(IEnumerable<double> simulated, double closed)
    {
        var found = MeanInterval.Of([.. simulated]);
        return Math.Abs(found.Mean - closed) / (found.StandardDeviation / Math.Sqrt(found.Count));
    }

    static double[] Noise(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => Normal.Sample(random, 0, 1))];
}
