using ModelCollapse.Data;
using ModelCollapse.Data.Almanac;
using ModelCollapse.Generations;
using ModelCollapse.Models;
using ModelCollapse.Statistics;
using ModelCollapse.Text;
using ModelCollapse.Training;

namespace ModelCollapse.Language;

/// <summary>
/// What a generation's model still knows of a world, asked by its own probabilities: each <see cref="ClozeProbe"/> is answered by the answer to which the
/// model gives the highest probability after the prompt. It sees knowledge that free generation of that size would not happen to state.
/// Falls under collapse, in the deciles of rare facts first (early collapse, Shumailov et al. 2024).
/// </summary>
/// <param name="world">The world.</param>
/// <param name="probes">The questions.</param>
/// <param name="tokenizer">Encodes them.</param>
/// <param name="perLineSpecials">Whether each line gets the tokenizer's special tokens, as in the training text.</param>
public sealed class AlmanacCloze(AlmanacWorld world, IReadOnlyList<ClozeProbe> probes, BytePairTokenizer tokenizer, bool perLineSpecials) : IMetric<int[]>
{
    /// <summary>Its name in recipes.</summary>
    public const string MetricName = "almanac-cloze";

    /// <summary>Questions about each tenth of the facts, and answers to choose from.</summary>
    public const int PerDecile = 40, Answers = 4;

    /// <inheritdoc/>
    public string Name => MetricName;

    /// <summary>The metric of a recipe; the questions are decided by the world, so that every arm and seed is asked the same.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <exception cref="InputException">The recipe has another corpus.</exception>
    public static AlmanacCloze Of(Recipe recipe, BytePairTokenizer tokenizer)
    {
        var world = AlmanacText.WorldOf(recipe, MetricName);
        return new(world, ClozeProbe.Of(world, PerDecile, Answers, Seeds.Derive(world.Options.Seed, 0, MetricName)), tokenizer, recipe.Data.PerLineSpecials);
    }

    /// <summary>
    /// <c>accuracy</c>: share of questions whose correct answer has the highest probability (<c>.low</c> and <c>.high</c>: Wilson's 95 % interval over
    /// questions); <c>probability</c>: mean probability of the correct answer, normalised over the answers; both also by tenths of the facts,
    /// <c>accuracy.decile-0</c> (most frequent) to <c>accuracy.decile-9</c>. <c>chance</c>: what guessing would give, in either.
    /// </summary>
    public IReadOnlyDictionary<string, double> Measure(GenerationContext<int[]> c)
    {
        var shares = CorrectShares(TextMetrics.Language(c.Model).Network, c.Progress, c.Cancellation);
        var right = shares.Count(s => s.Right);
        var interval = WilsonInterval.Of(right, shares.Count);
        var numbers = new Dictionary<string, double>
        {
            ["accuracy"] = (double)right / shares.Count,
            ["accuracy.low"] = interval.Low,
            ["accuracy.high"] = interval.High,
            ["probability"] = shares.Average(s => s.Probability),
            ["chance"] = probes.Average(p => 1.0 / p.Answers.Count),
        };
        foreach (var tenth in shares.Zip(probes).GroupBy(s => world.Decile(s.Second.Fact)))
        {
            numbers[$"accuracy.decile-{tenth.Key}"] = tenth.Average(s => s.First.Right ? 1.0 : 0);
            numbers[$"probability.decile-{tenth.Key}"] = tenth.Average(s => s.First.Probability);
        }

        return numbers;
    }

    /// <summary>For each question whether the correct answer has the highest probability, and its probability among the answers.</summary>
    internal IReadOnlyList<(bool Right, double Probability)> CorrectShares(CausalLM model, IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        var texts = probes.SelectMany(p => p.Answers.Select(answer => Encode(p.Prompt + answer))).ToList();
        var scores = NetworkEvaluation.Of(model, texts, progress: progress, cancellation: cancellation).TokenLogLikelihoods;
        List<(bool, double)> found = [];
        var next = 0;
        foreach (var probe in probes)
        {
            // An answer begins with a blank, where the tokenizer divides: the prompt's tokens are the same with every answer.
            var prompt = Encode(probe.Prompt).Length;
            double[] logs = [.. scores.Skip(next).Take(probe.Answers.Count).Select(s => s.Skip(prompt - 1).Sum())];
            next += probe.Answers.Count;
            var total = logs.Sum(l => Math.Exp(l - logs.Max()));
            var best = logs.Index().MaxBy(l => l.Item).Index;
            found.Add((best == probe.Correct, Math.Exp(logs[probe.Correct] - logs.Max()) / total));
        }

        return found;
    }

    int[] Encode(string text) => perLineSpecials ? [.. Rows.Of(text).SelectMany(row => tokenizer.Encode(row, addSpecial: true))] : tokenizer.Encode(text);
}
