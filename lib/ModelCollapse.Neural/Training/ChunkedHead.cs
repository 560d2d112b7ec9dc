using System.Runtime.Intrinsics;
using ModelCollapse.Data;
using ModelCollapse.Models;
using ModelCollapse.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Training;

/// <summary>
/// The head and the cross entropy together, a chunk of positions at a time, forward and backward. The logits of all positions
/// never exist at once, and never in float32 for a bfloat16 model: each chunk's are turned into their own gradient in place.
/// </summary>
public static class ChunkedHead
{
    const int DefaultChunk = 512;

    /// <summary>Negative log-likelihood of each target in nats; 0 where there is none.</summary>
    /// <param name="model">The model whose head is used.</param>
    /// <param name="hidden">The decoder's output, [positions, width].</param>
    /// <param name="targets">Token ids, [positions]; negative for none.</param>
    /// <param name="chunk">Positions per chunk. Changes nothing but memory and speed.</param>
    public static double[] Losses(CausalLM model, Tensor hidden, int[] targets, int chunk = DefaultChunk)
    {
        using var _ = no_grad();
        var losses = new double[targets.Length];
        for (var start = 0; start < targets.Length; start += chunk)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(chunk, targets.Length - start);
            var logits = nn.functional.linear(hidden.narrow(0, start, count), model.HeadWeight); // [count, vocab]
            CrossEntropy(logits, targets.AsMemory(start, count), losses.AsMemory(start, count), gradientScale: null);
        }

