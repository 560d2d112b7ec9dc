using ModelCollapse.Models;
using ModelCollapse.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace ModelCollapse.Sampling;

/// <summary>
/// The fast path. Keys and values of a prompt are kept once, not once per beam; those of new tokens are never moved when beams
/// change ancestors, a table of ancestors says whose they are (<see cref="KeyValueCache"/>). Everything but attention is the same
/// for a position of a prompt and a row of a search, so both go through the same layers.
/// </summary>
/// <param name="model">The model; its weights must not change while this lives.</param>
/// <param name="weights">The model's weights for decoding; may be shared.</param>
/// <param name="maxNewTokens">Most tokens that are appended.</param>
sealed class CachedNextToken(CausalLM model, DecoderWeights weights, int maxNewTokens) : INextToken
{
    KeyValueCache? cache;

    public Tensor Read(PromptBatch prompts)
    {
        cache?.Dispose();
        cache = new(model.Config, model.DType, prompts, maxNewTokens);
        using var scope = NewDisposeScope();
        var (batch, time) = (prompts.Count, prompts.Time);
        var positions = prompts.Padding.SelectMany(p => Enumerable.Range(0, time).Select(t => Math.Max(t - p, weights.FirstPosition))).ToArray();
        var mask = prompts.IsPadded
            ? tensor(prompts.Padding.SelectMany(p => Enumerable.Range(0, time).Select(t => t < p ? 0L : 1L)).ToArray(), [batch, time])
            : null;
        var causal = CausalMask.For(time, mask, model.DType);
        var x = Run([.. prompts.Rows.SelectMany(r => r)], positions, (layer, projected) => cache.ReadPrompt(layer, projected, weights, positions, causal));
        var last = x.view(batch, time, -1).select(1, time - 1).contiguous();                        // [batch, width]
        return Head(last).MoveToOuterDisposeScope();
    }

    public Tensor Append(int[] tokens, int[] parents)
    {
        using var scope = NewDisposeScope();
        var positions = cache!.Advance(parents);
        var x = Run(tokens, positions, (layer, projected) => cache.Attend(layer, projected, weights, positions));
        return Head(x).MoveToOuterDisposeScope();
    }

    /// <summary>All layers over [rows, width]; <paramref name="attend"/> turns fused queries, keys and values into mixed values.</summary>
    Tensor Run(int[] tokens, int[] positions, Func<int, Tensor, Tensor> attend)
    {
        var x = weights.Embed(tensor(Array.ConvertAll(tokens, t => (long)t)), positions);              // [rows, width]
        for (var layer = 0; layer < weights.Layers.Count; layer++)
        {
            using var inner = NewDisposeScope();
            var w = weights.Layers[layer];
            var projected = w.Qkv.Apply(w.NormBefore ? w.AttentionNorm.Apply(x) : x);                  // [rows, (heads + 2 · kv_heads) · head_dim]
            var y = x.Plus(w.Output.Apply(attend(layer, projected)));                                  // [rows, width]
            if (!w.NormBefore) y = w.AttentionNorm.Apply(y);
            var fed = w.FeedForward(w.NormBefore ? w.FeedForwardNorm.Apply(y) : y);
            y = y.Plus(fed);
            if (!w.NormBefore) y = w.FeedForwardNorm.Apply(y);
            x = y.MoveToOuterDisposeScope();
        }

        return x;
    }

    Tensor Head(Tensor x) => F.linear(weights.Finish(x), weights.Head);                               // [rows, vocab]

    public void Dispose() => cache?.Dispose();
}
