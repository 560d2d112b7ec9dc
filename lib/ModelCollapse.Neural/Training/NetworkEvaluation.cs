using ModelCollapse.Models;
using ModelCollapse.Text;
using static TorchSharp.torch;

namespace ModelCollapse.Training;

/// <summary>The log-probabilities that a network gives to blocks of text, in batches.</summary>
public static class NetworkEvaluation
{
    /// <summary>Evaluates a network.</summary>
    /// <param name="model">The network; left as it is.</param>
    /// <param name="blocks">Blocks of two or more token ids.</param>
    /// <param name="batchSize">Blocks at a time. Changes no more than the last bits.</param>
    /// <param name="progress">Told how it goes on; may be null.</param>
    /// <param name="cancellation">Stops it between two batches.</param>
    public static Evaluation Of(CausalLM model, IReadOnlyList<int[]> blocks, int batchSize = 32, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (blocks.Count == 0) throw new ArgumentException("There are no blocks to evaluate.", nameof(blocks));
        var tokens = new double[blocks.Count][];
        Batches.Read(model, blocks, batchSize, "evaluate", (start, part, batch, hidden) =>
        {
            var losses = ChunkedHead.Losses(model, Predicting(hidden), batch.Targets);
            var width = losses.Length / part.Length;
            for (var b = 0; b < part.Length; b++) tokens[start + b] = [.. losses.AsSpan(b * width, part[b].Length - 1).ToArray().Select(l => -l)];
        }, progress, cancellation);
        return new(tokens);
    }

    /// <summary>The log-probabilities of all tokens at each place of a block but the first, in nats.</summary>
    /// <param name="model">The network; left as it is.</param>
    /// <param name="block">Two or more token ids.</param>
    /// <returns>[time − 1][vocab].</returns>
    public static float[][] NextTokens(CausalLM model, int[] block)
    {
        using var evaluating = model.SetTraining(false);
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        using var batch = new TokenBatch([block]);
        var hidden = Predicting(model.Decode(batch.Ids));                                             // [time − 1, width]
        var logs = nn.functional.linear(hidden, model.HeadWeight).to(float32).log_softmax(1);         // [time − 1, vocab]
        return [.. logs.data<float>().ToArray().Chunk((int)logs.shape[1])];
    }

    /// <summary>The hidden states that predict something: all but the last of each block, [batch · (time − 1), width].</summary>
    internal static Tensor Predicting(Tensor hidden) => hidden.narrow(1, 0, hidden.shape[1] - 1).reshape(-1, hidden.shape[2]);
}
