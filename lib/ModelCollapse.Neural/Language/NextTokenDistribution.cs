using ModelCollapse.Models;
using ModelCollapse.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Language;

/// <summary>
/// How sure a model is of the next token, over the positions of human text: no sampling is involved (Gambetta et al., arXiv 2410.12341;
/// literature.md, Definitions of metrics). Entropy falls, top-k mass and Gini coefficient rise as a model collapses.
/// </summary>
/// <param name="Entropy">Mean entropy in nats.</param>
/// <param name="TopMass">Mean probability of the <see cref="TopCount"/> most probable tokens.</param>
/// <param name="Gini">Mean Gini coefficient of the probabilities.</param>
/// <param name="Predictions">The most probable token at each position but the last, for each text.</param>
public sealed record NextTokenDistribution(double Entropy, double TopMass, double Gini, IReadOnlyList<int[]> Predictions)
{
    /// <summary>Tokens whose mass is <see cref="TopMass"/>.</summary>
    public const int TopCount = 10;

    /// <summary>Measures a model.</summary>
    /// <param name="model">The model; left as it is.</param>
    /// <param name="blocks">Texts of two or more tokens; at least one. Time and memory of a step grow with the vocabulary: a few hundred texts do.</param>
    /// <param name="progress">Told how it goes on; may be null.</param>
    /// <param name="cancellation">Stops it between two texts.</param>
    public static NextTokenDistribution Of(CausalLM model, IReadOnlyList<int[]> blocks, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (blocks.Count == 0 || blocks.Any(b => b.Length < 2)) throw new ArgumentException("There are no texts to measure on, or one has less than the two tokens that a prediction needs.", nameof(blocks));
        using var evaluating = model.SetTraining(false);
        using var inference = no_grad();
        var (clock, predictions, sums, positions) = (System.Diagnostics.Stopwatch.StartNew(), new List<int[]>(), new double[3], 0L);
        foreach (var block in blocks)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using var batch = new TokenBatch([block]);
            var hidden = NetworkEvaluation.Predicting(model.Decode(batch.Ids));                              // [time − 1, width]
            var logs = nn.functional.linear(hidden, model.HeadWeight).to(float32).log_softmax(1);     // [time − 1, vocab]
            var sorted = logs.exp().sort(1, descending: true).Values;
            var rank = arange(1, sorted.shape[1] + 1, float64);
            sums[0] -= (logs.exp() * logs).nan_to_num(0).sum(ScalarType.Float64).item<double>();
            sums[1] += sorted.narrow(1, 0, Math.Min(TopCount, sorted.shape[1])).sum(ScalarType.Float64).item<double>();
            // The coefficient of values in descending order: (n + 1 − 2 Σ rank · p / Σ p) / n.
            sums[2] += ((sorted.shape[1] + 1 - 2 * (sorted.to(float64) * rank).sum(1) / sorted.to(float64).sum(1)) / sorted.shape[1]).sum().item<double>();
            predictions.Add([.. logs.argmax(1).data<long>().Select(t => (int)t)]);
            positions += block.Length - 1;
            progress?.Report(new("next token", predictions.Count, blocks.Count, "blocks", clock.Elapsed));
        }

        return new(sums[0] / positions, sums[1] / positions, sums[2] / positions, predictions);
    }
}
