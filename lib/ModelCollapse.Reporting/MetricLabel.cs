using ModelCollapse.Images;
using ModelCollapse.Metrics;
using ModelCollapse.Results;
using ModelCollapse.Store;

namespace ModelCollapse.Reporting;

/// <summary>What a number is called in figures and tables, and how it is printed.</summary>
/// <param name="Metric">Its full name, <c>diversity.distinct-2</c> for example.</param>
/// <param name="Title">Name above a panel or a table.</param>
/// <param name="Axis">Label of an axis, with the unit.</param>
/// <param name="Format">Format of its values in tables.</param>
public sealed record MetricLabel(MetricKey Metric, string Title, string Axis, string Format)
{
    const string AnyFormat = "G4";

    static readonly (double Least, double Most) Share = (0, 1), Count = (0, double.PositiveInfinity);

    /// <summary>The least and the largest value that it can have: where an interval over seeds is cut off.</summary>
    public (double Least, double Most) Range { get; init; } = (double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>The headline: perplexity of real test text.</summary>
    public static MetricLabel Perplexity { get; } = Of(TestPerplexity.Headline, "F1") with { Axis = "perplexity" };

    /// <summary>The middle of a training set under model 0: where its bulk is.</summary>
    public static MetricLabel TrainingMedian { get; } = new("training-perplexity.quantile-0.50", "Training set under model 0, median", "median perplexity under model 0", "F1");

    /// <summary>The upper end of a training set under model 0: its tail.</summary>
    public static MetricLabel TrainingTail { get; } = new("training-perplexity.quantile-0.99", "Training set under model 0, 99 % quantile", "99 % quantile of perplexity under model 0", "F1");

    /// <summary>The four numbers that tell how varied the model's own text is.</summary>
    public static IReadOnlyList<MetricLabel> Diversity { get; } = DiversityOf(TextDiversity.MetricName);

    /// <summary>The same of the text that each generation was trained on.</summary>
    public static IReadOnlyList<MetricLabel> TrainingDiversity { get; } = DiversityOf(TextMeasure.TrainingPrefix + TextDiversity.MetricName);

    /// <summary>Statements that are false, among all statements of an Almanac text.</summary>
    public static MetricLabel Hallucination { get; } = OfAlmanac("hallucination") with { Range = Share };

    /// <summary>Sentences of an Almanac text that are broken, empty or without a known subject.</summary>
    public static MetricLabel SaysNothing { get; } = OfAlmanac("says-nothing") with { Range = Share };

    /// <summary>Sentences of an Almanac text that are broken.</summary>
    public static MetricLabel Unparseable { get; } = OfAlmanac("unparseable") with { Range = Share };

    /// <summary>Share of an Almanac that is stated at least once in free generation.</summary>
    public static MetricLabel Recall { get; } = OfAlmanac("recall") with { Range = Share };

    /// <summary>Share of the true statements of an Almanac text that are of the rarer facts.</summary>
    public static MetricLabel TailMass { get; } = OfAlmanac("tail-mass") with { Range = Share };

    /// <summary>Effective number of the facts that an Almanac text states.</summary>
    public static MetricLabel Support { get; } = OfAlmanac("support") with { Range = Count, Format = "F0" };

    /// <summary>Effective number of runs of four tokens in an Almanac text.</summary>
    public static MetricLabel Phrases { get; } = OfAlmanac("phrases") with { Range = Count, Format = "F0" };

    /// <summary>How far the facts stated are from their true distribution, beyond what a sample of people's text of the same size is.</summary>
    public static MetricLabel FactDivergence { get; } = Of(new MetricKey(AlmanacText.MetricName, "kl").Of(NumberPart.Excess), "F2") with { Axis = "excess KL (nats)" };

    /// <summary>Share of all cloze questions about an Almanac that are answered rightly.</summary>
    public static MetricLabel ClozeAccuracy { get; } = Of(new MetricKey(AlmanacCloze.MetricName, "accuracy"), "F2");

    /// <summary>Spread of what each generation of a model of images draws, in the latent space of VAE 0.</summary>
    public static MetricLabel ImageDeviation { get; } = Of(LatentDeviation.Headline, "F3");

    /// <summary>Loss of a model of images on real test images.</summary>
    public static MetricLabel ImageLoss { get; } = Of(TestLoss.MetricName, "F1");

    /// <summary>Every label with a format of its own, in the order of tables.</summary>
    public static IReadOnlyList<MetricLabel> All { get; } =
    [
        Perplexity, TrainingMedian, TrainingTail, ClozeAccuracy, Hallucination, SaysNothing, Recall, Support, FactDivergence, .. Diversity, .. TrainingDiversity,
        ImageDeviation, ImageLoss,
    ];

    /// <summary>The label of a number: its own, or by what results say that it means.</summary>
    /// <param name="results">The results that it is in.</param>
    /// <param name="metric">The number.</param>
    public static MetricLabel Of(RunResults results, MetricKey metric) => All.FirstOrDefault(l => l.Metric == metric) ?? Made(metric, results.Describe(metric), AnyFormat);

    /// <summary>The labels of one arm's table: those of <see cref="All"/>, then the numbers of metrics that have none there.</summary>
    /// <param name="results">Results of one recipe.</param>
    public static IReadOnlyList<MetricLabel> Of(RunResults results)
    {
        HashSet<MetricKey> taken = [.. results.Metrics.Select(m => m.Metric)];
        HashSet<string> known = [.. MetricCatalog.All.Keys.Select(k => k.Metric), .. All.Select(l => l.Metric.Metric)];
        var others = results.Metrics.Select(m => m.Metric).Distinct().Where(m => !known.Contains(m.Metric) && m.Number.Part == NumberPart.Value && m.Number.Decile is null);
        return [.. All.Where(l => taken.Contains(l.Metric)), .. others.Select(m => Of(results, m))];
    }

    /// <summary>The format for a table of these values: a place more than the usual one where all are below ten, as perplexities of a small world are.</summary>
    /// <param name="values">Values of the metric.</param>
    public string FormatFor(IEnumerable<double> values) => Format == "F1" && values.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max() < 10 ? "F2" : Format;

    static IReadOnlyList<MetricLabel> DiversityOf(string metric) =>
        [Of(new MetricKey(metric, "distinct-2"), "F3"), Of(new MetricKey(metric, "seq-rep-4"), "F3"), Of(new MetricKey(metric, "types"), "F0"), Of(new MetricKey(metric, "entropy"), "F2")];

    static MetricLabel OfAlmanac(string number) => Of(new MetricKey(AlmanacText.MetricName, number), "F2");

    /// <summary>The label of a number of a known metric.</summary>
    static MetricLabel Of(MetricKey metric, string format) => Made(metric, MetricCatalog.Find(metric), format);

    static MetricLabel Made(MetricKey metric, MetricNumber? number, string format)
    {
        if (number is null) return new(metric, metric.ToString(), metric.ToString(), format);
        var name = metric.Number.Decile is { } decile ? $"{number.Label}, decile {decile}" : number.Label;
        var axis = name.Length > 1 && char.IsLower(name[1]) ? char.ToLowerInvariant(name[0]) + name[1..] : name;
        // "Effective number of facts" says its unit already.
        return new(metric, name, axis.EndsWith(number.Unit, StringComparison.Ordinal) ? axis : $"{axis} ({number.Unit})", format);
    }
}
