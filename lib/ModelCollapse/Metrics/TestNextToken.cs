using System.ComponentModel.DataAnnotations;
using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.Metrics;

/// <summary>
/// How sure a generation's model is of the next token of the human test text, and how often it expects one that was there before. Both rise under
/// collapse; sources at <see cref="NextTokenDistribution"/> and <see cref="PredictionRepetition"/>.
/// </summary>
[Kind(MetricName)]
public sealed record TestNextToken : IMetric<int[]>
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "next-token";

    const string Gambetta = "Gambetta et al., arXiv 2410.12341", Welleck = "Welleck et al., arXiv 1908.04319";

    static readonly int[] Windows = [16, 32]; // of Welleck et al., those that fit into a block

    static readonly MetricNumber[] Described =
    [
        new("entropy", "Entropy of the next token", "nats", UnderCollapse.Falls, Gambetta),
        new($"top-{NextTokenDistribution.TopCount}", $"Probability of the {NextTokenDistribution.TopCount} most probable next tokens", "", UnderCollapse.Rises, Gambetta),
        new("gini", "Gini coefficient of the next token", "", UnderCollapse.Rises, Gambetta),
        .. Windows.Select(w => new MetricNumber($"rep-{w}", $"Predictions that repeat one of the last {w} tokens", "", UnderCollapse.Rises, Welleck)),
        .. Windows.Select(w => new MetricNumber($"wrep-{w}", $"Wrong predictions that repeat one of the last {w} tokens", "", UnderCollapse.Rises, Welleck)),
    ];

    /// <summary>Test blocks that are used, from the first; all where there are fewer. Each costs a sort of the vocabulary at each of its positions. Range: at least 1.</summary>
    [Range(1, int.MaxValue)]
    public int Blocks { get; init; } = 64;

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <inheritdoc/>
    public IReadOnlyList<MetricNumber> Numbers => Described;

    /// <inheritdoc/>
    public void Check(LoopSetting setting) => TestText.Check(setting, MetricName);

    /// <summary><c>entropy</c> in nats, <c>top-10</c>, <c>gini</c>, and <c>rep-l</c> and <c>wrep-l</c> for l = 16 and 32.</summary>
    public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<int[]> c)
    {
        int[][] used = [.. c.Setting.Get<TextSetting>().Test.Take(Blocks)];
        var found = NextTokenDistribution.Of(c.TextModel(MetricName), used, c.Progress, c.Cancellation);
        var numbers = new Dictionary<NumberKey, double> { ["entropy"] = found.Entropy, [$"top-{NextTokenDistribution.TopCount}"] = found.TopMass, ["gini"] = found.Gini };
        foreach (var window in Windows)
        {
            var repetition = PredictionRepetition.Of(used.Zip(found.Predictions), window);
            (numbers[$"rep-{window}"], numbers[$"wrep-{window}"]) = (repetition.Rep, repetition.WrongRep);
        }

        return numbers;
    }
}
