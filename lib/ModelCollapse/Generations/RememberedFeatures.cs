using System.Runtime.CompilerServices;

namespace ModelCollapse.Generations;

/// <summary>Vectors that are computed once for each sample, as long as the sample itself is in use.</summary>
static class RememberedFeatures
{
    /// <summary>One vector for each sample; those that are not known yet are computed together, and remembered.</summary>
    /// <param name="known">Those that are, by sample.</param>
    /// <param name="samples">The samples: objects, because numbers have no identity to remember them by.</param>
    /// <param name="compute">Gives a vector for each sample.</param>
    public static IReadOnlyList<double[]> Of<TSample>(ConditionalWeakTable<object, double[]> known, IReadOnlyList<TSample> samples, Func<IReadOnlyList<TSample>, IReadOnlyList<double[]>> compute)
    {
        TSample[] unknown = [.. samples.Where(s => !known.TryGetValue(s!, out _)).Distinct()];
        if (unknown.Length > 0)
            foreach (var (sample, vector) in unknown.Zip(compute(unknown))) known.AddOrUpdate(sample!, vector);
        return [.. samples.Select(s => known.TryGetValue(s!, out var vector) ? vector : throw new InvalidOperationException("There are fewer vectors than samples."))];
    }
}
