using System.Runtime.CompilerServices;

namespace ModelCollapse.Language;

/// <summary>Vectors that are computed once for each text, as long as the text itself is in use: those of human text in every generation.</summary>
static class RememberedFeatures
{
    public static IReadOnlyList<double[]> Of(ConditionalWeakTable<int[], double[]> known, IReadOnlyList<int[]> texts, Func<IReadOnlyList<int[]>, IReadOnlyList<double[]>> compute)
    {
        int[][] unknown = [.. texts.Where(t => !known.TryGetValue(t, out _)).Distinct()];
        if (unknown.Length > 0)
            foreach (var (text, vector) in unknown.Zip(compute(unknown))) known.AddOrUpdate(text, vector);
        return [.. texts.Select(t => known.TryGetValue(t, out var vector) ? vector : throw new InvalidOperationException("A text has no vector."))];
    }
}
