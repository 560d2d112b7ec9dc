using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Training;

/// <summary>
/// Blocks of token ids as tensors. Shorter blocks are filled up at the right; nothing is predicted there, and a causal model does
/// not see it from the left, so no mask is needed.
/// </summary>
sealed class TokenBatch : IDisposable
{
    /// <summary>Marks a position at which nothing is predicted.</summary>
    public const int Nothing = -1;

    /// <summary>Joins blocks of two or more tokens.</summary>
    public TokenBatch(IReadOnlyList<int[]> blocks)
    {
        var time = blocks.Max(b => b.Length);
        if (time < 2) throw new ArgumentException("A block needs two tokens: one to read, one to predict.", nameof(blocks));
        var ids = new long[blocks.Count * time];
        Targets = new int[blocks.Count * (time - 1)];
        Array.Fill(Targets, Nothing);
        for (var b = 0; b < blocks.Count; b++)
        {
            for (var t = 0; t < blocks[b].Length; t++) ids[b * time + t] = blocks[b][t];
            for (var t = 1; t < blocks[b].Length; t++) Targets[b * (time - 1) + t - 1] = blocks[b][t];
        }

        Ids = tensor(ids, [blocks.Count, time], int64).DetachFromDisposeScope();
        Predictions = blocks.Sum(b => Math.Max(0, b.Length - 1));
    }

    /// <summary>int64 [batch, time].</summary>
    public Tensor Ids { get; }

    /// <summary>The token that follows each position but the last, [batch · (time − 1)]; <see cref="Nothing"/> beyond the end of a block.</summary>
    public int[] Targets { get; }

    /// <summary>Number of predictions that count.</summary>
    public int Predictions { get; }

    public void Dispose() => Ids.Dispose();
}
