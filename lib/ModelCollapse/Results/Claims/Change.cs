using ModelCollapse.Store;

namespace ModelCollapse.Results.Claims;

/// <summary>How far a metric moves within an arm: its value at one generation minus that at another, by seed.</summary>
[Kind("change")]
public sealed record Change : RunTest
{
    /// <summary>The arm.</summary>
    public required string Arm { get; init; }

    /// <summary>Full name of the metric.</summary>
    public required MetricKey Metric { get; init; }

    /// <summary>Where the change lies by the claim.</summary>
    public required Direction Direction { get; init; }

    /// <summary>The earlier generation.</summary>
    public int From { get; init; }

    /// <summary>The later generation; null for the last.</summary>
    public int? To { get; init; }

    /// <summary>Whether the natural logarithm is compared, as for numbers that grow by factors.</summary>
    public bool Logarithm { get; init; }

    /// <inheritdoc/>
    public override (double Low, double High) Expected => SideOf(Direction);

    /// <inheritdoc/>
    public override IReadOnlyList<MetricKey> Metrics => [Metric];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Arms => [Arm];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<long, double> Values(ClaimNumbers numbers) =>
        ClaimNumbers.Difference(numbers.At(Arm, Metric, To ?? numbers.Last, Logarithm), numbers.At(Arm, Metric, From, Logarithm));

    /// <inheritdoc/>
    public override string Describe(ClaimNumbers numbers) =>
        $"{ClaimNumbers.Named(Metric, Logarithm)}, {Arm}: generation {To ?? numbers.Last} − generation {From}";
}
