namespace ModelCollapse.Monitoring;

/// <summary>
/// Tabular cumulative sums, both sides (Page, Biometrika 1954): of all charts with the same rate of false alarms the fastest to see a shift of
/// known size. For a perplexity or an entropy whose level before collapse is known.
/// </summary>
/// <param name="options">Settings.</param>
public sealed class Cusum(CusumOptions options) : IChangeDetector
{
    /// <summary>Upper sum C⁺, in standard deviations.</summary>
    public double Upper { get; private set; }

    /// <summary>Lower sum C⁻, in standard deviations.</summary>
    public double Lower { get; private set; }

    /// <inheritdoc/>
    public bool Update(double value)
    {
        var z = (value.Finite() - options.Target) / options.StandardDeviation;
        Upper = Math.Max(0, Upper + z - options.Allowance);
        Lower = Math.Max(0, Lower - z - options.Allowance);
        if (!(Upper > options.Threshold || Lower > options.Threshold)) return false;
        if (options.Reset) (Upper, Lower) = (0, 0);
        return true;
    }
}

/// <summary>Settings of <see cref="Cusum"/>.</summary>
public sealed record CusumOptions
{
    /// <summary>Level before a change.</summary>
    public double Target { get; init; }

    /// <summary>Standard deviation before a change. Range: above 0.</summary>
    public double StandardDeviation { get; init; } = 1;

    /// <summary>Allowance k in standard deviations, half the shift to be found.</summary>
    public double Allowance { get; init; } = 0.5;

    /// <summary>Threshold h in standard deviations.</summary>
    public double Threshold { get; init; } = 5;

    /// <summary>Whether both sums start anew after an alarm.</summary>
    public bool Reset { get; init; } = true;
}
