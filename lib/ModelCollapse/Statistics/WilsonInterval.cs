using MathNet.Numerics.Distributions;

namespace ModelCollapse.Statistics;

/// <summary>
/// Confidence interval of a share, without continuity correction (Wilson, JASA 1927). Unlike mean ± 1.96 standard errors it stays within
/// 0 to 1 and has a width at 0 and at 1.
/// </summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public sealed record WilsonInterval(double Low, double High)
{
    /// <summary>The interval of a number of successes.</summary>
    /// <param name="successes">Successes. Range: 0 to <paramref name="trials"/>.</param>
    /// <param name="trials">Trials. Range: at least 1.</param>
    /// <param name="confidence">Confidence. Range: above 0, below 1.</param>
    public static WilsonInterval Of(long successes, long trials, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        if (successes < 0 || successes > trials) throw new ArgumentOutOfRangeException(nameof(successes), successes, $"Successes lie between 0 and {trials}.");
        var (share, z) = ((double)successes / trials, Normal.InvCDF(0, 1, MeanInterval.UpperLevel(confidence)));
        var scale = 1 + z * z / trials;
        var centre = (share + z * z / (2 * trials)) / scale;
        var half = z * Math.Sqrt(share * (1 - share) / trials + z * z / (4.0 * trials * trials)) / scale;
        return new(successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half);
    }
}
