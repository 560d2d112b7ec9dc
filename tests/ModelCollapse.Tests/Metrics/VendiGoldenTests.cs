using System.Globalization;
using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;
using ModelCollapse.Metrics;
using ModelCollapse.Sampling;

namespace ModelCollapse.Tests.Metrics;

/// <summary>Vendi scores against vendi_score and its formula.</summary>
[Trait("kind", "golden")]
public class VendiGoldenTests
{
    const string Golden = "metrics/vendi.json";
    const double Tolerance = 1e-8, SmallOrderTolerance = 1e-5;

    static readonly JsonElement Root = GoldenFolder.Json(Golden);

    [Fact]
    public void Of_similarities()
    {
        var comparison = new GoldenComparison(Golden);
        foreach (var golden in Root.GetProperty("cases").EnumerateArray())
        {
            var similarity = Matrix<double>.Build.DenseOfRowArrays(golden.Rows("similarity"));
            if (golden.GetProperty("normalise").GetBoolean()) similarity = VendiScore.Normalised(similarity);
            var probabilities = golden.GetProperty("probabilities") is { ValueKind: JsonValueKind.Array } list ? list.Numbers() : null;
            comparison.Add("eigenvalues", VendiScore.Spectrum(similarity, probabilities), golden.Numbers("eigenvalues_descending"), Tolerance);
            Scores(golden, comparison, order => VendiScore.OfSimilarity(similarity, order, probabilities));
        }

        comparison.Report();
    }

    [Fact]
    public void Of_embeddings()
    {
        var comparison = new GoldenComparison(Golden);
        foreach (var golden in Root.GetProperty("embedding_cases").EnumerateArray()) Scores(golden, comparison, order => VendiScore.OfVectors(golden.Rows("embeddings"), order));
        comparison.Report();
    }

    static void Scores(JsonElement golden, GoldenComparison comparison, Func<double, double> score)
    {
        // Of embeddings only the scores are in the file; most of their kernels are singular.
        var singular = !golden.TryGetProperty("eigenvalues_descending", out var spectrum) || spectrum.Numbers()[^1] == 0;
        foreach (var field in golden.GetProperty("expected").EnumerateObject())
        {
            var text = field.Name["q=".Length..];
            var order = text == "inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);
            comparison.Add($"score, q = {text}", score(order), field.Value.Number(), order < 1 && singular ? SmallOrderTolerance : Tolerance);
        }
    }
}
