using System.Globalization;

namespace ModelCollapse.Statistics;

/// <summary>Sample quantiles by linear interpolation between order statistics (type 7, as NumPy and R by default).</summary>
public static class Quantiles
{
    /// <summary>The quantile of values that are in ascending order.</summary>
    /// <param name="sorted">The values, ascending; at least one.</param>
    /// <param name="level">The level. Range: 0 to 1.</param>
    public static double OfSorted(IReadOnlyList<double> sorted, double level)
    {
        if (sorted.Count == 0) throw new ArgumentException("There are no values to take a quantile of.", nameof(sorted));
        if (!(level is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "A level lies between 0 and 1.");
        var at = level * (sorted.Count - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] == sorted[above] ? sorted[below] : sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /// <summary>The quantile of values in any order.</summary>
    /// <param name="values">The values; at least one.</param>
    /// <param name="level">The level. Range: 0 to 1.</param>
    public static double Of(IEnumerable<double> values, double level) => OfSorted([.. values.Order()], level);

    /// <summary>The value in the middle, or the mean of the two in the middle.</summary>
    /// <param name="values">The values; at least one.</param>
    public static double Median(IEnumerable<double> values) => Of(values, 0.5);

    /// <summary>What a quantile is called among the numbers of a metric: <c>quantile-0.05</c>.</summary>
    /// <param name="level">The level. Range: 0 to 1.</param>
    public static string NameOf(double level) => string.Create(CultureInfo.InvariantCulture, $"quantile-{level:0.00}");
}
