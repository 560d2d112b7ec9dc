using System.Globalization;
using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.Results.Claims;

/// <summary>
/// Whether an arm stays bounded beside another: its change since generation 0 minus a share of the other's change, paired by seed. The
/// claim holds where that is below 0.
/// </summary>
[Kind("shareOfChange")]
public sealed record ShareOfChange : RunTest
{
    /// <summary>The arm that stays.</summary>
    public required string Arm { get; init; }

    /// <summary>The arm that goes.</summary>
    public required string Against { get; init; }

    /// <summary>Full name of the metric.</summary>
    public required MetricKey Metric { get; init; }

    /// <summary>The share of the other's change that is still called bounded. Range: 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>The generation; null for the last.</summary>
    public int? Generation { get; init; }

    /// <summary>Whether the natural logarithm is compared, as for numbers that grow by factors.</summary>
    public bool Logarithm { get; init; }

    /// <inheritdoc/>
    public override (double Low, double High) Expected => SideOf(Direction.Down);

    /// <inheritdoc/>
    public override string? Problem => Share is >= 0 and <= 1 ? null : "its 'share' must lie between 0 and 1";

    /// <inheritdoc/>
    public override IReadOnlyList<MetricKey> Metrics => [Metric];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Arms => [Arm, Against];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<long, double> Values(ClaimNumbers numbers)
    {
        var theirs = ChangeOf(Against).ToDictionary(c => c.Key, c => Share * c.Value);
        return ClaimNumbers.Difference(ChangeOf(Arm), theirs);

        IReadOnlyDictionary<long, double> ChangeOf(string arm) =>
            ClaimNumbers.Difference(numbers.At(arm, Metric, Generation ?? numbers.Last, Logarithm), numbers.At(arm, Metric, 0, Logarithm));
    }

    /// <inheritdoc/>
    public override string Describe(ClaimNumbers numbers) => string.Create(CultureInfo.InvariantCulture,
        $"{ClaimNumbers.Named(Metric, Logarithm)}, change since generation 0 at generation {Generation ?? numbers.Last}: {Arm} − {Share} × {Against}");
}
