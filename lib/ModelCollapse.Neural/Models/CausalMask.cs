using System.Collections.Concurrent;
using ModelCollapse.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Models;

/// <summary>
/// What is added to attention scores so that no position sees a later one, or padding. The value at a hidden position is large
/// and finite: a row in which everything is hidden (left padding) then gives a uniform distribution instead of NaN.
/// </summary>
static class CausalMask
{
    const double Hidden = -1e30;
    static readonly ConcurrentDictionary<(long Time, ScalarType DType), Tensor> Full = new();

    /// <summary>[1, 1, time, time], kept for the next call; or with a padding mask [batch, 1, time, time].</summary>
    /// <param name="time">Length in tokens.</param>
    /// <param name="attentionMask">[batch, time], 1 at real tokens; null if all are.</param>
    /// <param name="dtype">Type of the scores.</param>
    public static Tensor For(long time, Tensor? attentionMask, ScalarType dtype)
    {
        var causal = Full.GetOrAdd((time, dtype), key =>
        {
            using var scope = NewDisposeScope();
            return full([key.Time, key.Time], Hidden, dtype: key.DType).triu(1).view(1, 1, key.Time, key.Time).DetachFromDisposeScope();
        });
        return attentionMask is null ? causal : causal.minimum(
            attentionMask.to(@bool).logical_not().to(dtype).Scale(Hidden).view(-1, 1, 1, time));          // [batch, 1, time, time]
    }
}
