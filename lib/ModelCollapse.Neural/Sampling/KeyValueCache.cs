using System.Runtime.Intrinsics;
using ModelCollapse.Models;
using ModelCollapse.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Sampling;

/// <summary>
/// Keys and values of prompts and of new tokens, allocated once. The keys of a new token stay where its row wrote them; row r
/// finds those of its own past through <c>ancestors[step][r]</c>, the row that its history went through at that step.
/// </summary>
sealed unsafe class KeyValueCache : IDisposable
{
    readonly int heads, keyHeads, headDim, promptTime, maxNewTokens;
    readonly int[] padding;
    readonly ScalarType dtype;
    readonly Tensor[] promptKeys, promptValues; // per layer [prompts, kv_heads, time, head_dim]
    Tensor[] newKeys = [], newValues = []; // per layer [steps, rows, kv_heads · head_dim]
    readonly List<int[]> ancestors = [];
    int[] promptOf;

    public KeyValueCache(CausalLMConfig config, ScalarType dtype, PromptBatch prompts, int maxNewTokens)
    {
        (heads, keyHeads, headDim) = (config.Heads, config.KeyValueHeads, config.HeadDim);
        (this.dtype, promptTime, padding, this.maxNewTokens) = (dtype, prompts.Time, prompts.Padding, maxNewTokens);
        promptOf = [.. Enumerable.Range(0, prompts.Count)];
        Tensor[] PerLayer(params long[] shape) => [.. Enumerable.Range(0, config.Layers).Select(_ => empty(shape, dtype: dtype).DetachFromDisposeScope())];
        (promptKeys, promptValues) = (PerLayer(prompts.Count, keyHeads, promptTime, headDim), PerLayer(prompts.Count, keyHeads, promptTime, headDim));
    }

    int QueryWidth => heads * headDim;

    int KeyWidth => keyHeads * headDim;

    /// <summary>Stores the keys and values of the prompts and lets every position attend to those before it.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="projected">Queries, keys, values, [prompts · time, …].</param>
    /// <param name="weights">Say whether and how to rotate.</param>
    /// <param name="positions">Position of each row.</param>
    /// <param name="mask">As <see cref="CausalMask"/>.</param>
    /// <returns>Mixed values, [prompts · time, heads · head_dim].</returns>
    public Tensor ReadPrompt(int layer, Tensor projected, DecoderWeights weights, int[] positions, Tensor mask)
    {
        using var scope = NewDisposeScope();
        Rotate(projected, weights.RotaryFrequencies, positions);
        var (prompts, rows) = (padding.Length, projected.shape[0]);
        Tensor Heads(int first, int count) => projected.narrow(1, first, count * headDim).view(prompts, promptTime, count, headDim).transpose(1, 2);
        promptKeys[layer].copy_(Heads(QueryWidth, keyHeads));
        promptValues[layer].copy_(Heads(QueryWidth + KeyWidth, keyHeads));
        var mixed = CausalLM.Attention(Heads(0, heads), promptKeys[layer], promptValues[layer], mask);  // [prompts, heads, time, head_dim]
        return mixed.transpose(1, 2).reshape(rows, QueryWidth).MoveToOuterDisposeScope();
    }

    /// <summary>Begins a step: notes whom each row continues.</summary>
    /// <returns>Position of each row.</returns>
    public int[] Advance(int[] parents)
    {
        if (newKeys.Length == 0 || newKeys[0].shape[1] != parents.Length)
        {
            if (ancestors.Count > 0) throw new InvalidOperationException("The number of rows changed within a search.");
            Tensor[] PerLayer() => [.. promptKeys.Select(_ => empty([maxNewTokens, parents.Length, KeyWidth], dtype: dtype).DetachFromDisposeScope())];
            (newKeys, newValues) = (PerLayer(), PerLayer());
        }

        for (var step = 0; step < ancestors.Count; step++)
        {
            var before = ancestors[step];
            ancestors[step] = Array.ConvertAll(parents, p => before[p]);
        }

        promptOf = Array.ConvertAll(parents, p => promptOf[p]);
        ancestors.Add([.. Enumerable.Range(0, parents.Length)]);
        return Array.ConvertAll(promptOf, p => promptTime - padding[p] + ancestors.Count - 1);
    }

    /// <summary>Stores the key and value of each row's token and lets it attend to its prompt and its own past.</summary>
    /// <returns>Mixed values, [rows, heads · head_dim].</returns>
    public Tensor Attend(int layer, Tensor projected, DecoderWeights weights, int[] positions)
    {
        Rotate(projected, weights.RotaryFrequencies, positions);
        var mixed = empty([projected.shape[0], QueryWidth], dtype: dtype);
        if (dtype == bfloat16) Attend<ushort>(layer, projected, mixed);
        else Attend<float>(layer, projected, mixed);
        return mixed;
    }

