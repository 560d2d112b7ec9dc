using System.Globalization;
using ModelCollapse.Generations;

namespace ModelCollapse.Results.Stages;

/// <summary>When something began: the generation from which it persists to the end.</summary>
/// <param name="Generation">By the test over all seeds; null for never. What decides.</param>
/// <param name="Seeds">By the size of the effect in each seed alone; null for never. How far it varies.</param>
/// <param name="Last">The last generation that was looked at.</param>
public sealed record Onset(int? Generation, IReadOnlyDictionary<long, int?> Seeds, int Last)
{
    /// <summary>Median over seeds; null where half of them or more never show it.</summary>
    public double? Median
    {
        get
        {
            double[] sorted = [.. Seeds.Values.Select(Place).Order()];
            if (sorted.Length == 0) return null;
            var median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
            return double.IsFinite(median) ? median : null;
        }
    }

    /// <summary>The earliest and the latest over seeds; null for never.</summary>
    public (int? Earliest, int? Latest) Range => Seeds.Count == 0 ? (null, null) : (Seeds.Values.MinBy(Place), Seeds.Values.MaxBy(Place));

    /// <summary>For example <c>generation 3 (seeds: 2 to 4)</c> or <c>never within 10 generations</c>.</summary>
    public override string ToString()
    {
        var (earliest, latest) = Range;
        var seeds = earliest is null ? "" : earliest == latest ? $" (seeds: {earliest})" : $" (seeds: {earliest} to {Or(latest)})";
        return $"{(Generation is { } g ? string.Create(CultureInfo.InvariantCulture, $"generation {g}") : $"never within {Last} generations")}{seeds}";

        static string Or(int? generation) => generation?.ToString(CultureInfo.InvariantCulture) ?? "never";
    }

    /// <summary>The onset of something that needs both: each goes on to the last generation, so both do from the later of the two on.</summary>
    internal Onset And(Onset other) => With(other, (a, b) => a is null || b is null ? null : Math.Max(a.Value, b.Value));

    /// <summary>This onset where it comes before the other one; never where it does not.</summary>
    internal Onset Before(Onset other) => With(other, (a, b) => Place(a) < Place(b) ? a : null);

    /// <summary>The onset of a condition.</summary>
    /// <param name="last">The last generation.</param>
    /// <param name="holds">Whether it holds in a generation.</param>
    internal static int? Of(int last, Func<int, bool> holds)
    {
        int? onset = null;
        for (var t = last; t >= 0 && holds(t); t--) onset = t;
        return onset;
    }

    Onset With(Onset other, Func<int?, int?, int?> of) => new(of(Generation, other.Generation), Seeds.ToDictionary(s => s.Key, s => of(s.Value, other.Seeds[s.Key])), Last);

    static double Place(int? generation) => generation ?? double.PositiveInfinity;
}
