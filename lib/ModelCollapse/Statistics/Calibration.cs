using MathNet.Numerics.RootFinding;

namespace ModelCollapse.Statistics;

/// <summary>
/// Whether a classifier's confidence is its rate of being right (Guo et al., On Calibration of Modern Neural Networks, ICML 2017). Models
/// trained on their own output grow sure of themselves while they err more: the expected calibration error and the temperature rise.
/// </summary>
public sealed record Calibration
{
    /// <summary>Bins of the confidence; bin k holds (k/15, (k+1)/15].</summary>
    public const int DefaultBins = 15;

    /// <summary>Expected calibration error: mean gap between confidence and accuracy of the bins, weighted by their size.</summary>
    public required double ExpectedError { get; init; }

    /// <summary>The largest gap of a bin.</summary>
    public required double MaximumError { get; init; }

    /// <summary>Items in each bin.</summary>
    public required IReadOnlyList<int> BinCounts { get; init; }

    /// <summary>Share that is right in each bin; NaN for an empty bin.</summary>
    public required IReadOnlyList<double> BinAccuracy { get; init; }

    /// <summary>Mean confidence of each bin; NaN for an empty bin.</summary>
    public required IReadOnlyList<double> BinConfidence { get; init; }

    /// <summary>Share that is right.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Mean over items of the sum over classes of squared differences from the outcome. Range: 0 to 2.</summary>
    public required double BrierScore { get; init; }

    /// <summary>Mean negative log-likelihood in nats.</summary>
    public required double NegativeLogLikelihood { get; init; }

    /// <summary>The calibration of a classifier.</summary>
    /// <param name="logits">Logits of each item, one per class; at least one item.</param>
    /// <param name="labels">The right class of each.</param>
    /// <param name="bins">Equal bins of the confidence. Range: at least 1.</param>
    public static Calibration Of(IReadOnlyList<double[]> logits, IReadOnlyList<int> labels, int bins = DefaultBins)
    {
        Check(logits, labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        var items = logits.Zip(labels, (row, label) => (Probabilities: Softmax(row, 1), Label: label)).Select(x =>
        {
            var confidence = x.Probabilities.Max();
            var right = Array.IndexOf(x.Probabilities, confidence) == x.Label;
            var brier = x.Probabilities.Select((p, k) => Math.Pow(p - (k == x.Label ? 1 : 0), 2)).Sum();
            return (Bin: Math.Clamp((int)Math.Ceiling(confidence * bins) - 1, 0, bins - 1), Confidence: confidence, Right: right ? 1.0 : 0.0, Brier: brier);
        }).ToList();
        var filled = items.ToLookup(i => i.Bin);
        double[] accuracy = [.. Each(b => Mean(b, i => i.Right))], confidence = [.. Each(b => Mean(b, i => i.Confidence))];
        var gaps = Enumerable.Range(0, bins).Where(k => filled.Contains(k)).Select(k => (Gap: Math.Abs(accuracy[k] - confidence[k]), Count: filled[k].Count())).ToList();
        return new()
        {
            ExpectedError = gaps.Sum(g => g.Gap * g.Count) / items.Count,
            MaximumError = gaps.Max(g => g.Gap),
            BinCounts = [.. Enumerable.Range(0, bins).Select(k => filled[k].Count())],
            BinAccuracy = accuracy,
            BinConfidence = confidence,
            Accuracy = items.Average(i => i.Right),
            BrierScore = items.Average(i => i.Brier),
            NegativeLogLikelihood = NegativeLogLikelihoodAt(logits, labels, 1),
        };

        IEnumerable<double> Each(Func<List<(int, double Confidence, double Right, double)>, double> of) => Enumerable.Range(0, bins).Select(k => of([.. filled[k]]));
        static double Mean(List<(int, double Confidence, double Right, double)> bin, Func<(int, double Confidence, double Right, double), double> of) => bin.Count == 0 ? double.NaN : bin.Average(of);
    }

    /// <summary>
    /// The temperature T that minimises <see cref="NegativeLogLikelihoodAt"/>: above 1 where the classifier is too sure of itself. It is the
    /// root of the derivative with respect to 1/T, which only rises.
    /// </summary>
    /// <param name="logits">Logits of each item, one per class; at least one item.</param>
    /// <param name="labels">The right class of each.</param>
    /// <returns>Within 10⁻⁴ to 10⁴; the end of that range where the optimum lies beyond, for example 10⁻⁴ where every item is right.</returns>
    public static double OptimalTemperature(IReadOnlyList<double[]> logits, IReadOnlyList<int> labels)
    {
        const double least = 1e-4, most = 1e4;
        Check(logits, labels);
        if (Derivative(least) >= 0) return 1 / least;
        if (Derivative(most) <= 0) return 1 / most;
        return 1 / Brent.FindRoot(Derivative, least, most, 1e-13, 200);

        // d/dβ of the mean of log Σ exp(β z) − β z_label: expected logit minus that of the label.
        double Derivative(double inverse) => logits.Zip(labels, (row, label) =>
            Softmax(row, 1 / inverse).Zip(row, (p, z) => p * z).Sum() - row[label]).Average();
    }

    /// <summary>Mean negative log-likelihood, in nats, of the labels under softmax(logits / T).</summary>
    /// <param name="logits">Logits of each item, one per class; at least one item.</param>
    /// <param name="labels">The right class of each.</param>
    /// <param name="temperature">T. Range: above 0.</param>
    public static double NegativeLogLikelihoodAt(IReadOnlyList<double[]> logits, IReadOnlyList<int> labels, double temperature)
    {
        Check(logits, labels);
        return logits.Zip(labels, (row, label) => Vectors.LogSumExp([.. row.Select(z => z / temperature)]) - row[label] / temperature).Average();
    }

    static double[] Softmax(double[] logits, double temperature)
    {
        double[] scaled = [.. logits.Select(z => z / temperature)];
        var total = Vectors.LogSumExp(scaled);
        return [.. scaled.Select(z => Math.Exp(z - total))];
    }

    static void Check(IReadOnlyList<double[]> logits, IReadOnlyList<int> labels)
    {
        if (logits.Count == 0 || logits.Count != labels.Count)
            throw new ArgumentException($"Calibration needs logits and a label for each of one or more items: there are {logits.Count} and {labels.Count}.", nameof(labels));
    }
}
