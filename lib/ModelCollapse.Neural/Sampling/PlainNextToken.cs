using ModelCollapse.Models;
using ModelCollapse.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Sampling;

/// <summary>The reference path: runs the whole sequence through the model for every token. Slow, and too simple to be wrong.</summary>
sealed class PlainNextToken(CausalLM model) : INextToken
{
    int[][] sequences = [];
    int[] padding = [];

    public Tensor Read(PromptBatch prompts)
    {
        (sequences, padding) = (prompts.Rows, prompts.Padding);
        return Logits();
    }

    public Tensor Append(int[] tokens, int[] parents)
    {
        padding = [.. parents.Select(p => padding[p])];
        sequences = [.. parents.Select((p, row) => (int[])[.. sequences[p], tokens[row]])];
        return Logits();
    }

    Tensor Logits()
    {
        using var scope = NewDisposeScope();
        var time = sequences[0].Length;
        var ids = tensor(sequences.SelectMany(s => s.Select(id => (long)id)).ToArray(), [sequences.Length, time]);
        Tensor? mask = null, positions = null;
        if (padding.Any(p => p > 0))
        {
            mask = tensor(padding.SelectMany(p => Enumerable.Range(0, time).Select(t => t < p ? 0L : 1L)).ToArray(), [sequences.Length, time]);
            using Scalar zero = 0; // a living number: see Sums
            positions = (mask.cumsum(1) * mask).Plus(-1);
            if (model is LlamaModel) positions = positions.clamp(zero);
        }

        var last = model.Decode(ids, mask, positions).select(1, time - 1);
        return nn.functional.linear(last, model.HeadWeight).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
    }
}
