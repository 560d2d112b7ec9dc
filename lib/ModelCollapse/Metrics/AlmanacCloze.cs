using System.ComponentModel.DataAnnotations;
using ModelCollapse.Data;
using ModelCollapse.Data.Almanac;
using ModelCollapse.Generations;
using ModelCollapse.Statistics;
using ModelCollapse.Store;
using ModelCollapse.Text;

namespace ModelCollapse.Metrics;

/// <summary>
/// What a generation's model still knows of a world, asked by its own probabilities: each <see cref="ClozeProbe"/> is answered by the answer to which the
/// model gives the highest probability after the prompt. It sees knowledge that free generation of that size would not happen to state.
/// Falls under collapse, in the deciles of rare facts first (early collapse, Shumailov et al. 2024).
/// </summary>
/// <remarks>The questions are decided by the world, so that every arm and seed is asked the same.</remarks>
[Kind(MetricName)]
public sealed record AlmanacCloze : IMetric<int[]>
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "almanac-cloze";

    const string Source = "this project's Almanac (lib/ModelCollapse/Data/Almanac); early collapse: Shumailov et al. 2024, definition 2.1";

    static readonly MetricNumber[] Described =
    [
        new("accuracy", "Cloze questions answered correctly", "", UnderCollapse.Falls, Source),
        new("probability", "Probability of the correct answer", "", UnderCollapse.Falls, Source),
        new("chance", "What guessing would give", "", UnderCollapse.Varies, Source),
    ];

    /// <summary>Questions about each decile of the facts; about all facts of a decile where there are fewer. Range: at least 1.</summary>
    [Range(1, int.MaxValue)]
    public int PerDecile { get; init; } = 40;

    /// <summary>Answers to choose from; fewer where the relation has fewer values. Range: at least 2.</summary>
    [Range(2, int.MaxValue)]
    public int Answers { get; init; } = 4;

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <inheritdoc/>
    public IReadOnlyList<MetricNumber> Numbers => Described;

    /// <inheritdoc/>
    public void Check(LoopSetting setting) => setting.AlmanacWorld(MetricName);

    /// <summary>
    /// <c>accuracy</c>: share of questions whose correct answer has the highest probability (<c>.low</c> and <c>.high</c>: Wilson's 95 % interval over
    /// questions); <c>probability</c>: mean probability of the correct answer, normalised over the answers; both also by deciles of the facts,
    /// <c>accuracy.decile-0</c> (most frequent) to <c>accuracy.decile-9</c>. <c>chance</c>: what guessing would give, in either.
    /// </summary>
    public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<int[]> c)
    {
        var world = c.Setting.AlmanacWorld(MetricName);
        var probes = ClozeProbe.Of(world, PerDecile, Answers, Seeds.Derive(world.Options.Seed, 0, MetricName));
        var shares = CorrectShares(c.TextModel(MetricName), probes, c.Setting.Get<TextSetting>(), c.Progress, c.Cancellation);
        var right = shares.Count(s => s.Right);
        var interval = WilsonInterval.Of(right, shares.Count);
        var numbers = new Dictionary<NumberKey, double>
        {
            ["accuracy"] = (double)right / shares.Count,
            [new("accuracy", Part: NumberPart.Low)] = interval.Low,
            [new("accuracy", Part: NumberPart.High)] = interval.High,
            ["probability"] = shares.Average(s => s.Probability),
            ["chance"] = probes.Average(p => 1.0 / p.Answers.Count),
        };
        foreach (var decile in shares.Zip(probes).GroupBy(s => world.Decile(s.Second.Fact)))
        {
            numbers[new("accuracy", decile.Key)] = decile.Average(s => s.First.Right ? 1.0 : 0);
            numbers[new("probability", decile.Key)] = decile.Average(s => s.First.Probability);
        }

        return numbers;
    }

    /// <summary>For each question whether the correct answer has the highest probability, and its probability among the answers.</summary>
    internal static IReadOnlyList<(bool Right, double Probability)> CorrectShares(
        ITextModel model, IReadOnlyList<ClozeProbe> probes, TextSetting text, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        var texts = probes.SelectMany(p => p.Answers.Select(answer => Encode(text, p.Prompt + answer))).ToList();
        var scores = Evaluation.Of(model, texts, progress, cancellation).TokenLogLikelihoods;
        List<(bool, double)> found = [];
        var next = 0;
        foreach (var probe in probes)
        {
            // An answer begins with a blank, where the tokenizer divides: the prompt's tokens are the same with every answer.
            var prompt = Encode(text, probe.Prompt).Length;
            double[] logs = [.. scores.Skip(next).Take(probe.Answers.Count).Select(s => s.Skip(prompt - 1).Sum())];
            next += probe.Answers.Count;
            found.Add((logs.Index().MaxBy(l => l.Item).Index == probe.Correct, Share(logs, probe.Correct)));
        }

        return found;
    }

    /// <summary>The share of one of some probabilities; chance where a model without smoothing gives none to any.</summary>
    static double Share(double[] logs, int which)
    {
        var most = logs.Max();
        return double.IsNegativeInfinity(most) ? 1.0 / logs.Length : Math.Exp(logs[which] - most) / logs.Sum(l => Math.Exp(l - most));
    }

    // As the training text is encoded, line by line with special tokens where that is.
    static int[] Encode(TextSetting setting, string text) => setting.Cut.PerLineSpecials
        ? [.. Rows.Of(text).SelectMany(row => setting.Tokenizer.Encode(row, addSpecial: true))]
        : setting.Tokenizer.Encode(text);
}
