using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace ModelCollapse.Statistics;

/// <summary>
/// Confidence intervals by resampling with replacement: percentile, basic, and bias-corrected and accelerated (BCa; Efron, Better
/// bootstrap confidence intervals, JASA 1987). BCa is the one to report: it follows skewness and does not depend on the scale.
/// </summary>
public sealed record Bootstrap
{
    /// <summary>Resamples that are drawn unless asked otherwise, as SciPy does.</summary>
    public const int DefaultResamples = 9999;

    /// <summary>The statistic of the values themselves.</summary>
    public required double Estimate { get; init; }

    /// <summary>Standard deviation of the statistic over resamples (divisor B − 1).</summary>
    public required double StandardError { get; init; }

    /// <summary>Quantiles of the resampled statistic.</summary>
    public required (double Low, double High) Percentile { get; init; }

    /// <summary>The percentile interval reflected at the estimate.</summary>
    public required (double Low, double High) Basic { get; init; }

    /// <summary>Quantiles at levels that are corrected for bias and skewness; NaN for fewer than two values.</summary>
    public required (double Low, double High) Bca { get; init; }

    /// <summary>Bias correction z₀: the normal quantile of the share of resamples below the estimate, of which those equal count half.</summary>
    public required double BiasCorrection { get; init; }

    /// <summary>Acceleration a: a sixth of the skewness of the jackknife values.</summary>
    public required double Acceleration { get; init; }

    /// <summary>The levels that <see cref="Bca"/> are quantiles at.</summary>
    public required (double Low, double High) BcaLevels { get; init; }

    /// <summary>Intervals of a statistic of independent values.</summary>
    /// <param name="values">The values, one per seed; at least one.</param>
    /// <param name="statistic">The statistic, of at least one value.</param>
    /// <param name="seed">Decides the resamples.</param>
    /// <param name="confidence">Confidence of each interval. Range: above 0, below 1.</param>
    /// <param name="resamples">Number B of resamples. Range: at least 2.</param>
    public static Bootstrap Of(IReadOnlyList<double> values, Func<double[], double> statistic, long seed, double confidence = 0.95, int resamples = DefaultResamples)
    {
        var random = Seeds.NewRandom(seed);
        return Of(values, statistic, Enumerable.Range(0, resamples).Select(_ =>
        {
            var drawn = new int[values.Count];
            for (var i = 0; i < drawn.Length; i++) drawn[i] = random.Next(drawn.Length);
            return drawn;
        }), confidence);
    }

    /// <summary>Intervals from resamples that are given.</summary>
    /// <param name="values">The values; at least one.</param>
    /// <param name="statistic">The statistic.</param>
    /// <param name="indices">For each resample the indices of its values.</param>
    /// <param name="confidence">Confidence of each interval. Range: above 0, below 1.</param>
    public static Bootstrap Of(IReadOnlyList<double> values, Func<double[], double> statistic, IEnumerable<int[]> indices, double confidence = 0.95)
    {
        if (values.Count == 0) throw new ArgumentException("There are no values to resample.", nameof(values));
        var upper = MeanInterval.UpperLevel(confidence);
        double[] all = [.. values];
        var estimate = statistic(all);
        double[] sorted = [.. indices.Select(drawn => statistic([.. drawn.Select(i => all[i])])).Order()];
        if (sorted.Length < 2) throw new ArgumentException("A bootstrap needs two or more resamples.", nameof(indices));

        var below = sorted.Count(s => s < estimate) + sorted.Count(s => s <= estimate);
        var bias = Normal.InvCDF(0, 1, below / (2.0 * sorted.Length));
        var acceleration = all.Length < 2 ? double.NaN : AccelerationOf(all, statistic);
        var levels = (Level(1 - upper), Level(upper));
        var percentile = (Low: Quantiles.OfSorted(sorted, 1 - upper), High: Quantiles.OfSorted(sorted, upper));
        return new()
        {
            Estimate = estimate,
            StandardError = sorted.StandardDeviation(),
            Percentile = percentile,
            Basic = (2 * estimate - percentile.High, 2 * estimate - percentile.Low),
            Bca = (At(levels.Item1), At(levels.Item2)),
            BiasCorrection = bias,
            Acceleration = acceleration,
            BcaLevels = levels,
        };

        double Level(double level)
        {
            if (double.IsInfinity(bias)) return bias > 0 ? 1 : 0; // all resamples lie on one side
            var shifted = bias + Normal.InvCDF(0, 1, level);
            return Normal.CDF(0, 1, bias + shifted / (1 - acceleration * shifted));
        }

        double At(double level) => double.IsNaN(level) ? double.NaN : Quantiles.OfSorted(sorted, level);
    }

    static double AccelerationOf(double[] values, Func<double[], double> statistic)
    {
        double[] jackknife = [.. values.Select((_, left) => statistic([.. values.Where((_, i) => i != left)]))];
        var mean = jackknife.Average();
        // The skewness does not depend on the scale; without it, powers of tiny differences would be 0.
        var scale = jackknife.Max(v => Math.Abs(mean - v));
        if (scale == 0) return 0; // equal values have no skewness
        var (squares, cubes) = (jackknife.Sum(v => Math.Pow((mean - v) / scale, 2)), jackknife.Sum(v => Math.Pow((mean - v) / scale, 3)));
        return cubes / (6 * Math.Pow(squares, 1.5));
    }
}
