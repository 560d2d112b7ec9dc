using ModelCollapse.Data;
using TorchSharp;

namespace ModelCollapse.Sampling;

/// <summary>What a search needs from a model: the logits of the next token, for rows that grow by a token at a time.</summary>
interface INextToken : IDisposable
{
    /// <summary>Reads the prompts.</summary>
    /// <returns>Logits of the first new token, [prompts, vocab].</returns>
    torch.Tensor Read(PromptBatch prompts);

    /// <summary>Appends a token to each row.</summary>
    /// <param name="tokens">The token of each row, [rows].</param>
    /// <param name="parents">The row of the last call that each row continues, [rows]; after <see cref="Read"/> that is the prompt.</param>
    /// <returns>Logits of the token after, [rows, vocab].</returns>
    torch.Tensor Append(int[] tokens, int[] parents);
}

/// <summary>Prompts of one batch, filled up at the left to the longest.</summary>
sealed class PromptBatch
{
    /// <param name="prompts">Token ids of each.</param>
    /// <param name="time">Length to fill up to.</param>
    /// <param name="padId">What to fill up with.</param>
    public PromptBatch(IReadOnlyList<int[]> prompts, int time, int padId)
    {
        Time = time;
        Padding = [.. prompts.Select(p => Time - p.Length)];
        Rows = [.. prompts.Select((p, i) => (int[])[.. Enumerable.Repeat(padId, Padding[i]), .. p])];
    }

    /// <summary>Ids of each prompt with its padding, [prompts][<see cref="Time"/>].</summary>
    public int[][] Rows { get; }

    /// <summary>Ids of padding in front of each.</summary>
    public int[] Padding { get; }

    /// <summary>Common length.</summary>
    public int Time { get; }

    public int Count => Rows.Length;

    /// <summary>Whether any prompt is padded.</summary>
    public bool IsPadded => Padding.Any(p => p > 0);
}
