using System.Globalization;
using ModelCollapse.Generations;

namespace ModelCollapse.Results.Claims;

/// <summary>Whether a metric comes out as it was printed: the 95 % interval of its value, or of its change, overlaps the printed range.</summary>
public sealed record Within : RunTest
{
    /// <summary>The arm.</summary>
    public required string Arm { get; init; }

    /// <summary>Full name of the metric.</summary>
    public required string Metric { get; init; }

    /// <summary>Lower end of the printed range.</summary>
    public required double Low { get; init; }

    /// <summary>Upper end of the printed range.</summary>
    public required double High { get; init; }

    /// <summary>The generation whose value is subtracted; null for the value itself.</summary>
    public int? From { get; init; }

    /// <summary>The generation; null for the last.</summary>
    public int? Generation { get; init; }

    internal override (double Low, double High) Expected => (Low, High);

    internal override IReadOnlyList<string> Metrics => [Metric];

    internal override IReadOnlyList<string> Arms => [Arm];

    internal override IReadOnlyDictionary<long, double> Values(ClaimNumbers numbers)
    {
        var values = numbers.At(Arm, Metric, Generation ?? numbers.Last);
        return From is { } from ? ClaimNumbers.Difference(values, numbers.At(Arm, Metric, from)) : values;
    }

    internal override string Describe(ClaimNumbers numbers) => string.Create(CultureInfo.InvariantCulture,
        $"{Metric}, {Arm}: generation {Generation ?? numbers.Last}{(From is { } from ? $" − generation {from}" : "")}, printed {Low} to {High}");
}