        return losses;
    }

    /// <summary>
    /// Loss over the targets, in nats, with its gradients: that of the head's matrix is returned, that of everything below is
    /// accumulated in the parameters through <paramref name="hidden"/>'s graph.
    /// </summary>
    /// <param name="model">The model whose head is used.</param>
    /// <param name="hidden">The decoder's output with its graph, [positions, width].</param>
    /// <param name="targets">Token ids, [positions]; negative for none.</param>
    /// <param name="counted">What the sum of losses is divided by; null for the number of targets, which gives their mean.</param>
    /// <param name="chunk">Positions per chunk.</param>
    /// <returns>The loss, and the gradient of the head's matrix through the head alone, float32 [vocab, width].</returns>
    public static (double Loss, Tensor HeadGradient) Backward(CausalLM model, Tensor hidden, int[] targets, int? counted = null, int chunk = DefaultChunk)
    {
        var divisor = counted ?? targets.Count(t => t >= 0);
        if (divisor == 0) throw new ArgumentException("There is nothing to predict.", nameof(targets));
        using var scope = NewDisposeScope();
        var losses = new double[targets.Length];
        var weight = model.HeadWeight.detach();
        var input = hidden.detach();
        var inputGradient = empty_like(input);
        Tensor? headGradient = null;
        using (no_grad())
        {
            for (var start = 0; start < targets.Length; start += chunk)
            {
                using var inner = NewDisposeScope();
                var count = Math.Min(chunk, targets.Length - start);
                var part = input.narrow(0, start, count);
                var logits = nn.functional.linear(part, weight);                                  // [count, vocab]
                CrossEntropy(logits, targets.AsMemory(start, count), losses.AsMemory(start, count), 1f / divisor);
                inputGradient.narrow(0, start, count).copy_(logits.mm(weight));                   // [count, width]
                var share = logits.t().mm(part);                                                  // [vocab, width]
                if (headGradient is null) headGradient = share.to(float32).MoveToOuterDisposeScope();
                else headGradient.Accumulate(share);
            }
        }

        hidden.backward([inputGradient]);
        return (losses.Sum() / divisor, headGradient!.MoveToOuterDisposeScope());
    }

    /// <summary>Loss of each row of logits; with a scale the row is overwritten by scale · (softmax − one-hot), or zeros without target.</summary>
    static void CrossEntropy(Tensor logits, Memory<int> targets, Memory<double> losses, float? gradientScale)
    {
        var vocabulary = (int)logits.shape[1];
        if (vocabulary % Kernels.Lanes != 0) ScalarCrossEntropy(logits, targets.Span, losses.Span, gradientScale);
        else if (logits.dtype == bfloat16) Kernels.Parallel(targets.Length, (from, to) => Rows<ushort>(logits, from, to, vocabulary, targets.Span, losses.Span, gradientScale));
        else Kernels.Parallel(targets.Length, (from, to) => Rows<float>(logits, from, to, vocabulary, targets.Span, losses.Span, gradientScale));
    }

    static unsafe void Rows<T>(Tensor logits, int from, int to, int vocabulary, Span<int> targets, Span<double> losses, float? scale) where T : unmanaged
    {
        var memory = (T*)Kernels.Address(logits);
        for (var i = from; i < to; i++)
        {
            var row = memory + (long)i * vocabulary;
            if (targets[i] < 0)
            {
                new Span<T>(row, vocabulary).Clear();
                continue;
            }

            var highest = Vector512.Create(float.NegativeInfinity);
            for (var j = 0; j < vocabulary; j += Kernels.Lanes) highest = Vector512.Max(highest, Kernels.Load(row + j));
            var max = Highest(highest);
            var top = Vector512.Create(max);
            var atTarget = Kernels.Get(row + targets[i]);
            if (scale is not { } s)
            {
                losses[i] = Math.Log(SumOfExponentials(row, vocabulary, top)) + max - atTarget;
                continue;
            }

            var sums = Vector512<float>.Zero;
            for (var j = 0; j < vocabulary; j += Kernels.Lanes) sums += Kernels.Exp(Kernels.Load(row + j) - top);
            var sum = Vector512.Sum(sums);
            losses[i] = Math.Log(sum) + max - atTarget;
            var factor = Vector512.Create(s / sum);
            for (var j = 0; j < vocabulary; j += Kernels.Lanes) Kernels.Store(Kernels.Exp(Kernels.Load(row + j) - top) * factor, row + j);
            Kernels.Set(row + targets[i], s * (MathF.Exp(atTarget - max) / sum - 1));
        }
    }

    /// <summary>
    /// Σ exp(x − top) in float64: thousands of small terms behind one large one lose 1e-5 in float32, which a reported perplexity shows
    /// and a gradient does not.
    /// </summary>
    static unsafe double SumOfExponentials<T>(T* row, int vocabulary, Vector512<float> top) where T : unmanaged
    {
        var (lower, upper) = (Vector512<double>.Zero, Vector512<double>.Zero);
        for (var j = 0; j < vocabulary; j += Kernels.Lanes)
        {
            var (low, high) = Vector512.Widen(Kernels.Exp(Kernels.Load(row + j) - top));
            lower += low;
            upper += high;
        }

        return Vector512.Sum(lower + upper);
    }

    static float Highest(Vector512<float> lanes)
    {
        var max = lanes[0];
        for (var lane = 1; lane < Kernels.Lanes; lane++) max = MathF.Max(max, lanes[lane]); // propagates NaN, so that a diverged model shows
        return max;
    }

    /// <summary>For vocabularies that are not a multiple of the vector width.</summary>
    static void ScalarCrossEntropy(Tensor logits, Span<int> targets, Span<double> losses, float? scale)
    {
        using var scope = NewDisposeScope();
        var wide = logits.to(float32).log_softmax(1);                                             // [rows, vocab]
        var memory = Kernels.Memory<float>(wide.contiguous());
        var vocabulary = (int)logits.shape[1];
        for (var i = 0; i < targets.Length; i++) losses[i] = targets[i] < 0 ? 0 : -memory[i * vocabulary + targets[i]];
        if (scale is not { } s) return;
        for (var i = 0; i < targets.Length; i++)
            for (var j = 0; j < vocabulary; j++)
                memory[i * vocabulary + j] = targets[i] < 0 ? 0 : s * (MathF.Exp(memory[i * vocabulary + j]) - (j == targets[i] ? 1 : 0));
        logits.copy_(wide);
    }
}
