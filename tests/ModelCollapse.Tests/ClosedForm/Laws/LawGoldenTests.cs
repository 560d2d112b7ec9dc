using System.Text.Json;
using ModelCollapse.ClosedForm;
using ModelCollapse.ClosedForm.Laws;

namespace ModelCollapse.Tests.ClosedForm.Laws;

/// <summary>The closed forms against values computed elsewhere (metrics/expected_laws.json).</summary>
[Trait("kind", "golden")]
public class LawGoldenTests
{
    const string File = "metrics/expected_laws.json";
    const double Tolerance = 1e-9, QuadratureTolerance = 1e-8, ProbabilityTolerance = 1e-7;

    readonly JsonElement laws = GoldenFolder.Json(File);

    [Theory]
    [InlineData("replace_unbiased", VarianceEstimator.Unbiased)]
    [InlineData("replace_mle", VarianceEstimator.MaximumLikelihood)]
    [InlineData("accumulate_unbiased", VarianceEstimator.Unbiased)]
    [InlineData("accumulate_mle", VarianceEstimator.MaximumLikelihood)]
    public void Gaussians(string name, VarianceEstimator estimator)
    {
        Dictionary<string, double> deviations = [];
        foreach (var row in laws.GetProperty($"gaussian_{name}").EnumerateArray())
        {
            var (m, n) = (row.GetProperty("M").GetInt32(), row.GetProperty("n").GetInt32());
            var law = name.StartsWith("replace", StringComparison.Ordinal) ? GaussianLaws.Replace(estimator, m, n) : GaussianLaws.Accumulate(estimator, m, n);
            foreach (var value in row.GetProperty("closed").EnumerateObject())
            {
                var found = value.Name switch
                {
                    "sigma2" => law.Variance,
                    "mu2" => law.MeanSquare,
                    "sigma" => law.Deviation,
                    "log_sigma2" => law.LogVariance,
                    "w2_squared" => law.W2Squared,
                    "relative_variance_of_sigma2" => Math.Pow(1 + 2.0 / (m - 1), n) - 1,
                    _ when value.Name.StartsWith("p_sigma2_below_", StringComparison.Ordinal) =>
                        GaussianLaws.ProbabilityOfVarianceBelow(estimator, m, n, double.Parse(value.Name["p_sigma2_below_".Length..], System.Globalization.CultureInfo.InvariantCulture)),
                    _ => throw new InvalidDataException($"{File} asks for {value.Name}, which no law here gives."),
                };
                Note(deviations, value.Name, found, value.Value.GetDouble());
            }
        }

        foreach (var (value, deviation) in deviations)
            GoldenFolder.Report(File, $"{name}, {value}", deviation,
                value.StartsWith("p_", StringComparison.Ordinal) ? ProbabilityTolerance : value is "sigma" or "w2_squared" && name.StartsWith("acc", StringComparison.Ordinal) ? QuadratureTolerance : Tolerance);
        Assert.NotEmpty(deviations);
    }

    [Fact]
    public void Wright_Fisher()
    {
        var section = laws.GetProperty("wright_fisher");
        double[] start = [.. section.GetProperty("p0").EnumerateArray().Select(p => p.GetDouble())];
        Dictionary<string, double> deviations = [];
        foreach (var row in section.GetProperty("rows").EnumerateArray())
        {
            var (m, n, closed) = (row.GetProperty("M").GetInt32(), row.GetProperty("n").GetInt32(), row.GetProperty("closed"));
            Note(deviations, "heterozygosity", 1 - DiscreteLaws.Concentration(start.Sum(p => p * p), m, n), closed.GetProperty("heterozygosity").GetDouble());
            Note(deviations, "surviving states", DiscreteLaws.ExpectedSupport(start, m, n), closed.GetProperty("surviving_states").GetDouble());
            var survival = DiscreteLaws.Survival(start, m, n);
            var byState = row.Numbers("survival_probability_by_state");
            Assert.Equal(byState.Length, survival.Length);
            foreach (var (found, wanted) in survival.Zip(byState)) Note(deviations, "survival by state", found, wanted);
        }

        foreach (var (value, deviation) in deviations) GoldenFolder.Report(File, $"Wright-Fisher, {value}", deviation, Tolerance);
        Assert.NotEmpty(deviations);
    }

    [Fact]
    public void Linear_regression()
    {
        var section = laws.GetProperty("linear_regression");
        var (d, rows, noise) = (section.GetProperty("d").GetInt32(), section.GetProperty("T").GetInt32(), section.GetProperty("sigma").GetDouble());
        Dictionary<string, double> deviations = [];
        foreach (var row in section.GetProperty("rows").EnumerateArray())
        {
            var n = row.GetProperty("n").GetInt32();
            var (policy, wanted) = (row.GetProperty("policy").GetString()!, row.GetProperty("closed_excess_test_error").GetDouble());
            Note(deviations, policy, policy switch
            {
                "replace_fresh_features" or "replace_same_features" => RegressionLaws.Replace(noise, d, rows, n),
                "accumulate_same_features" => RegressionLaws.Accumulate(noise, d, rows, n),
                "accumulate_fresh_features" => RegressionLaws.AccumulateFreshFeatures(noise, d, rows, n),
                _ => throw new InvalidDataException($"{File} asks for {policy}, which no law here gives."),
            }, wanted);
            if (row.TryGetProperty("bound_pi2_over_6", out var bound) && bound.ValueKind == JsonValueKind.Number)
                Note(deviations, "bound", RegressionLaws.AccumulateBound(noise, d, rows), bound.GetDouble());
        }

        foreach (var (value, deviation) in deviations) GoldenFolder.Report(File, $"regression, {value}", deviation, Tolerance);
        Assert.NotEmpty(deviations);
    }

    // |a − b| against max(1, |b|), as the folder's README defines tolerances.
    static void Note(Dictionary<string, double> deviations, string name, double found, double wanted) =>
        deviations[name] = Math.Max(deviations.GetValueOrDefault(name), double.IsNaN(found) ? double.PositiveInfinity : Math.Abs(found - wanted) / Math.Max(1, Math.Abs(wanted)));
}
