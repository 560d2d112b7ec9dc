using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.Results.Claims;

/// <summary>How far two arms are apart: the metric of one minus that of the other at a generation, paired by seed.</summary>
[Kind("armDifference")]
public sealed record ArmDifference : RunTest
{
    /// <summary>The arm.</summary>
    public required string Arm { get; init; }

    /// <summary>The arm whose value is subtracted.</summary>
    public required string Against { get; init; }

    /// <summary>Full name of the metric.</summary>
    public required MetricKey Metric { get; init; }

    /// <summary>Where the difference lies by the claim.</summary>
    public required Direction Direction { get; init; }

    /// <summary>The generation; null for the last.</summary>
    public int? Generation { get; init; }

    /// <summary>Whether the natural logarithm is compared, as for numbers that grow by factors.</summary>
    public bool Logarithm { get; init; }

    /// <inheritdoc/>
    public override (double Low, double High) Expected => SideOf(Direction);

    /// <inheritdoc/>
    public override IReadOnlyList<MetricKey> Metrics => [Metric];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Arms => [Arm, Against];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<long, double> Values(ClaimNumbers numbers) =>
        ClaimNumbers.Difference(numbers.At(Arm, Metric, Generation ?? numbers.Last, Logarithm), numbers.At(Against, Metric, Generation ?? numbers.Last, Logarithm));

    /// <inheritdoc/>
    public override string Describe(ClaimNumbers numbers) =>
        $"{ClaimNumbers.Named(Metric, Logarithm)}, generation {Generation ?? numbers.Last}: {Arm} − {Against}";
}