    void Attend<T>(int layer, Tensor projected, Tensor mixed) where T : unmanaged
    {
        var (rows, steps, group, width) = ((int)projected.shape[0], ancestors.Count, heads / keyHeads, QueryWidth + 2 * KeyWidth);
        var scale = 1 / MathF.Sqrt(headDim);
        Kernels.Parallel(rows, (from, to) =>
        {
            var input = (T*)Kernels.Address(projected);
            var output = (T*)Kernels.Address(mixed);
            var oldKeys = (T*)Kernels.Address(promptKeys[layer]);
            var oldValues = (T*)Kernels.Address(promptValues[layer]);
            var keys = (T*)Kernels.Address(newKeys[layer]);
            var values = (T*)Kernels.Address(newValues[layer]);
            var memory = new float[headDim + promptTime + steps];
            fixed (float* query = memory)
            {
                var scores = query + headDim;
                for (var row = from; row < to; row++)
                {
                    var mine = input + (long)row * width;
                    var place = ((long)(steps - 1) * rows + row) * KeyWidth;
                    new Span<T>(mine + QueryWidth, KeyWidth).CopyTo(new(keys + place, KeyWidth));
                    new Span<T>(mine + QueryWidth + KeyWidth, KeyWidth).CopyTo(new(values + place, KeyWidth));
                    var (prompt, first) = (promptOf[row], padding[promptOf[row]]);
                    for (var head = 0; head < heads; head++)
                    {
                        var keyHead = head / group;
                        for (var i = 0; i < headDim; i++) query[i] = Kernels.Get(mine + head * headDim + i) * scale;
                        var ofPrompt = ((long)prompt * keyHeads + keyHead) * promptTime * headDim;
                        for (var t = first; t < promptTime; t++) scores[t] = Dot(query, oldKeys + ofPrompt + (long)t * headDim);
                        for (var s = 0; s < steps; s++) scores[promptTime + s] = Dot(query, keys + Place(s));
                        SoftMax(scores + first, promptTime - first + steps);
                        var target = output + (long)row * QueryWidth + head * headDim;
                        for (var c = 0; c < headDim; c += Kernels.Lanes)
                        {
                            if (c + Kernels.Lanes <= headDim)
                            {
                                var sum = Vector512<float>.Zero;
                                for (var t = first; t < promptTime; t++) sum += Kernels.Load(oldValues + ofPrompt + (long)t * headDim + c) * scores[t];
                                for (var s = 0; s < steps; s++) sum += Kernels.Load(values + Place(s) + c) * scores[promptTime + s];
                                Kernels.Store(sum, target + c);
                                continue;
                            }

                            for (var i = c; i < headDim; i++)
                            {
                                var sum = 0f;
                                for (var t = first; t < promptTime; t++) sum += Kernels.Get(oldValues + ofPrompt + (long)t * headDim + i) * scores[t];
                                for (var s = 0; s < steps; s++) sum += Kernels.Get(values + Place(s) + i) * scores[promptTime + s];
                                Kernels.Set(target + i, sum);
                            }
                        }

                        long Place(int step) => ((long)step * rows + ancestors[step][row]) * KeyWidth + keyHead * headDim;
                    }
                }
            }
        });
    }

    float Dot<T>(float* query, T* key) where T : unmanaged
    {
        var (lanes, i) = (Vector512<float>.Zero, 0);
        for (; i + Kernels.Lanes <= headDim; i += Kernels.Lanes) lanes = Vector512.FusedMultiplyAdd(Vector512.Load(query + i), Kernels.Load(key + i), lanes);
        var sum = Vector512.Sum(lanes);
        for (; i < headDim; i++) sum += query[i] * Kernels.Get(key + i);
        return sum;
    }

    static void SoftMax(float* scores, int count)
    {
        var max = float.NegativeInfinity;
        for (var i = 0; i < count; i++) max = MathF.Max(max, scores[i]);
        var (sum, at) = (0f, 0);
        for (; at + Kernels.Lanes <= count; at += Kernels.Lanes)
        {
            var e = Kernels.Exp(Vector512.Load(scores + at) - Vector512.Create(max));
            e.Store(scores + at);
            sum += Vector512.Sum(e);
        }

        for (; at < count; at++) sum += scores[at] = MathF.Exp(scores[at] - max);
        var factor = 1 / sum;
        for (var i = 0; i < count; i++) scores[i] *= factor;
    }

    /// <summary>Turns queries and keys in place by their position: component j of a head with component j + head_dim / 2.</summary>
    void Rotate(Tensor projected, float[]? frequencies, int[] positions)
    {
        if (frequencies is null) return;
        if (dtype == bfloat16) Rotate<ushort>(projected, frequencies, positions);
        else Rotate<float>(projected, frequencies, positions);
    }

    void Rotate<T>(Tensor projected, float[] frequencies, int[] positions) where T : unmanaged
    {
        var (width, half) = (QueryWidth + 2 * KeyWidth, headDim / 2);
        Kernels.Parallel(positions.Length, (from, to) =>
        {
            var input = (T*)Kernels.Address(projected);
            var turn = new float[2 * half]; // cosines, then sines, of the last position seen
            var last = -1;
            for (var row = from; row < to; row++)
            {
                if (positions[row] != last)
                    for (var (j, position) = (0, last = positions[row]); j < half; j++) (turn[half + j], turn[j]) = MathF.SinCos(position * frequencies[j]);
                for (var head = 0; head < heads + keyHeads; head++)
                {
                    var p = input + (long)row * width + head * headDim;
                    for (var j = 0; j < half; j++)
                    {
                        var (a, b) = (Kernels.Get(p + j), Kernels.Get(p + half + j));
                        Kernels.Set(p + j, a * turn[j] - b * turn[half + j]);
                        Kernels.Set(p + half + j, b * turn[j] + a * turn[half + j]);
                    }
                }
            }
        });
    }

    public void Dispose()
    {
        foreach (var tensor in (Tensor[])[.. promptKeys, .. promptValues, .. newKeys, .. newValues]) tensor.Dispose();
    }
}
