using ModelCollapse.ClosedForm;

namespace ModelCollapse.Tests.Extensions;

/// <summary>A closed-form family from another assembly than the library: one file. The uniform distribution on an interval, fitted by its ends.</summary>
static class OwnDistribution
{
    public static DistributionModel<(double Low, double High)> Uniform(double low, double high) => new(
        "uniform", (low, high), (_, data, _) => (data.Min(x => x[0]), data.Max(x => x[0])),
        (interval, random) => [interval.Low + random.NextDouble() * (interval.High - interval.Low)],
        interval => [[interval.Low, interval.High]], rows => (rows[0][0], rows[0][1]));
}
