using ModelCollapse.Metrics;

namespace ModelCollapse.Notebooks;

/// <summary>What a metric is called in figures and tables.</summary>
/// <param name="Metric">Full name of the metric, <c>diversity.distinct-2</c> for example.</param>
/// <param name="Title">Name above a panel or a table.</param>
/// <param name="Axis">Label of an axis, with the unit.</param>
/// <param name="Format">Format of its numbers in tables.</param>
public sealed record MetricLabel(string Metric, string Title, string Axis, string Format)
{
    /// <summary>The headline: perplexity of real test text.</summary>
    public static MetricLabel Perplexity { get; } = new(TestPerplexity.Headline, "Test perplexity (exponential of the mean loss)", "perplexity", "F1");

    /// <summary>The middle of a training set under model 0: where its bulk is.</summary>
    public static MetricLabel TrainingMedian { get; } =
        new("training-perplexity.quantile-0.50", "Training set under model 0, median", "median perplexity under model 0", "F1");

    /// <summary>The upper end of a training set under model 0: its tail.</summary>
    public static MetricLabel TrainingTail { get; } =
        new("training-perplexity.quantile-0.99", "Training set under model 0, 99 % quantile", "99 % quantile of perplexity under model 0", "F1");

    /// <summary>The four numbers that tell how varied a training text is.</summary>
    public static IReadOnlyList<MetricLabel> Diversity { get; } =
    [
        new("diversity.distinct-2", "Distinct 2-grams", "distinct-2 (share)", "F3"),
        new("diversity.seq-rep-4", "Repeated 4-grams", "seq-rep-4 (share)", "F3"),
        new("diversity.types", "Vocabulary in use", "types (tokens)", "F0"),
        new("diversity.entropy", "Entropy of tokens", "entropy (nats)", "F2"),
    ];

    /// <summary>The label of a metric; one that has none is shown under its full name.</summary>
    public static MetricLabel Of(string metric) => All.FirstOrDefault(l => l.Metric == metric) ?? new(metric, metric, metric, "G4");

    /// <summary>Every label, in the order of tables.</summary>
    public static IReadOnlyList<MetricLabel> All => [Perplexity, TrainingMedian, TrainingTail, .. Diversity, ImageFigures.Deviation, ImageFigures.Loss];
}
