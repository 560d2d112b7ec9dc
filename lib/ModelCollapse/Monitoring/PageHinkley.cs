namespace ModelCollapse.Monitoring;

/// <summary>
/// Page-Hinkley test (Page 1954; Hinkley, Biometrika 1971) in the form of the package river: the sum of deviations from the running mean against
/// its own extremes. Needs no level to be known. After an alarm everything starts anew.
/// </summary>
/// <param name="options">Settings.</param>
public sealed class PageHinkley(PageHinkleyOptions options) : IChangeDetector
{
    const double StartOfMaximum = -1; // as river has it

    int count;
    double mean, rising, falling;
    double lowest = double.PositiveInfinity, highest = StartOfMaximum;

    /// <inheritdoc/>
    public bool Update(double value)
    {
        count++;
        mean += (value.Finite() - mean) / count;
        rising = options.Forgetting * rising + value - mean - options.Delta;
        falling = options.Forgetting * falling + value - mean + options.Delta;
        lowest = Math.Min(lowest, rising);
        highest = Math.Max(highest, falling);
        var alarm = count >= options.MinValues
            && ((options.Direction != ChangeDirection.Down && rising - lowest > options.Threshold)
                || (options.Direction != ChangeDirection.Up && highest - falling > options.Threshold));
        if (alarm) (count, mean, rising, falling, lowest, highest) = (0, 0, 0, 0, double.PositiveInfinity, StartOfMaximum);
        return alarm;
    }
}

/// <summary>Which changes raise the alarm.</summary>
public enum ChangeDirection
{
    /// <summary>Rises and falls.</summary>
    Both,

    /// <summary>Rises only.</summary>
    Up,

    /// <summary>Falls only.</summary>
    Down,
}

/// <summary>Settings of <see cref="PageHinkley"/>.</summary>
public sealed record PageHinkleyOptions
{
    /// <summary>Values before the first alarm.</summary>
    public int MinValues { get; init; } = 30;

    /// <summary>Deviation δ per value that is tolerated.</summary>
    public double Delta { get; init; } = 0.005;

    /// <summary>Threshold λ of the sum.</summary>
    public double Threshold { get; init; } = 50;

    /// <summary>Factor of the sums before each value. Range: above 0, at most 1.</summary>
    public double Forgetting { get; init; } = 0.9999;

    /// <summary>Which changes raise the alarm.</summary>
    public ChangeDirection Direction { get; init; }
}
