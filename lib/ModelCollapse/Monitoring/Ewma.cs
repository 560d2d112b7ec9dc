namespace ModelCollapse.Monitoring;

/// <summary>
/// Exponentially weighted moving average with control limits (Roberts, Technometrics 1959). Sees small shifts sooner than single values do. Does not
/// restart: every value outside raises the alarm.
/// </summary>
/// <param name="options">Settings.</param>
public sealed class Ewma(EwmaOptions options) : IChangeDetector
{
    int count;

    /// <summary>The average, in standard deviations from the target.</summary>
    public double Statistic { get; private set; }

    /// <inheritdoc/>
    public bool Update(double value)
    {
        var lambda = options.Weight;
        Statistic = lambda * (value.Finite() - options.Target) / options.StandardDeviation + (1 - lambda) * Statistic;
        count++;
        var limit = options.Width * Math.Sqrt(lambda / (2 - lambda) * (1 - Math.Pow(1 - lambda, 2 * count)));
        return Math.Abs(Statistic) > limit;
    }
}

/// <summary>Settings of <see cref="Ewma"/>; the defaults give a false alarm about every 500 values.</summary>
public sealed record EwmaOptions
{
    /// <summary>Weight λ of a new value. Range: above 0, at most 1.</summary>
    public double Weight { get; init; } = 0.1;

    /// <summary>Width L of the limits in standard deviations of the average.</summary>
    public double Width { get; init; } = 2.814;

    /// <summary>Level before a change.</summary>
    public double Target { get; init; }

    /// <summary>Standard deviation before a change. Range: above 0.</summary>
    public double StandardDeviation { get; init; } = 1;
}
