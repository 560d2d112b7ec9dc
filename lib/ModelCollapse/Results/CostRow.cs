using System.Text.Json.Nodes;
using ModelCollapse.Generations;

namespace ModelCollapse.Results;

/// <summary>What one phase of a generation cost, in one unit.</summary>
/// <param name="Recipe">Name of the recipe.</param>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Generation">The generation.</param>
/// <param name="Phase">The phase: <c>fit</c>, <c>sample</c>, <c>measure perplexity</c>; <see cref="Total"/> for the generation as a whole.</param>
/// <param name="Unit">What is counted: <c>seconds</c>, <c>tokens</c>, <c>steps</c>, <c>FLOPs</c>, <c>samples</c>, <c>bytes</c>.</param>
/// <param name="Value">How much.</param>
public sealed record CostRow(string Recipe, string Arm, long Seed, int Generation, string Phase, string Unit, double Value) : IRunRow
{
    /// <summary>The phase of what is known of a generation as a whole: its time, and the largest memory of the process so far.</summary>
    public const string Total = "total";

    /// <summary>The unit of time, on the machine of the run.</summary>
    public const string Seconds = "seconds";

    /// <summary>The unit of memory.</summary>
    public const string Bytes = "bytes";

    /// <summary>
    /// What the phases of a generation 0 that several arms share begin with: it was paid for once per seed, and stands beside each arm. Sums over arms leave
    /// it out; the arm that paid has its time in its own total.
    /// </summary>
    public const string Shared = "shared ";

    /// <summary>Whether it is of a generation 0 that several arms share.</summary>
    public bool IsShared => Phase.StartsWith(Shared, StringComparison.Ordinal);

    /// <summary>The rows of a <c>cost.json</c>. Seconds are rounded: their later digits are noise, and these rows are compared by git.</summary>
    internal static IEnumerable<CostRow> Of(string recipe, string arm, long seed, int generation, JsonObject cost)
    {
        var shared = cost["sharedGeneration0"]?["cost"] as JsonObject;
        return [.. RowsOf(cost, ""), .. shared is null ? [] : RowsOf(shared, Shared)];

        IEnumerable<CostRow> RowsOf(JsonObject of, string prefix)
        {
            if (of["phases"] is JsonObject phases)
                foreach (var (phase, amounts) in phases)
                    foreach (var (unit, amount) in amounts as JsonObject ?? [])
                        yield return Row(phase, unit, (double)amount!);
            if (of["seconds"] is { } seconds) yield return Row(Total, Seconds, (double)seconds);
            if (of["peakMemoryBytes"] is { } bytes) yield return Row(Total, Bytes, (double)bytes);

            CostRow Row(string phase, string unit, double value) => new(recipe, arm, seed, generation, prefix + phase, unit, unit == Seconds ? Math.Round(value, 3) : value);
        }
    }
}
