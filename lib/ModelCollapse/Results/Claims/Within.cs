using System.Globalization;
using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.Results.Claims;

/// <summary>Whether a metric comes out as it was printed: the 95 % interval of its value, or of its change, overlaps the printed range.</summary>
[Kind("within")]
public sealed record Within : RunTest
{
    /// <summary>The arm.</summary>
    public required string Arm { get; init; }

    /// <summary>Full name of the metric.</summary>
    public required MetricKey Metric { get; init; }

    /// <summary>Lower end of the printed range.</summary>
    public required double Low { get; init; }

    /// <summary>Upper end of the printed range.</summary>
    public required double High { get; init; }

    /// <summary>The generation whose value is subtracted; null for the value itself.</summary>
    public int? From { get; init; }

    /// <summary>The generation; null for the last.</summary>
    public int? Generation { get; init; }

    /// <inheritdoc/>
    public override (double Low, double High) Expected => (Low, High);

    /// <inheritdoc/>
    public override bool IsPrintedRange => true;

    /// <inheritdoc/>
    public override string? Problem => Low <= High ? null : "its 'low' must not be above its 'high'";

    /// <inheritdoc/>
    public override IReadOnlyList<MetricKey> Metrics => [Metric];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Arms => [Arm];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<long, double> Values(ClaimNumbers numbers)
    {
        var values = numbers.At(Arm, Metric, Generation ?? numbers.Last);
        return From is { } from ? ClaimNumbers.Difference(values, numbers.At(Arm, Metric, from)) : values;
    }

    /// <inheritdoc/>
    public override string Describe(ClaimNumbers numbers) => string.Create(CultureInfo.InvariantCulture,
        $"{Metric}, {Arm}: generation {Generation ?? numbers.Last}{(From is { } from ? $" − generation {from}" : "")}, printed {Low} to {High}");
}
