namespace ModelCollapse.Statistics;

/// <summary>
/// How well a score ranks positives above negatives: a detector of synthetic text, a judge. The area under the curve is 1 for a perfect
/// ranking and 0.5 for a random one, whatever the share of positives. A detector's area falls where synthetic text comes to resemble human text.
/// </summary>
/// <param name="Area">Area under the curve; a tie of a positive and a negative counts one half. NaN where one of the two is missing.</param>
/// <param name="Points">False and true positive rate at each threshold, from (0, 0) to (1, 1); scores at or above the threshold count as positive.</param>
public sealed record RocCurve(double Area, IReadOnlyList<(double FalsePositiveRate, double TruePositiveRate)> Points)
{
    /// <summary>The curve of some scores.</summary>
    /// <param name="labels">Whether each item is positive.</param>
    /// <param name="scores">The score of each; higher means rather positive.</param>
    public static RocCurve Of(IReadOnlyList<bool> labels, IReadOnlyList<double> scores)
    {
        if (labels.Count != scores.Count) throw new ArgumentException($"Each score needs a label: there are {labels.Count} labels and {scores.Count} scores.", nameof(scores));
        double positives = labels.Count(l => l), negatives = labels.Count - positives;
        var (area, points, fp, tp) = (0.0, new List<(double, double)> { (0, 0) }, 0.0, 0.0);
        foreach (var tied in Enumerable.Range(0, scores.Count).GroupBy(i => scores[i]).OrderByDescending(g => g.Key))
        {
            double hits = tied.Count(i => labels[i]), alarms = tied.Count() - hits;
            area += alarms * (tp + hits / 2);
            (fp, tp) = (fp + alarms, tp + hits);
            points.Add((fp / negatives, tp / positives));
        }

        return new(area / (positives * negatives), points);
    }

    /// <summary>Brier score of probabilities: mean squared difference from the outcome, 0 to 1, lower is better (Brier 1950).</summary>
    /// <param name="outcomes">What happened.</param>
    /// <param name="probabilities">What was predicted. Range: 0 to 1.</param>
    /// <returns>NaN for no predictions.</returns>
    public static double BrierScore(IReadOnlyList<bool> outcomes, IReadOnlyList<double> probabilities) =>
        outcomes.Count != probabilities.Count
            ? throw new ArgumentException($"Each probability needs an outcome: there are {outcomes.Count} outcomes and {probabilities.Count} probabilities.", nameof(probabilities))
            : outcomes.Count == 0 ? double.NaN : outcomes.Zip(probabilities, (o, p) => Math.Pow(p - (o ? 1 : 0), 2)).Average();
}
