using System.Text.Json;
using ModelCollapse.Statistics;

namespace ModelCollapse.Tests.Statistics;

/// <summary>Tests, intervals, effect sizes and calibration against SciPy, statsmodels, scikit-learn and pymannkendall.</summary>
[Trait("kind", "golden")]
public class StatisticsGoldenTests
{
    const string Golden = "metrics/statistics.json";
    const double Tolerance = 1e-9, PTolerance = 1e-8;

    static readonly JsonElement Root = GoldenFolder.Json(Golden);

    /// <summary>The entries of the file.</summary>
    public static TheoryData<string> Entries => [.. Root.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Object).Select(p => p.Name)];

    [Theory, MemberData(nameof(Entries))]
    public void Agrees(string entry)
    {
        var (e, comparison) = (Root.GetProperty(entry), new GoldenComparison(Golden));
        var expected = e.GetProperty("expected");
        double confidence = e.TryGetProperty("confidence", out var c) ? c.GetDouble() : 0.95;
        switch (entry)
        {
            case "mean_interval":
                var mean = MeanInterval.Of(X(), confidence);
                Fields(name => name switch { "mean" => mean.Mean, "sd" => mean.StandardDeviation, "low" => mean.Low, "high" => mean.High, _ => null });
                break;
            case "paired_t":
                var paired = PairedComparison.Of(X(), Y(), confidence);
                Fields(name => name == "cohens_dz" ? paired.EffectSize : Field(paired.Test, name));
                break;
            case "welch_t":
                var welch = TTest.Welch(X(), Y(), confidence);
                Fields(name => Field(welch, name));
                break;
            case "effect_size":
                var effect = EffectSize.Of(X(), Y());
                Fields(name => name switch { "cohens_d" => effect.CohensD, "hedges_correction_exact" => effect.HedgesCorrection, "hedges_g_exact" => effect.HedgesG, "hedges_g_approximate" => effect.HedgesGApproximate, _ => null });
                break;
            case "bootstrap_spread": BootstrapSpread(e, expected, confidence, comparison); break;
            case "bootstrap_given_indices": BootstrapGivenIndices(e, expected, confidence, comparison); break;
            case var name when name.StartsWith("wilcoxon") || name.StartsWith("mann_whitney"):
                var ranks = name.StartsWith("w") ? RankTest.SignedRank(X(), Y()) : RankTest.MannWhitney(X(), Y());
                Fields(field => field switch
                {
                    "statistic_min_of_rank_sums" or "u_of_x" => ranks.Statistic,
                    "u_of_y" => X().Length * Y().Length - ranks.Statistic,
                    "p_exact" => ranks.Exact,
                    "p_normal" => ranks.Normal,
                    "p_normal_continuity" => ranks.NormalCorrected,
                    _ => null,
                });
                break;
            case "permutation_two_sample": Permutation(PermutationTest.TwoSample(X(), Y())); break;
            case "permutation_paired_sign_flip": Permutation(PermutationTest.SignFlip([.. X().Zip(Y(), (a, b) => a - b)])); break;
            case "multiple_testing": MultipleTests(e, expected, comparison); break;
            case "wilson":
                foreach (var row in expected.EnumerateArray())
                {
                    var wilson = WilsonInterval.Of(row.GetProperty("successes").GetInt64(), row.GetProperty("trials").GetInt64(), row.Number("confidence"));
                    comparison.Add(entry, [wilson.Low, wilson.High], [row.Number("low"), row.Number("high")], Tolerance);
                }

                break;
            case "ols_slope":
                var line = LinearTrend.Of(X(), Y(), confidence);
                Fields(name => name switch
                {
                    "slope" => line.Slope.Difference,
                    "slope_se" => line.Slope.StandardError,
                    "slope_low" => line.Slope.Low,
                    "slope_high" => line.Slope.High,
                    "p" => line.Slope.P,
                    "intercept" => line.Intercept.Difference,
                    "intercept_low" => line.Intercept.Low,
                    "intercept_high" => line.Intercept.High,
                    "r" => line.Correlation,
                    "residual_variance" => line.ResidualVariance,
                    _ => null,
                });
                break;
            case "theil_sen":
                var sen = TheilSenTrend.Of(X(), Y(), confidence);
                Fields(name => name switch { "slope" => sen.Slope, "intercept" => sen.Intercept, "slope_low" => sen.Low, "slope_high" => sen.High, _ => null });
                break;
            case var name when name.StartsWith("mann_kendall"):
                var trend = MannKendall.Of(Y());
                Fields(field => field switch { "S" => trend.S, "variance" => trend.SVariance, "z" => trend.Z, "p" => trend.P, "tau" => trend.Tau, _ => null });
                break;
            case var name when name.StartsWith("correlation"):
                var (spearman, kendall, pearson) = (Correlation.Spearman(X(), Y()), Correlation.Kendall(X(), Y()), Correlation.Pearson(X(), Y()));
                Fields(field => field switch
                {
                    "spearman" => spearman.Coefficient,
                    "spearman_p_t" => spearman.P,
                    "kendall_tau_b" => kendall.Coefficient,
                    "kendall_p_auto" => kendall.P,
                    "kendall_p_normal" => Correlation.Kendall(X(), Y(), normal: true).P,
                    "pearson" => pearson.Coefficient,
                    "pearson_p" => pearson.P,
                    _ => null,
                });
                break;
            case var name when name.StartsWith("anova_2x2"): Anova(entry, e, expected, confidence, comparison); break;
            case "roc_auc_and_brier":
                bool[] labels = [.. e.Numbers("labels").Select(l => l == 1)];
                Fields(name => name switch { "roc_auc" => RocCurve.Of(labels, e.Numbers("scores")).Area, "brier" => RocCurve.BrierScore(labels, e.Numbers("scores")), _ => null });
                break;
            case "calibration": Calibrated(e, expected, comparison); break;
            default: Assert.Fail($"{Golden} has an entry {entry} that nothing is compared with."); break;
        }

        comparison.Report();

        double[] X() => e.Numbers("x");
        double[] Y() => e.Numbers("y");

        // p values have a tolerance of their own.
        void Fields(Func<string, double?> found)
        {
            foreach (var field in expected.EnumerateObject())
            {
                var p = field.Name == "p" || field.Name.StartsWith("p_") || field.Name.Contains("_p_") || field.Name.EndsWith("_p");
                comparison.Add(p ? $"{entry}, p" : entry, found(field.Name) ?? throw Unknown(entry, field.Name), field.Value.Number(), p ? PTolerance : Tolerance);
            }
        }

        void Permutation(PermutationTest test) => Fields(name => name switch
        {
            "statistic" => test.Statistic,
            "arrangements" => test.Arrangements,
            "p_two_sided" or "p_two_sided_absolute" => test.TwoSided,
            "p_two_sided_doubled" => test.TwoSidedDoubled,
            "p_greater" => test.Greater,
            "p_less" => test.Less,
            _ => null,
        });
    }

    static double? Field(TTest test, string name) => name switch
    {
        "mean_difference" or "estimate" => test.Difference,
        "se" => test.StandardError,
        "t" => test.T,
        "df" => test.DegreesOfFreedom,
        "p" => test.P,
        "low" => test.Low,
        "high" => test.High,
        _ => null,
    };

    static Func<double[], double> Statistic(string name) => name switch
    {
        "mean" => x => x.Average(),
        "median" => x => Quantiles.Median(x),
        "standard_deviation" => x => MathNet.Numerics.Statistics.Statistics.StandardDeviation(x),
        _ => throw Unknown("bootstrap", name),
    };

    /// <summary>Our own resamples: each limit must lie where those of SciPy's generator seeds lie.</summary>
    static void BootstrapSpread(JsonElement e, JsonElement expected, double confidence, GoldenComparison comparison)
    {
        double[] x = e.Numbers("x"), sorted = [.. x.Order()];
        foreach (var spread in expected.EnumerateObject())
        {
            var (statistic, kind) = (spread.Name.Split(' ')[0], spread.Name.Split(' ')[1]);
            for (var seed = 0L; seed < 3; seed++)
            {
                var found = Bootstrap.Of(x, Statistic(statistic), seed, confidence, e.GetProperty("n_resamples").GetInt32());
                var limits = kind switch { "percentile" => found.Percentile, "BCa" => found.Bca, _ => throw Unknown("bootstrap_spread", kind) };
                foreach (var (side, limit) in new[] { ("low", limits.Low), ("high", limits.High) })
                {
                    var sd = spread.Value.Number($"{side}_sd");
                    var (low, high) = (spread.Value.Number($"{side}_min") - 3 * sd, spread.Value.Number($"{side}_max") + 3 * sd);
                    // A median moves in steps between the values and their middles: where all seeds stand on one step, the next ones may come up too.
                    if (statistic == "median") (low, high) = (sorted.LastOrDefault(v => sd > 0 ? v <= low : v < low, sorted[0]), sorted.FirstOrDefault(v => sd > 0 ? v >= high : v > high, sorted[^1]));
                    comparison.Within("bootstrap_spread, distance from the range", limit, low, high);
                }
            }
        }
    }

    static void BootstrapGivenIndices(JsonElement e, JsonElement expected, double confidence, GoldenComparison comparison)
    {
        int[][] indices = [.. e.Rows("indices").Select(r => r.Select(i => (int)i).ToArray())];
        foreach (var statistic in expected.EnumerateObject())
        {
            var found = Bootstrap.Of(e.Numbers("x"), Statistic(statistic.Name), indices, confidence);
            foreach (var field in statistic.Value.EnumerateObject())
                if (field.Name == "probabilities") comparison.Add("bootstrap_given_indices", [found.BcaLevels.Low, found.BcaLevels.High], field.Value.Numbers(), Tolerance);
                else
                    comparison.Add("bootstrap_given_indices", field.Name switch
                    {
                        "estimate" => found.Estimate,
                        "z0" => found.BiasCorrection,
                        "acceleration" => found.Acceleration,
                        "bca_low" => found.Bca.Low,
                        "bca_high" => found.Bca.High,
                        "percentile_low" => found.Percentile.Low,
                        "percentile_high" => found.Percentile.High,
                        "basic_low" => found.Basic.Low,
                        "basic_high" => found.Basic.High,
                        "standard_error" => found.StandardError,
                        _ => throw Unknown("bootstrap_given_indices", field.Name),
                    }, field.Value.Number(), Tolerance);
        }
    }

    static void MultipleTests(JsonElement e, JsonElement expected, GoldenComparison comparison)
    {
        var (p, alpha) = (e.Numbers("p"), e.Number("alpha"));
        foreach (var method in expected.EnumerateObject())
        {
            var adjusted = method.Name switch
            {
                "holm" => MultipleTesting.Holm(p),
                "bonferroni" => MultipleTesting.Bonferroni(p),
                "benjamini_hochberg" => MultipleTesting.BenjaminiHochberg(p),
                "benjamini_yekutieli" => MultipleTesting.BenjaminiYekutieli(p),
                _ => throw Unknown("multiple_testing", method.Name),
            };
            comparison.Add("multiple_testing", adjusted, method.Value.Numbers("adjusted"), PTolerance);
            comparison.Add("multiple_testing, rejections", adjusted.Select(a => a <= alpha ? 1.0 : 0), method.Value.Numbers("rejected"), 0);
        }
    }

    static void Anova(string entry, JsonElement e, JsonElement expected, double confidence, GoldenComparison comparison)
    {
        var found = TwoWayAnova.Of([.. e.Numbers("a").Select(v => v == 1)], [.. e.Numbers("b").Select(v => v == 1)], e.Numbers("y"), confidence);
        foreach (var part in expected.EnumerateObject())
        {
            if (part.Name == "interaction_contrast")
            {
                comparison.Fields($"{entry}, contrast", part.Value, PTolerance, name => Field(found.InteractionContrast, name));
                continue;
            }

            var table = part.Name switch { "type_1" => found.Type1, "type_2" => found.Type2, "type_3" => found.Type3, _ => throw Unknown(entry, part.Name) };
            foreach (var row in part.Value.EnumerateObject())
                comparison.Fields(entry, row.Value, PTolerance, name => row.Name switch
                {
                    "a" => Cell(table.A, name),
                    "b" => Cell(table.B, name),
                    "interaction" => Cell(table.Interaction, name),
                    "residual" => name switch { "sum_sq" => table.ResidualSum, "df" => table.ResidualFreedom, _ => null },
                    _ => null,
                });
        }

        static double? Cell(AnovaRow row, string name) => name switch { "sum_sq" => row.Sum, "df" => 1, "F" => row.F, "p" => row.P, _ => null };
    }

    static void Calibrated(JsonElement e, JsonElement expected, GoldenComparison comparison)
    {
        var logits = e.Rows("logits");
        int[] labels = [.. e.Numbers("labels").Select(l => (int)l)];
        var found = Calibration.Of(logits, labels, e.GetProperty("bins").GetInt32());
        var temperature = Calibration.OptimalTemperature(logits, labels);
        foreach (var field in expected.EnumerateObject())
            switch (field.Name)
            {
                case "bin_counts": comparison.Add("calibration, bins", found.BinCounts.Select(n => (double)n), field.Value.Numbers(), 0); break;
                case "bin_accuracy": comparison.Add("calibration", found.BinAccuracy, field.Value.Numbers(), Tolerance); break;
                case "bin_confidence": comparison.Add("calibration", found.BinConfidence, field.Value.Numbers(), Tolerance); break;
                case "temperature": comparison.Add("calibration, temperature", temperature, field.Value.Number(), 1e-6); break;
                default:
                    comparison.Add("calibration", field.Name switch
                    {
                        "ece" => found.ExpectedError,
                        "mce" => found.MaximumError,
                        "accuracy" => found.Accuracy,
                        "brier_multiclass" => found.BrierScore,
                        "nll_at_1" => found.NegativeLogLikelihood,
                        "nll_at_optimum" => Calibration.NegativeLogLikelihoodAt(logits, labels, temperature),
                        _ => throw Unknown("calibration", field.Name),
                    }, field.Value.Number(), Tolerance);
                    break;
            }
    }

    static InvalidDataException Unknown(string entry, string field) => new($"{Golden} has a field {entry}.{field} that nothing is compared with.");
}
