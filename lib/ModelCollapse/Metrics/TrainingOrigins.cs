using ModelCollapse.Generations;
using ModelCollapse.Provenance;

namespace ModelCollapse.Metrics;

/// <summary>
/// Who wrote a generation's training set, counted from the <see cref="Origin"/> of each sample: the provenance that policies and curators act on, as a number.
/// The human share falls to 0 at once where each generation replaces the last, and slowly where generations accumulate. Whether this share or the number of
/// human samples decides how far a loop collapses is a question of Kazdan, Schaeffer et al. (arXiv 2410.16713, section 4), so both can be read from it.
/// </summary>
/// <typeparam name="TSample">One sample.</typeparam>
public sealed class TrainingOrigins<TSample> : IMetric<TSample>
{
    /// <inheritdoc/>
    public string Name => TrainingOrigins.MetricName;

    /// <summary>
    /// <c>human</c>, <c>synthetic</c>, <c>poison</c>, <c>unknown</c>: shares of the samples; <c>depth</c>: mean number of models between people and a sample
    /// whose origin is known, 0 for people's own text, t + 1 for what generation t wrote; not a number where none is known. <c>samples</c>: how many there are.
    /// </summary>
    public IReadOnlyDictionary<string, double> Measure(GenerationContext<TSample> c)
    {
        var origins = c.TrainingSet.Origins;
        double[] depths = [.. origins.Select(o => o switch { Origin.Human => 0, Origin.Synthetic s => s.Generation + 1, _ => double.NaN }).Where(double.IsFinite)];
        return new Dictionary<string, double>
        {
            ["human"] = Share<Origin.Human>(),
            ["synthetic"] = Share<Origin.Synthetic>(),
            ["poison"] = Share<Origin.Poison>(),
            ["unknown"] = Share<Origin.Unknown>(),
            ["depth"] = depths.Length == 0 ? double.NaN : depths.Average(),
            ["samples"] = origins.Count,
        };

        double Share<TOrigin>() => (double)origins.Count(o => o is TOrigin) / origins.Count;
    }
}

/// <summary>Names of <see cref="TrainingOrigins{TSample}"/>.</summary>
public static class TrainingOrigins
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "training-origins";
}
