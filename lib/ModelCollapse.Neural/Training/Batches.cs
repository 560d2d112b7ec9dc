using System.Diagnostics;
using ModelCollapse.Models;
using ModelCollapse.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Training;

/// <summary>Reads blocks of text with a model, batch by batch, without gradients and dropout: the one loop of everything that only looks at a model.</summary>
static class Batches
{
    /// <summary>Runs the decoder over all blocks. Batches are divided among threads, so <paramref name="use"/> is called on several at a time.</summary>
    /// <param name="model">The model; left as it is.</param>
    /// <param name="blocks">Blocks of two or more token ids.</param>
    /// <param name="batchSize">Blocks at a time.</param>
    /// <param name="what">The work in a word, for the progress.</param>
    /// <param name="use">Told the index of the first block of a batch, its blocks, their tensors, and the decoder's output [batch, time, width].</param>
    /// <param name="progress">Told how it goes on; may be null.</param>
    /// <param name="cancellation">Stops it between two batches.</param>
    public static void Read(
        CausalLM model, IReadOnlyList<int[]> blocks, int batchSize, string what, Action<int, int[][], TokenBatch, Tensor> use,
        IProgress<WorkProgress>? progress, CancellationToken cancellation)
    {
        using var evaluating = model.SetTraining(false);
        var (clock, batches) = (Stopwatch.StartNew(), (blocks.Count + batchSize - 1) / batchSize);
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
                use(start, part, batch, model.Decode(batch.Ids));
                // All pieces are about equally far: the first speaks for all.
                if (shard == 0) progress?.Report(new(what, Math.Min(blocks.Count, (number + shards) * batchSize), blocks.Count, "blocks", clock.Elapsed));
            }
        });
    }
}
