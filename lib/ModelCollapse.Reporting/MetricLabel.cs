using ModelCollapse.Language;
using ModelCollapse.Metrics;

namespace ModelCollapse.Reporting;

/// <summary>What a metric is called in figures and tables.</summary>
/// <param name="Metric">Full name of the metric, <c>diversity.distinct-2</c> for example.</param>
/// <param name="Title">Name above a panel or a table.</param>
/// <param name="Axis">Label of an axis, with the unit.</param>
/// <param name="Format">Format of its numbers in tables.</param>
public sealed record MetricLabel(string Metric, string Title, string Axis, string Format)
{
    static readonly (double Least, double Most) Share = (0, 1), Count = (0, double.PositiveInfinity);

    /// <summary>The least and the largest value that it can have: where an interval over seeds is cut off.</summary>
    public (double Least, double Most) Range { get; init; } = (double.NegativeInfinity, double.PositiveInfinity);

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

    /// <summary>Statements that are false, among all statements of an Almanac text.</summary>
    public static MetricLabel Hallucination { get; } = new($"{AlmanacText.MetricName}.hallucination", "False statements", "false (share of statements)", "F2") { Range = Share };

    /// <summary>Sentences of an Almanac text that are broken, empty or without a known subject.</summary>
    public static MetricLabel SaysNothing { get; } = new($"{AlmanacText.MetricName}.says-nothing", "Uninformative sentences", "uninformative (share of sentences)", "F2") { Range = Share };

    /// <summary>Sentences of an Almanac text that are broken.</summary>
    public static MetricLabel Unparseable { get; } = new($"{AlmanacText.MetricName}.unparseable", "Broken sentences", "broken (share of sentences)", "F2") { Range = Share };

    /// <summary>Share of an Almanac that is stated at least once in free generation.</summary>
    public static MetricLabel Recall { get; } = new($"{AlmanacText.MetricName}.recall", "Recall in free generation", "recall (share)", "F2") { Range = Share };

    /// <summary>Share of the true statements of an Almanac text that are of the rarer facts.</summary>
    public static MetricLabel TailMass { get; } = new($"{AlmanacText.MetricName}.tail-mass", "Statements from the tail", "tail (share of true statements)", "F2") { Range = Share };

    /// <summary>Effective number of the facts that an Almanac text states.</summary>
    public static MetricLabel Support { get; } = new($"{AlmanacText.MetricName}.support", "Effective number of facts", "facts (effective number)", "F0") { Range = Count };

    /// <summary>Effective number of runs of four tokens in an Almanac text.</summary>
    public static MetricLabel Phrases { get; } = new($"{AlmanacText.MetricName}.phrases", "Effective number of phrases", "phrases (effective number)", "F0") { Range = Count };

    /// <summary>How far the facts stated are from their true distribution, beyond what a sample of people's text of the same size is.</summary>
    public static MetricLabel FactDivergence { get; } = new($"{AlmanacText.MetricName}.kl.excess", "Divergence from the true facts", "excess KL (nats)", "F2");

    /// <summary>Share of all cloze questions about an Almanac that are answered rightly.</summary>
    public static MetricLabel ClozeAccuracy { get; } = new($"{AlmanacCloze.MetricName}.accuracy", "Cloze questions answered correctly", "cloze accuracy (share)", "F2");

    /// <summary>The label of a metric; one that has none is shown under its full name.</summary>
    public static MetricLabel Of(string metric) => All.FirstOrDefault(l => l.Metric == metric) ?? new(metric, metric, metric, "G4");

    /// <summary>The format for a table of these values: a place more than the usual one where all are below ten, as perplexities of a small world are.</summary>
    /// <param name="values">Values of the metric.</param>
    public string FormatFor(IEnumerable<double> values) => Format == "F1" && values.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max() < 10 ? "F2" : Format;

    /// <summary>Every label, in the order of tables.</summary>
    public static IReadOnlyList<MetricLabel> All => [Perplexity, TrainingMedian, TrainingTail, ClozeAccuracy, Hallucination, SaysNothing, Recall, Support, FactDivergence, .. Diversity, ImageFigures.Deviation, ImageFigures.Loss];
}
