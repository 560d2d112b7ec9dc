using System.Globalization;
using ModelCollapse.Store;

namespace ModelCollapse.Results.Claims;

/// <summary>Which of two things comes first in an arm: the onset of the second minus that of the first, in generations, by seed. The claim holds above 0.</summary>
/// <remarks>
/// An onset is where a metric first crosses a multiple of its value at generation 0, interpolated between generations. One that is not reached
/// counts as the last generation, which can only make the difference smaller; a seed in which neither is reached is left out.
/// </remarks>
[Kind("order")]
public sealed record Order : RunTest
{
    /// <summary>The arm.</summary>
    public required string Arm { get; init; }

    /// <summary>What comes first by the claim.</summary>
    public required MetricOnset First { get; init; }

    /// <summary>What comes later by the claim.</summary>
    public required MetricOnset Then { get; init; }

    /// <inheritdoc/>
    public override (double Low, double High) Expected => SideOf(Direction.Up);

    /// <inheritdoc/>
    public override string? Problem => First.IsReachable && Then.IsReachable ? null : "each 'factor' must be above 0 and not 1";

    /// <inheritdoc/>
    public override IReadOnlyList<MetricKey> Metrics => [First.Metric, Then.Metric];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Arms => [Arm];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<long, double> Values(ClaimNumbers numbers)
    {
        var (first, then) = (First.Of(numbers, Arm), Then.Of(numbers, Arm));
        var reached = first.Keys.Where(s => then.ContainsKey(s) && (double.IsFinite(first[s]) || double.IsFinite(then[s]))).ToArray();
        if (reached.Length == 0 && first.Count > 0) throw new NotMeasuredException($"neither onset is reached by generation {numbers.Last}");
        return reached.ToDictionary(s => s, s => Math.Min(then[s], numbers.Last) - Math.Min(first[s], numbers.Last));
    }

    /// <inheritdoc/>
    public override string Describe(ClaimNumbers numbers) => $"{Arm}, generations: onset of {Then} − onset of {First}";
}

/// <summary>When something sets in: a metric crosses a multiple of its value at generation 0.</summary>
public sealed record MetricOnset
{
    /// <summary>Full name of the metric.</summary>
    public required MetricKey Metric { get; init; }

    /// <summary>The multiple. Range: above 0, not 1; above 1 the metric has to rise to it, below 1 to fall to it.</summary>
    public required double Factor { get; init; }

    internal bool IsReachable => Factor > 0 && Factor != 1;

    /// <summary>The onset in each seed, in generations; infinite where it is not reached.</summary>
    internal IReadOnlyDictionary<long, double> Of(ClaimNumbers numbers, string arm)
    {
        var values = Enumerable.Range(0, numbers.Last + 1).Select(t => numbers.At(arm, Metric, t)).ToArray();
        return values[0].Keys.Where(seed => values.All(v => v.ContainsKey(seed))).ToDictionary(seed => seed, seed => Crossing([.. values.Select(v => v[seed])]));
    }

    /// <summary>Where values, one per generation, first cross the multiple of the first of them; infinite where they do not.</summary>
    internal double Crossing(IReadOnlyList<double> values)
    {
        // Signed so that a value above 0 has crossed, whichever way that is.
        var level = Factor * values[0];
        double Past(int t) => Math.Sign(level - values[0]) * (values[t] - level);
        for (var t = 1; t < values.Count; t++)
            if (Past(t) >= 0)
                return Past(t) > Past(t - 1) ? t - Past(t) / (Past(t) - Past(t - 1)) : t;
        return double.PositiveInfinity;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Metric} at {Factor} times its first value");
}
