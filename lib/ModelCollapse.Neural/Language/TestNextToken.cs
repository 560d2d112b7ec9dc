using ModelCollapse.Generations;
using ModelCollapse.Metrics;

namespace ModelCollapse.Language;

/// <summary>
/// How sure a generation's model is of the next token of the human test text, and how often it expects one that was there before. Both rise under
/// collapse; sources at <see cref="NextTokenDistribution"/> and <see cref="PredictionRepetition"/>.
/// </summary>
/// <param name="blocks">The test text, blocks of two or more tokens.</param>
public sealed class TestNextToken(IReadOnlyList<int[]> blocks) : IMetric<int[]>
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "next-token";

    /// <summary>Blocks that are used: every one costs a sort of the vocabulary at each of its positions.</summary>
    public const int MostBlocks = 64;

    static readonly int[] Windows = [16, 32]; // of Welleck et al., those that fit into a block

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <summary><c>entropy</c> in nats, <c>top-10</c>, <c>gini</c>, and <c>rep-l</c> and <c>wrep-l</c> for l = 16 and 32.</summary>
    public IReadOnlyDictionary<string, double> Measure(GenerationContext<int[]> c)
    {
        int[][] used = [.. blocks.Take(MostBlocks)];
        var found = NextTokenDistribution.Of(TextMetrics.Language(c.Model).Network, used, c.Progress, c.Cancellation);
        var numbers = new Dictionary<string, double> { ["entropy"] = found.Entropy, [$"top-{NextTokenDistribution.TopCount}"] = found.TopMass, ["gini"] = found.Gini };
        foreach (var window in Windows)
        {
            var repetition = PredictionRepetition.Of(used.Zip(found.Predictions), window);
            (numbers[$"rep-{window}"], numbers[$"wrep-{window}"]) = (repetition.Rep, repetition.WrongRep);
        }

        return numbers;
    }
}
