using ModelCollapse.Generations;
using ModelCollapse.Provenance;
using ModelCollapse.Store;

namespace ModelCollapse.Metrics;

/// <summary>
/// Who wrote a generation's training set, counted from the <see cref="Origin"/> of each sample: the provenance that policies and curators act on, as a number.
/// The human share falls to 0 at once where each generation replaces the last, and slowly where generations accumulate. Whether this share or the number of
/// human samples decides how far a loop collapses is a question of Kazdan, Schaeffer et al. (arXiv 2410.16713, section 4), so both can be read from it.
/// </summary>
/// <typeparam name="TSample">One sample.</typeparam>
[Kind(TrainingOrigins.MetricName)]
public sealed record TrainingOrigins<TSample> : IMetric<TSample>
{
    const string Source = "Kazdan, Schaeffer et al., arXiv 2410.16713, section 4";

    static readonly MetricNumber[] Described =
    [
        new("human", "Share of the training set that people wrote", "", UnderCollapse.Varies, Source),
        new("synthetic", "Share of the training set that models wrote", "", UnderCollapse.Varies, Source),
        new("poison", "Share of the training set that attackers planted", "", UnderCollapse.Varies, Source),
        new("unknown", "Share of the training set of unknown origin", "", UnderCollapse.Varies, Source),
        new("edited", "Share of the training set that curators changed", "", UnderCollapse.Varies, Source),
        new("depth", "Models between people and the training set", "models", UnderCollapse.Varies, Source),
        new("samples", "Samples in the training set", "samples", UnderCollapse.Varies, Source),
    ];

    /// <inheritdoc/>
    public string Name => TrainingOrigins.MetricName;

    /// <inheritdoc/>
    public IReadOnlyList<MetricNumber> Numbers => Described;

    /// <summary>
    /// <c>human</c>, <c>synthetic</c>, <c>poison</c>, <c>unknown</c>: shares of the samples by what they were before edits; they sum to 1. <c>edited</c>: share of those that a
    /// curator changed. <c>depth</c>: mean number of models between people and a sample whose origin is known, 0 for people's own text, t + 1 for what generation t
    /// wrote, edited or not; not a number where none is known. <c>samples</c>: how many there are.
    /// </summary>
    public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<TSample> c)
    {
        List<Origin> roots = [.. c.TrainingSet.Origins.Select(o => o.Root)];
        double[] depths = [.. roots.Select(o => o switch { Origin.Human => 0, Origin.Synthetic s => s.Generation + 1, _ => double.NaN }).Where(double.IsFinite)];
        return new Dictionary<NumberKey, double>
        {
            ["human"] = Share(roots, o => o is Origin.Human),
            ["synthetic"] = Share(roots, o => o is Origin.Synthetic),
            ["poison"] = Share(roots, o => o is Origin.Poison),
            ["unknown"] = Share(roots, o => o is Origin.Unknown),
            ["edited"] = Share(c.TrainingSet.Origins, o => o is Origin.Edited),
            ["depth"] = depths.Length == 0 ? double.NaN : depths.Average(),
            ["samples"] = roots.Count,
        };
    }

    static double Share(IReadOnlyCollection<Origin> origins, Func<Origin, bool> counts) => (double)origins.Count(counts) / origins.Count;
}

/// <summary>Names of <see cref="TrainingOrigins{TSample}"/>.</summary>
public static class TrainingOrigins
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "training-origins";
}
