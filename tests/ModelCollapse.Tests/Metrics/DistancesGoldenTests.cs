using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;
using ModelCollapse.ClosedForm;
using ModelCollapse.Metrics;
using ModelCollapse.Statistics;

namespace ModelCollapse.Tests.Metrics;

/// <summary>Divergences, transport and kernel distances, precision and recall against SciPy, POT, mpmath and prdc.</summary>
[Trait("kind", "golden")]
public class DistancesGoldenTests
{
    const string Golden = "metrics/distances.json";

    static readonly JsonElement Root = GoldenFolder.Json(Golden);

    /// <summary>The parts of the file that hold cases.</summary>
    public static TheoryData<string> Parts =>
        [.. Root.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Array && p.Value[0].ValueKind == JsonValueKind.Object).Select(p => p.Name)];

    [Theory, MemberData(nameof(Parts))]
    public void Agrees(string part)
    {
        var comparison = new GoldenComparison(Golden);
        Action<JsonElement, JsonElement, GoldenComparison> compare = part switch
        {
            "discrete" => Discrete,
            "entropy" => Entropy,
            "one_dimensional" => OneDimensional,
            "gaussian_w2" => GaussianW2,
            "frechet" => Frechet,
            "transport" => Transport,
            "kernel" => Kernel,
            "prdc" => Prdc,
            _ => throw Unknown(part, "itself"),
        };
        foreach (var golden in Root.GetProperty(part).EnumerateArray()) compare(golden, golden.GetProperty("expected"), comparison);
        comparison.Report();
    }

    static void Discrete(JsonElement golden, JsonElement expected, GoldenComparison comparison)
    {
        double[] p = golden.Numbers("p"), q = golden.Numbers("q");
        comparison.Fields("discrete", expected, 1e-10, name => name switch
        {
            "kl_p_q" => Divergence.KullbackLeibler(p, q),
            "kl_q_p" => Divergence.KullbackLeibler(q, p),
            "total_variation" => Divergence.TotalVariation(p, q),
            "js_divergence" => Divergence.JensenShannon(p, q),
            "js_distance" => Math.Sqrt(Divergence.JensenShannon(p, q)),
            "hellinger" => Divergence.Hellinger(p, q),
            "chi_square_p_q" => Divergence.ChiSquare(p, q),
            "chi_square_symmetric" => Divergence.ChiSquareSymmetric(p, q),
            "entropy_p" => Divergence.Entropy(p),
            "entropy_q" => Divergence.Entropy(q),
            "wasserstein1_on_indices" => Wasserstein.OnIndices(p, q),
            _ => null,
        });
    }

    static void Entropy(JsonElement golden, JsonElement expected, GoldenComparison comparison)
    {
        long[] counts = [.. golden.Numbers("counts").Select(c => (long)c)];
        comparison.Fields("entropy", expected, 1e-12, name => name switch
        {
            "plug_in" => Divergence.Entropy(counts),
            "miller_madow" => Divergence.EntropyMillerMadow(counts),
            "observed" => counts.Count(c => c > 0),
            "total" => counts.Sum(),
            _ => null,
        });
    }

    static void OneDimensional(JsonElement golden, JsonElement expected, GoldenComparison comparison)
    {
        double[] x = golden.Numbers("x"), y = golden.Numbers("y");
        var ks = KolmogorovSmirnov.Of(x, y);
        foreach (var field in expected.EnumerateObject())
            switch (field.Name)
            {
                // Another approximation, of the one-sample test; ours are the exact p and the limit.
                case "ks_p_scipy_asymp": break;
                case "ks_p_exact": comparison.Add("Kolmogorov-Smirnov, p", ks.ExactP(), field.Value.Number(), 1e-8); break;
                case "ks_p_kolmogorov_limit": comparison.Add("Kolmogorov-Smirnov, p", ks.LimitP(), field.Value.Number(), 1e-8); break;
                default:
                    comparison.Add("one_dimensional", field.Name switch
                    {
                        "wasserstein1" => Wasserstein.OfSamples(x, y),
                        "wasserstein2" => Wasserstein.OfSamples(x, y, 2),
                        "energy_distance" => Math.Sqrt(EnergyDistance.Squared(x, y)),
                        "energy_distance_squared" => EnergyDistance.Squared(x, y),
                        "ks_statistic" => ks.Statistic,
                        _ => throw Unknown("one_dimensional", field.Name),
                    }, field.Value.Number(), 1e-10);
                    break;
            }
    }

    static void GaussianW2(JsonElement golden, JsonElement expected, GoldenComparison comparison)
    {
        double[][] cov1 = golden.Rows("cov1"), cov2 = golden.Rows("cov2");
        var (a, b) = (Matrix<double>.Build.DenseOfRowArrays(cov1), Matrix<double>.Build.DenseOfRowArrays(cov2));
        var squared = GaussianWasserstein.Squared(golden.Numbers("mean1"), a, golden.Numbers("mean2"), b);

        // POT's own value and error are in the file for comparison; the reference has 60 digits.
        var nearSingular = Math.Min(Least(a), Least(b)) < 1e-6;
        var (what, tolerance) = nearSingular ? ("gaussian_w2, near singular", 1e-6) : ("gaussian_w2", 1e-9);
        comparison.Add(what, Math.Sqrt(squared), expected.Number("w2"), tolerance);
        comparison.Add(what, squared, expected.Number("w2_squared"), tolerance);

        static double Least(Matrix<double> m) => m.Evd(Symmetricity.Symmetric).EigenValues.Min(e => e.Real);
    }

    static void Frechet(JsonElement golden, JsonElement expected, GoldenComparison comparison)
    {
        double[][] x = golden.Rows("x"), y = golden.Rows("y");
        var singular = Math.Min(x.Length, y.Length) <= x[0].Length;
        comparison.Fields(singular ? "frechet, singular" : "frechet", expected, singular ? 1e-6 : 1e-8, name => name == "frechet_distance_squared" ? GaussianWasserstein.Frechet(x, y) : null);
    }

    static void Transport(JsonElement golden, JsonElement expected, GoldenComparison comparison)
    {
        double[][] x = golden.Rows("x"), y = golden.Rows("y");
        double[] a = golden.Numbers("a"), b = golden.Numbers("b");
        foreach (var field in expected.EnumerateObject())
        {
            if (!field.Name.StartsWith("reg="))
            {
                var cost = OptimalTransport.Cost(a, b, OptimalTransport.SquaredDistances(x, y));
                comparison.Add("exact transport", field.Name switch { "exact_cost" => cost, "wasserstein2" => Math.Sqrt(cost), _ => throw Unknown("transport", field.Name) }, field.Value.Number(), 1e-9);
                continue;
            }

            var regularisation = double.Parse(field.Name["reg=".Length..], System.Globalization.CultureInfo.InvariantCulture);
            Sinkhorn xy = Sinkhorn.Solve(a, b, OptimalTransport.SquaredDistances(x, y), regularisation), xx = ToItself(a, x), yy = ToItself(b, y);
            Assert.True(xy.Converged && xx.Converged && yy.Converged);
            comparison.Fields("entropic transport", field.Value, 1e-6, name => name switch
            {
                "transport_cost" => xy.TransportCost,
                "transport_cost_xx" => xx.TransportCost,
                "transport_cost_yy" => yy.TransportCost,
                "regularised_objective_kl" => xy.Objective,
                "regularised_objective_kl_xx" => xx.Objective,
                "regularised_objective_kl_yy" => yy.Objective,
                "regularised_objective_pot_entropy" => xy.ObjectiveWithEntropy,
                "sinkhorn_divergence" => Sinkhorn.Divergence(x, y, regularisation, a, b),
                "divergence_of_transport_costs" => Math.Max(0, Sinkhorn.DivergenceOfTransportCosts(x, y, regularisation, a, b)),
                _ => null,
            });

            Sinkhorn ToItself(double[] masses, double[][] set) => Sinkhorn.SolveSymmetric(masses, OptimalTransport.SquaredDistances(set, set), regularisation);
        }
    }

    static void Kernel(JsonElement golden, JsonElement expected, GoldenComparison comparison)
    {
        double[][] x = golden.Rows("x"), y = golden.Rows("y");
        foreach (var field in expected.EnumerateObject())
            switch (field.Name)
            {
                case "energy_distance_squared": comparison.Add("kernel", EnergyDistance.Squared(x, y), field.Value.Number(), 1e-10); break;
                case "median_pairwise_distance": comparison.Add("kernel", MaximumMeanDiscrepancy.MedianDistance(x, y), field.Value.Number(), 1e-10); break;
                case var name when name.StartsWith("mmd2 "):
                    var found = MaximumMeanDiscrepancy.Of(x, y, field.Value.Number("sigma"));
                    comparison.Fields("kernel", field.Value, 1e-10, key => key switch { "sigma" => field.Value.Number("sigma"), "biased" => found.Biased, "unbiased" => found.Unbiased, _ => null });
                    break;
                default: throw Unknown("kernel", field.Name);
            }
    }

    static void Prdc(JsonElement golden, JsonElement expected, GoldenComparison comparison)
    {
        double[][] real = Root.Rows(golden.Text("real_from")), generated = golden.Rows("fake");
        foreach (var field in expected.EnumerateObject())
        {
            var found = PrecisionRecall.Of(real, generated, int.Parse(field.Name["k=".Length..], System.Globalization.CultureInfo.InvariantCulture));
            comparison.Fields("precision and recall", field.Value, 1e-12, name => name switch
            {
                "precision" => found.Precision,
                "recall" => found.Recall,
                "density" => found.Density,
                "coverage" => found.Coverage,
                "smallest_margin_of_a_comparison" => field.Value.Number("smallest_margin_of_a_comparison"),
                _ => null,
            });
        }
    }

    static InvalidDataException Unknown(string part, string field) => new($"{Golden} has a field {part}.{field} that nothing is compared with.");
}
