using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.Tests.Extensions;

/// <summary>A metric from another assembly than the library: one file.</summary>
[Kind("own-metric")]
public sealed record OwnMetric : IMetric<int[]>
{
    /// <summary>The token that is counted.</summary>
    public int Token { get; init; } = 1;

    public string Name => "own";

    public IReadOnlyList<MetricNumber> Numbers => [new("share", "share of one token", "", UnderCollapse.Varies, "tests")];

    public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<int[]> c)
    {
        int[] all = [.. c.OwnText.SelectMany(t => t)];
        return new Dictionary<NumberKey, double> { ["share"] = all.Count(t => t == Token) / (double)all.Length };
    }
}
