using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.Results.Claims;

/// <summary>
/// Which of two metrics of an arm loses or gains the larger part of itself: the relative change of one since generation 0 minus that of the other,
/// by seed.
/// </summary>
[Kind("relativeChange")]
public sealed record RelativeChange : RunTest
{
    /// <summary>The arm.</summary>
    public required string Arm { get; init; }

    /// <summary>Full name of the metric; not 0 at generation 0.</summary>
    public required MetricKey Metric { get; init; }

    /// <summary>Full name of the metric that it is compared with; not 0 at generation 0.</summary>
    public required MetricKey Than { get; init; }

    /// <summary>Where the difference lies by the claim.</summary>
    public required Direction Direction { get; init; }

    /// <summary>The generation; null for the last.</summary>
    public int? Generation { get; init; }

    /// <inheritdoc/>
    public override (double Low, double High) Expected => SideOf(Direction);

    /// <inheritdoc/>
    public override IReadOnlyList<MetricKey> Metrics => [Metric, Than];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Arms => [Arm];

    /// <inheritdoc/>
    public override IReadOnlyDictionary<long, double> Values(ClaimNumbers numbers)
    {
        return ClaimNumbers.Difference(Relative(Metric), Relative(Than));

        IReadOnlyDictionary<long, double> Relative(MetricKey metric)
        {
            var (now, first) = (numbers.At(Arm, metric, Generation ?? numbers.Last), numbers.At(Arm, metric, 0));
            return first.Where(f => now.ContainsKey(f.Key)).ToDictionary(f => f.Key, f => now[f.Key] / f.Value - 1);
        }
    }

    /// <inheritdoc/>
    public override string Describe(ClaimNumbers numbers) =>
        $"{Arm}, relative change since generation 0 at generation {Generation ?? numbers.Last}: {Metric} − {Than}";
}
