using MathNet.Numerics.Distributions;

namespace ModelCollapse.Statistics;

/// <summary>
/// Interval of a statistic of items that depend on each other within a block: the delete-block jackknife, which leaves out one block, or one run of
/// consecutive blocks, at a time (Künsch, The jackknife and the bootstrap for general stationary observations, Annals of Statistics 1989). For ratios
/// and other smooth statistics of many blocks; not for extremes.
/// </summary>
/// <param name="Estimate">The statistic of everything.</param>
/// <param name="StandardError">√((G − 1)/G · Σ (θ₍₋g₎ − mean)²) over the G groups of blocks; NaN for fewer than two.</param>
/// <param name="Low">Lower end of the interval, from Student's t distribution with G − 1 degrees of freedom.</param>
/// <param name="High">Upper end of the interval.</param>
public sealed record Jackknife(double Estimate, double StandardError, double Low, double High)
{
    /// <summary>Groups that blocks are joined to unless asked otherwise: t is close to normal, and neighbours that depend on each other are mostly together.</summary>
    public const int DefaultGroups = 50;

    /// <summary>The interval of a statistic from its values without each group.</summary>
    /// <param name="estimate">The statistic of everything.</param>
    /// <param name="leftOut">The statistic without each group; the groups about equally large.</param>
    /// <param name="confidence">Confidence. Range: above 0, below 1.</param>
    public static Jackknife Of(double estimate, IReadOnlyCollection<double> leftOut, double confidence = 0.95)
    {
        var level = MeanInterval.UpperLevel(confidence);
        if (leftOut.Count < 2) return new(estimate, double.NaN, double.NaN, double.NaN);
        var (groups, mean) = (leftOut.Count, leftOut.Average());
        var error = Math.Sqrt((groups - 1.0) / groups * leftOut.Sum(v => (v - mean) * (v - mean)));
        var half = StudentT.InvCDF(0, 1, groups - 1, level) * error;
        return new(estimate, error, estimate - half, estimate + half);
    }

    /// <summary>The interval of Σ numerators / Σ denominators: a share of items that come in blocks.</summary>
    /// <param name="numerators">For each block.</param>
    /// <param name="denominators">For each block.</param>
    /// <param name="groups">Groups of consecutive blocks; as many as there are blocks where those are fewer. Range: at least 2.</param>
    /// <param name="confidence">Confidence. Range: above 0, below 1.</param>
    public static Jackknife OfRatio(IReadOnlyList<double> numerators, IReadOnlyList<double> denominators, int groups = DefaultGroups, double confidence = 0.95)
    {
        if (numerators.Count != denominators.Count) throw new ArgumentException($"Each block needs both: there are {numerators.Count} numerators and {denominators.Count} denominators.", nameof(denominators));
        var (above, below) = (numerators.Sum(), denominators.Sum());
        return Of(above / below, [.. Groups(numerators.Count, groups).Select(g => (above - Sum(numerators, g)) / (below - Sum(denominators, g)))], confidence);

        static double Sum(IReadOnlyList<double> values, Range range) => values.Skip(range.Start.Value).Take(range.End.Value - range.Start.Value).Sum();
    }

    /// <summary>Runs of consecutive blocks, equally long as far as it comes out even.</summary>
    /// <param name="blocks">Number of blocks.</param>
    /// <param name="groups">Number of runs; as many as there are blocks where those are fewer. Range: at least 2.</param>
    public static IReadOnlyList<Range> Groups(int blocks, int groups = DefaultGroups)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 2);
        var count = Math.Min(blocks, groups);
        return [.. Enumerable.Range(0, count).Select(g => new Range((int)((long)g * blocks / count), (int)((g + 1L) * blocks / count)))];
    }
}
