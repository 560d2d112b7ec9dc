using System.Diagnostics;
using System.Globalization;
using ModelCollapse.Models;
using ModelCollapse.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Training;

/// <summary>Fits a language model to blocks of tokens.</summary>
/// <param name="options">How.</param>
public sealed class Trainer(TrainingOptions options)
{
    /// <summary>Trains the model in place. A fit that ends within an epoch offers its last weights for validation too.</summary>
    /// <param name="model">The model.</param>
    /// <param name="blocks">Blocks of two or more token ids.</param>
    /// <param name="validation">Blocks that choose the best epoch; may be empty where the last is kept.</param>
    /// <param name="seed">Decides the order of the blocks and dropout.</param>
    /// <param name="progress">Told how it goes on; may be null.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    /// <exception cref="TrainingDivergedException">The loss is no longer a number.</exception>
    public TrainingLog Fit(
        CausalLM model, IReadOnlyList<int[]> blocks, IReadOnlyList<int[]> validation, long seed,
        IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (blocks.Count == 0) throw new ArgumentException("There are no blocks to train on.", nameof(blocks));
        var random = Seeds.NewRandom(seed);
        model.SeedDropout(seed);
        using var optimizer = new AdamW(model, options);
        using var best = options.Select == CheckpointSelection.BestByValidation ? new BestWeights(model) : null;
        var steps = options.Steps(blocks.Count);
        var (losses, validations, clock) = (new List<double>(), new List<double>(), Stopwatch.StartNew());
        // Which blocks fall off the end of a fit that ends within an epoch is not known yet; mostly all are equally long.
        var (tokens, allTokens) = (0L, (long)(Math.Min(options.Epochs, (double)steps * options.BatchSize / blocks.Count) * blocks.Sum(b => (long)b.Length)));
        var order = Enumerable.Range(0, blocks.Count).ToArray();
        while (losses.Count < steps)
        {
            random.Shuffle(order);
            foreach (var indices in order.Chunk(options.BatchSize).Take(steps - losses.Count))
            {
                cancellation.ThrowIfCancellationRequested();
                int[][] part = [.. indices.Select(i => blocks[i])];
                var (rate, number) = (options.RateAt(losses.Count, steps), losses.Count + 1);
                var (loss, norm) = Step(model, optimizer, part, rate);
                if (!double.IsFinite(loss) || !double.IsFinite(norm))
                    throw new TrainingDivergedException(string.Create(CultureInfo.InvariantCulture,
                        $"Training diverged at step {number} of {steps} (loss {loss}, gradient norm {norm}, learning rate {rate:G3}): lower training.learningRate or set training.clip."));
                losses.Add(loss);
                tokens += part.Sum(b => (long)b.Length);
                progress?.Report(new("fit", tokens, allTokens, "tokens", clock.Elapsed, string.Create(CultureInfo.InvariantCulture, $"loss {loss:F3}")));
            }

            if (best is null) continue;
            var found = NetworkEvaluation.Of(model, validation, cancellation: cancellation).MeanLoss;
            validations.Add(found);
            best.Offer(found);
        }

        best?.Restore();
        return new(losses, validations, tokens);
    }

    /// <summary>
    /// One step on one batch: forward, backward, update. With several threads the batch of a small model is divided among them, each with
    /// its own replica, and their gradients are added in a fixed order.
    /// </summary>
    internal static (double Loss, double GradientNorm) Step(CausalLM model, AdamW optimizer, IReadOnlyList<int[]> blocks, double learningRate)
    {
        using var scope = NewDisposeScope();
        var shards = optimizer.DividesBatches ? Shards.For(blocks.Count) : 1;
        var counted = blocks.Sum(b => Math.Max(0, b.Length - 1));
        var models = optimizer.Replicas(shards);
        foreach (var replica in models.Skip(1)) replica.SeedDropout(model.NextDropoutSeed());
        var (losses, heads) = (new double[shards], new Tensor[shards]);
        Shards.Run(shards, shard =>
        {
            using var inner = NewDisposeScope();
            var (replica, part) = (models[shard], Shards.PartOf(blocks.Count, shard, shards));
            using var batch = new TokenBatch([.. blocks.Take(part)]);
            using var training = replica.SetTraining(true);
            var hidden = NetworkEvaluation.Predicting(replica.Decode(batch.Ids));
            (losses[shard], var head) = ChunkedHead.Backward(replica, hidden, batch.Targets, counted);
            heads[shard] = head.DetachFromDisposeScope();
        });
        var headGradient = heads[0];
        for (var shard = 1; shard < shards; shard++)
        {
            headGradient.Accumulate(heads[shard]);
            heads[shard].Dispose();
        }

        using (headGradient) return (losses.Sum(), optimizer.Step(learningRate, (model.HeadWeight, headGradient)));
    }

    /// <summary>A copy of the weights with the lowest validation loss so far.</summary>
    sealed class BestWeights(CausalLM model) : IDisposable
    {
        readonly List<Tensor> copy = [];
        double lowest = double.PositiveInfinity;

        public void Offer(double loss)
        {
            if (loss >= lowest) return;
            lowest = loss;
            Dispose();
            copy.AddRange(model.Parameters.Values.Select(p => p.detach().clone()));
        }

        public void Restore()
        {
            using var _ = no_grad();
            foreach (var (weight, kept) in model.Parameters.Values.Zip(copy)) weight.copy_(kept);
        }

        public void Dispose()
        {
            foreach (var tensor in copy) tensor.Dispose();
            copy.Clear();
        }
    }
}

/// <summary>What a fit did.</summary>
/// <param name="Losses">Training loss before each step, nats per token.</param>
/// <param name="ValidationLosses">Validation loss after each epoch, and at the end; empty where none was taken.</param>
/// <param name="Tokens">Tokens read, epochs counted.</param>
public sealed record TrainingLog(IReadOnlyList<double> Losses, IReadOnlyList<double> ValidationLosses, long Tokens);
