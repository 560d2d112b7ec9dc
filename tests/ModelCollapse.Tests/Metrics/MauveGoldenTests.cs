using System.Text.Json;
using ModelCollapse.Metrics;
using ModelCollapse.Statistics;

namespace ModelCollapse.Tests.Metrics;

/// <summary>MAUVE against mauve-text and faiss.</summary>
[Trait("kind", "golden")]
public class MauveGoldenTests
{
    const string Golden = "metrics/mauve.json";
    const double Tolerance = 1e-9, SpectrumTolerance = 1e-8;

    /// <summary>Another correct k-means may end this much above faiss's best objective (golden/metrics/README.md).</summary>
    const double ObjectiveExcess = 0.2;

    static readonly JsonElement Root = GoldenFolder.Json(Golden);

    /// <summary>Names of the cases with features.</summary>
    public static TheoryData<string> Cases => [.. Root.GetProperty("cases").EnumerateArray().Select(c => c.Text("name"))];

    [Fact]
    public void From_histograms()
    {
        var comparison = new GoldenComparison(Golden);
        foreach (var golden in Root.GetProperty("histogram_cases").EnumerateArray())
        {
            long[] p = Counts(golden, "p_counts"), q = Counts(golden, "q_counts");
            var expected = golden.GetProperty("expected");
            var found = Mauve.OfCounts(p, q, golden.Number("scaling_factor"));

            // Where all points of the curve coincide, sorting them gives an area that rounding decides.
            var identical = p.Zip(q, (a, b) => a * q.Sum() - b * p.Sum()).All(d => d == 0);
            foreach (var field in expected.EnumerateObject().Where(f => !identical || f.Name is not ("mauve" or "mauve_star"))) Compare("from histograms", field, found, comparison);
        }

        comparison.Report();
    }

    [Theory, MemberData(nameof(Cases))]
    public void From_features(string name)
    {
        var (golden, comparison) = (Case(name), new GoldenComparison(Golden));
        var (intermediate, settings) = (golden.GetProperty("intermediate"), golden.GetProperty("settings"));
        double[][] p = Features(golden, "p"), q = Features(golden, "q");
        foreach (var field in golden.GetProperty("expected_from_counts").EnumerateObject())
            if (field.Name is "p_hist" or "q_hist") comparison.Add("from counts", Divergence.Smoothed(Counts(intermediate, $"{field.Name[0]}_counts"), 0), field.Value.Numbers(), Tolerance);
            else Compare("from counts", field, Mauve.OfCounts(Counts(intermediate, "p_counts"), Counts(intermediate, "q_counts"), settings.Number("mauve_scaling_factor")), comparison);

        // The steps up to the clusters.
        int? asked = settings.GetProperty("num_buckets") is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : null;
        var options = new MauveOptions
        {
            Clusters = asked,
            ExplainedVariance = settings.Number("kmeans_explained_var"),
            Restarts = settings.GetProperty("kmeans_num_redo").GetInt32(),
            MaxIterations = settings.GetProperty("kmeans_max_iter").GetInt32(),
            Scaling = settings.Number("mauve_scaling_factor"),
        };
        var (points, components) = Mauve.Reduce(p, q, options.ExplainedVariance);
        var clusters = asked ?? Mauve.AutomaticClusters(p.Length, q.Length);
        comparison.Add("clusters", clusters, golden.Number("num_buckets_used"), 0);
        comparison.Add("components kept", points[0].Length, intermediate.Number("pca_dimensions_kept"), 0);
        comparison.Add("explained variance", components.VarianceRatios, intermediate.Numbers("explained_variance_ratio"), SpectrumTolerance);

        // The reference's clusters of our points have the reference's objective: so the points are the same.
        double[] labels = [.. intermediate.Numbers("q_labels"), .. intermediate.Numbers("p_labels")];
        var theirs = points.Zip(labels).GroupBy(x => x.Second, x => x.First)
            .Select(g => (Points: g, Centre: Vectors.Mean([.. g]))).Sum(g => g.Points.Sum(x => Vectors.SquaredDistance(x, g.Centre)));
        var objective = intermediate.Number("kmeans_objective");
        comparison.Add("objective of the reference's clusters, relative", theirs / objective, 1, 0.01);
        var ours = KMeans.Fit(points, clusters, 0, options.Restarts, options.MaxIterations).Inertia;
        comparison.Add("objective of our clusters, excess", Math.Max(0, ours / objective - 1), 0, ObjectiveExcess);

        var found = Mauve.OfFeatures(p, q, seed: 0, options);
        foreach (var field in golden.GetProperty("accept_from_features").EnumerateObject())
        {
            var band = field.Value.Numbers();
            comparison.Within("from features, distance from the accepted band", Value(field.Name, found), band[0], band[1]);
        }

        comparison.Report();
    }

    static void Compare(string what, JsonProperty field, Mauve found, GoldenComparison comparison)
    {
        if (field.Name == "divergence_curve") comparison.Add($"{what}, curve", found.Curve.SelectMany(c => new[] { c.X, c.Y }), field.Value.Rows().SelectMany(r => r), Tolerance);
        else comparison.Add(what, Value(field.Name, found), field.Value.Number(), Tolerance);
    }

    static double Value(string name, Mauve found) => name switch
    {
        "mauve" or "mauve_by_parameter_order" or "mauve_by_definition" => found.Score,
        "mauve_star" or "mauve_star_by_parameter_order" => found.SmoothedScore,
        "frontier_integral" => found.FrontierIntegral,
        "frontier_integral_star" => found.SmoothedFrontierIntegral,
        _ => throw new InvalidDataException($"{Golden} has a field {name} that nothing is compared with."),
    };

    static long[] Counts(JsonElement parent, string name) => [.. parent.Numbers(name).Select(c => (long)c)];

    static JsonElement Case(string name) => Root.GetProperty("cases").EnumerateArray().Single(c => c.Text("name") == name);

    /// <summary>Features of a case, or of another case that it names.</summary>
    static double[][] Features(JsonElement golden, string side) =>
        golden.TryGetProperty($"{side}_features", out var own) ? own.Rows() : Features(Case(golden.Text($"{side}_features_from")), side);
}
