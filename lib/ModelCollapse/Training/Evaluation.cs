using System.Diagnostics;
using ModelCollapse.Generations;
using ModelCollapse.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Training;

/// <summary>
/// How well a model predicts blocks of text, each on its own with no context before it: the protocol of Shumailov et al.
/// (references sections 1.1 and 1.2). A block of n tokens gives n − 1 predictions.
/// </summary>
/// <param name="LogLikelihoods">Sum of log p of each block, in nats.</param>
/// <param name="Predictions">Predictions in each block.</param>
public sealed record Evaluation(IReadOnlyList<double> LogLikelihoods, IReadOnlyList<int> Predictions)
{
    /// <summary>Perplexity of each block: the exponential of its mean loss.</summary>
    public IReadOnlyList<double> Perplexities { get; } = [.. LogLikelihoods.Zip(Predictions, (l, n) => Math.Exp(-l / n))];

    /// <summary>Mean loss per token, in nats.</summary>
    public double MeanLoss => -LogLikelihoods.Sum() / Predictions.Sum();

    /// <summary>Exponential of the mean loss per token.</summary>
    public double TokenPerplexity => Math.Exp(MeanLoss);

    /// <summary>Mean of the blocks' perplexities.</summary>
    public double MeanPerplexity => Perplexities.Average();

    /// <summary>Standard deviation of the blocks' perplexities, with n − 1 in the denominator; NaN for a single block.</summary>
    public double StandardDeviation => Math.Sqrt(Perplexities.Sum(p => (p - MeanPerplexity) * (p - MeanPerplexity)) / (Perplexities.Count - 1));

    /// <summary>Evaluates a model.</summary>
    /// <param name="model">The model; left as it is.</param>
    /// <param name="blocks">Blocks of two or more token ids.</param>
    /// <param name="batchSize">Blocks at a time. Changes no more than the last bits.</param>
    /// <param name="progress">Told how it goes on; may be null.</param>
    /// <param name="cancellation">Stops it between two batches.</param>
    public static Evaluation Of(CausalLM model, IReadOnlyList<int[]> blocks, int batchSize = 32, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (blocks.Count == 0) throw new ArgumentException("There are no blocks to evaluate.", nameof(blocks));
        var (likelihoods, predictions) = (new double[blocks.Count], new int[blocks.Count]);
        var clock = Stopwatch.StartNew();
        using var evaluating = model.SetTraining(false);
        var batches = (blocks.Count + batchSize - 1) / batchSize;
        var shards = Shards.For(batches);
        Shards.Run(shards, shard =>
        {
            using var inference = no_grad();
            for (var number = shard; number < batches; number += shards)
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var start = number * batchSize;
                int[][] part = [.. blocks.Skip(start).Take(batchSize)];
                using var batch = new TokenBatch(part);
                var losses = ChunkedHead.Losses(model, Predicting(model.Decode(batch.Ids)), batch.Targets);
                var width = losses.Length / part.Length;
                for (var b = 0; b < part.Length; b++)
                {
                    likelihoods[start + b] = -losses.AsSpan(b * width, width).ToArray().Sum();
                    predictions[start + b] = part[b].Length - 1;
                }

                // All pieces are about equally far: the first speaks for all.
                if (shard == 0) progress?.Report(new("evaluate", Math.Min(blocks.Count, (number + shards) * batchSize), blocks.Count, "blocks", clock.Elapsed));
            }
        });

        return new(likelihoods, predictions);
    }

    /// <summary>The hidden states that predict something: all but the last of each block, [batch · (time − 1), width].</summary>
    internal static Tensor Predicting(Tensor hidden) => hidden.narrow(1, 0, hidden.shape[1] - 1).reshape(-1, hidden.shape[2]);
}
