using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;
using ModelCollapse.Metrics;
using ModelCollapse.Store;

namespace ModelCollapse.Results.Stages;

/// <summary>One measured sign that stages are made of: an effect of an arm against its control, at the same generation and seed, larger the worse.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Words">What it says, in words.</param>
/// <param name="Formula">How it is computed; a for the arm's number, c for the control's, h for people's.</param>
/// <param name="Metrics">Full names of the metrics that it reads.</param>
/// <param name="Effect">The effects by seed; not a number where there is nothing to tell it by.</param>
/// <param name="Least">The least effect that counts.</param>
public sealed record StageSign(
    string Name, string Words, string Formula, IReadOnlyList<MetricKey> Metrics,
    Func<StageSign.Compared, StageRules, IReadOnlyList<double>> Effect, Func<StageRules, double> Least)
{
    /// <summary>The numbers of one generation of one seed.</summary>
    /// <param name="name">Full name of a metric.</param>
    public delegate double Numbers(MetricKey name);

    /// <summary>What is compared: the numbers of each seed, in the same order.</summary>
    /// <param name="Arm">The arm in a generation.</param>
    /// <param name="Control">The control in the same generation.</param>
    /// <param name="Start">The arm in generation 0.</param>
    public sealed record Compared(IReadOnlyList<Numbers> Arm, IReadOnlyList<Numbers> Control, IReadOnlyList<Numbers> Start);

    /// <summary>The first tenth of the facts, which under Zipf's law has more than half of all mentions, are the frequent ones; the others are the rare ones.</summary>
    public static IReadOnlyList<int> FrequentDeciles { get; } = [0];

    /// <summary>The rare ones.</summary>
    public static IReadOnlyList<int> RareDeciles { get; } = [1, 2, 3, 4, 5, 6, 7, 8, 9];

    /// <summary>All signs.</summary>
    public static IReadOnlyList<StageSign> All { get; } =
    [
        Fade("rare facts fade", "The model knows less of the rare facts than the control does: of all but the most frequent decile, as far as generation 0 knew them", RareDeciles),
        Fade("frequent facts fade", "The model knows less of the most frequent decile of the facts than the control does", FrequentDeciles),
        Rises("uninformative", "More sentences are broken, empty, or without a known subject", new(AlmanacText.MetricName, "says-nothing")),
        Rises("hallucinates", "More statements are false", new(AlmanacText.MetricName, "hallucination")),
        Loses("fewer facts", "Fewer different facts are stated, by their effective number", new(AlmanacText.MetricName, "support")),
        Gone("facts gone", "The effective number of facts stated is a small remainder of that in human text", new(AlmanacText.MetricName, "support")),
        Gone("text has stopped changing", "The effective number of phrases is a small remainder of that in human text: the text is close to a fixed point", new(AlmanacText.MetricName, "phrases")),
        new("perplexity rises", "The human test text is less probable than under the control", "ln (a / c)", [TestPerplexity.Headline],
            (compared, _) => [.. compared.Arm.Zip(compared.Control, (a, c) => Math.Log(a(TestPerplexity.Headline) / c(TestPerplexity.Headline)))], rules => Math.Log(1 + rules.PerplexityRise)),
    ];

    /// <summary>The sign of a name.</summary>
    public static StageSign Get(string name) => All.Single(s => s.Name == name);

    /// <summary>Whether seeds show the effect: their mean is as large as it must be, and the one-sided interval of Student's t lies above zero.</summary>
    /// <param name="effects">One per seed. Fewer than two, or one that is not a number, show nothing.</param>
    /// <param name="rules">How large and how sure.</param>
    public bool Shown(IReadOnlyCollection<double> effects, StageRules rules)
    {
        if (effects.Count < 2) return false;
        var half = StudentT.InvCDF(0, 1, effects.Count - 1, rules.Confidence) * effects.StandardDeviation() / Math.Sqrt(effects.Count);
        return effects.Mean() >= Least(rules) && effects.Mean() - half > 0;
    }

    static StageSign Fade(string name, string words, IReadOnlyList<int> deciles)
    {
        MetricKey chance = new(AlmanacCloze.MetricName, "chance"), probability = new(AlmanacCloze.MetricName, "probability");
        MetricKey[] tenths = [.. deciles.Select(probability.OfDecile)];
        return new(
            name, words, $"(c − a) / mean of c over seeds, of the probability of the correct answer above chance, mean over those of the deciles {string.Join(", ", deciles)} of the facts that generation 0 knows",
            [chance, .. tenths], Effect, rules => rules.Loss);

        IReadOnlyList<double> Effect(Compared compared, StageRules rules)
        {
            MetricKey[] known = [.. tenths.Where(t => compared.Start.Average(n => n(t) - n(chance)) >= rules.Known)];
            return known.Length == 0 ? [.. compared.Arm.Select(_ => double.NaN)] : Lost(compared, n => known.Average(t => n(t)) - n(chance));
        }
    }

    static StageSign Loses(string name, string words, MetricKey metric) =>
        new(name, words, $"(c − a) / mean of c over seeds, of {metric}", [metric], (compared, _) => Lost(compared, n => n(metric)), rules => rules.Loss);

    static StageSign Rises(string name, string words, MetricKey metric)
    {
        var upper = metric.Of(NumberPart.HumanHigh);
        return new(name, words, $"a − max(c, upper end of h), of {metric}", [metric, upper],
            (compared, _) => [.. compared.Arm.Zip(compared.Control, (a, c) => a(metric) - Math.Max(c(metric), a(upper)))], rules => rules.Rise);
    }

    static StageSign Gone(string name, string words, MetricKey metric)
    {
        var human = metric.Of(NumberPart.Human);
        return new(name, words, $"remainder − a / h, of {metric}", [metric, human],
            (compared, rules) => [.. compared.Arm.Select(a => rules.Remaining - (a(metric) / a(human)))], _ => 0);
    }

    /// <summary>What the arm has lost of what the control has. The share is taken of the control's mean, since that of a single seed may be small by chance.</summary>
    static double[] Lost(Compared compared, Func<Numbers, double> value)
    {
        var whole = compared.Control.Average(value);
        return [.. compared.Arm.Zip(compared.Control, (a, c) => whole > 0 ? (value(c) - value(a)) / whole : double.NaN)];
    }
}
