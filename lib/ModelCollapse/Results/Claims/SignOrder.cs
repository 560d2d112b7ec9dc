using ModelCollapse.Results.Stages;
using ModelCollapse.Store;

namespace ModelCollapse.Results.Claims;

/// <summary>
/// Which of two signs of collapse comes first in an arm, both held against its control: the onset of the second minus that of the first, in generations, by
/// seed. The claim holds above 0.
/// </summary>
/// <remarks>Onsets are those of <see cref="CollapseStages"/> in each seed alone: <see cref="ArmStages.Lead"/>.</remarks>
[Kind("signOrder")]
public sealed record SignOrder : RunTest
{
    /// <summary>The arm.</summary>
    public required string Arm { get; init; }

    /// <summary>Name of the <see cref="StageSign"/> that comes first by the claim.</summary>
    public required string First { get; init; }

    /// <summary>Name of the one that comes later by the claim.</summary>
    public required string Then { get; init; }

    /// <inheritdoc/>
    public override (double Low, double High) Expected => SideOf(Direction.Up);

    /// <inheritdoc/>
    public override IReadOnlyList<MetricKey> Metrics => [.. SignOf(First).Metrics.Concat(SignOf(Then).Metrics).Distinct()];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Arms => [Arm];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<long, double> Values(ClaimNumbers numbers)
    {
        var stages = numbers.Stages(Arm);
        return stages.Lead(SignOf(First).Name, SignOf(Then).Name) is { Count: > 0 } lead ? lead : throw new NotMeasuredException($"neither sign is seen by generation {stages.Last}");
    }

    /// <inheritdoc/>
    public override string Describe(ClaimNumbers numbers) => $"{Arm}, generations: onset of “{Then}” − onset of “{First}”";

    static StageSign SignOf(string name) => StageSign.All.FirstOrDefault(s => s.Name == name)
        ?? throw new InputException($"A claim asks for the sign '{name}', which does not exist: did you mean '{NearestName.Of(name, [.. StageSign.All.Select(s => s.Name)])}'?");
}
