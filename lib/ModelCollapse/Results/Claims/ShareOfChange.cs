using System.Globalization;
using ModelCollapse.Generations;

namespace ModelCollapse.Results.Claims;

/// <summary>
/// Whether an arm stays bounded beside another: its change since generation 0 minus a share of the other's change, paired by seed. The
/// claim holds where that is below 0.
/// </summary>
public sealed record ShareOfChange : RunTest
{
    /// <summary>The arm that stays.</summary>
    public required string Arm { get; init; }

    /// <summary>The arm that goes.</summary>
    public required string Against { get; init; }

    /// <summary>Full name of the metric.</summary>
    public required string Metric { get; init; }

    /// <summary>The share of the other's change that is still called bounded. Range: 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>The generation; null for the last.</summary>
    public int? Generation { get; init; }

    /// <summary>Whether the natural logarithm is compared, as for numbers that grow by factors.</summary>
    public bool Logarithm { get; init; }

    internal override (double Low, double High) Expected => SideOf(Direction.Down);

    internal override IReadOnlyList<string> Metrics => [Metric];

    internal override IReadOnlyList<string> Arms => [Arm, Against];

    internal override IReadOnlyDictionary<long, double> Values(ClaimNumbers numbers)
    {
        var theirs = ChangeOf(Against).ToDictionary(c => c.Key, c => Share * c.Value);
        return ClaimNumbers.Difference(ChangeOf(Arm), theirs);

        IReadOnlyDictionary<long, double> ChangeOf(string arm) =>
            ClaimNumbers.Difference(numbers.At(arm, Metric, Generation ?? numbers.Last, Logarithm), numbers.At(arm, Metric, 0, Logarithm));
    }

    internal override string Describe(ClaimNumbers numbers) => string.Create(CultureInfo.InvariantCulture,
        $"{ClaimNumbers.Named(Metric, Logarithm)}, change since generation 0 at generation {Generation ?? numbers.Last}: {Arm} − {Share} × {Against}");
}
