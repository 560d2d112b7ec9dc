using ModelCollapse.Recipes;
using ModelCollapse.Results.Claims;
using ModelCollapse.Store;

namespace ModelCollapse.Tests.Extensions;

/// <summary>A kind of claim from another assembly than the library: one file. The claim holds where a number is above a level in every generation.</summary>
[Kind("own-claim")]
public sealed record OwnClaim : RunTest
{
    /// <summary>The arm.</summary>
    public required string Arm { get; init; }

    /// <summary>The number.</summary>
    public required MetricKey Metric { get; init; }

    /// <summary>The level. Range: at least 0.</summary>
    public required double Level { get; init; }

    public override string? Problem => Level >= 0 ? null : "its 'level' must be at least 0";

    public override (double Low, double High) Expected => SideOf(Direction.Up);

    public override IReadOnlyList<MetricKey> Metrics => [Metric];

    public override IReadOnlyList<string> Arms => [Arm];

    public override IReadOnlyDictionary<long, double> Values(ClaimNumbers numbers)
    {
        if (numbers.Last < 1) throw new NotMeasuredException("there is one generation only");
        var generations = Enumerable.Range(0, numbers.Last + 1).Select(t => numbers.At(Arm, Metric, t)).ToArray();
        return generations[0].Keys.ToDictionary(seed => seed, seed => generations.Min(g => g[seed]) - Level);
    }

    public override string Describe(ClaimNumbers numbers) => $"least {Metric} of {Arm} in generations 0 to {numbers.Last}, above {Level}";
}
