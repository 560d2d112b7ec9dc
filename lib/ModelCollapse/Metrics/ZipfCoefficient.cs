using ModelCollapse.Statistics;

namespace ModelCollapse.Metrics;

/// <summary>
/// How steeply the frequency of words falls with their rank: minus the slope of log count on log rank by least squares (Holtzman et al.
/// 2020; literature.md, Definitions of metrics). Human text is near 1. It rises as a model uses fewer words more often, and falls where every word is about as
/// frequent, so both directions tell; read r too, since collapsed text may follow no power law.
/// </summary>
/// <param name="Coefficient">Minus the slope.</param>
/// <param name="Intercept">Logarithm of the count at rank 1 of the fitted line.</param>
/// <param name="Correlation">Pearson's r of the logarithms, negative; 0 where all counts are equal.</param>
/// <param name="Ranks">Types that the line was fitted to.</param>
public sealed record ZipfCoefficient(double Coefficient, double Intercept, double Correlation, int Ranks)
{
    /// <summary>The most frequent types that are used, as in Holtzman et al.</summary>
    public const int DefaultTop = 5000;

    /// <summary>The coefficient of a set of texts.</summary>
    /// <param name="texts">Token ids of each text.</param>
    /// <param name="top">Types to use, the most frequent first. Range: at least 2.</param>
    /// <exception cref="ArgumentException">There are fewer than two types.</exception>
    public static ZipfCoefficient Of(IEnumerable<int[]> texts, int top = DefaultTop)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 2);
        double[] logCounts = [.. new UnigramDistribution(texts).Counts.OrderDescending().Take(top).Select(c => Math.Log(c))];
        if (logCounts.Length < 2) throw new ArgumentException($"A line needs two or more types of words: the texts have {logCounts.Length}. Leave the coefficient out.", nameof(texts));
        var line = LinearTrend.Of([.. Enumerable.Range(1, logCounts.Length).Select(rank => Math.Log(rank))], logCounts);
        return new(-line.Slope.Difference, line.Intercept.Difference, logCounts[0] > logCounts[^1] ? line.Correlation : 0, logCounts.Length);
    }
}
