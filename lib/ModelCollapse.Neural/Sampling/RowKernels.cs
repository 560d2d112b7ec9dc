using System.Runtime.Intrinsics;
using ModelCollapse.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Sampling;

/// <summary>Operations on each row by itself that would take several passes over memory as tensor operations.</summary>
static unsafe class RowKernels
{
    /// <summary>x / √(mean x² + ε) · w over the last dimension of [rows, width].</summary>
    public static Tensor RmsNorm(Tensor x, Tensor weight, float epsilon) =>
        x.dtype == bfloat16 ? RmsNorm<ushort>(x, weight, epsilon) : RmsNorm<float>(x, weight, epsilon);

    /// <summary>silu(gate) · up for [rows, 2 · width], gate first, giving [rows, width].</summary>
    public static Tensor SiluGate(Tensor gateUp) => gateUp.dtype == bfloat16 ? SiluGate<ushort>(gateUp) : SiluGate<float>(gateUp);

    static Tensor RmsNorm<T>(Tensor x, Tensor weight, float epsilon) where T : unmanaged
    {
        var (source, target, width) = (x.contiguous(), empty_like(x), (int)x.shape[1]);
        Kernels.Parallel((int)x.shape[0], (from, to) =>
        {
            var (input, output, w) = (new Pointer<T>(source), new Pointer<T>(target), new Pointer<T>(weight));
            for (var row = from; row < to; row++)
            {
                var (a, b, i, lanes) = (input.At((long)row * width), output.At((long)row * width), 0, Vector512<float>.Zero);
                for (; i + Kernels.Lanes <= width; i += Kernels.Lanes)
                {
                    var v = Kernels.Load(a.P + i);
                    lanes += v * v;
                }

                var sum = Vector512.Sum(lanes);
                for (; i < width; i++) sum += Kernels.Get(a.P + i) * Kernels.Get(a.P + i);
                var scale = 1 / MathF.Sqrt(sum / width + epsilon);
                for (i = 0; i + Kernels.Lanes <= width; i += Kernels.Lanes) Kernels.Store(Kernels.Load(a.P + i) * scale * Kernels.Load(w.P + i), b.P + i);
                for (; i < width; i++) Kernels.Set(b.P + i, Kernels.Get(a.P + i) * scale * Kernels.Get(w.P + i));
            }
        });
        return target;
    }

    static Tensor SiluGate<T>(Tensor gateUp) where T : unmanaged
    {
        var (source, rows, width) = (gateUp.contiguous(), (int)gateUp.shape[0], (int)gateUp.shape[1] / 2);
        var target = empty([rows, width], dtype: gateUp.dtype);
        Kernels.Parallel(rows, (from, to) =>
        {
            var (input, output) = (new Pointer<T>(source), new Pointer<T>(target));
            for (var row = from; row < to; row++)
            {
                var (gate, result, i) = (input.At(2L * row * width), output.At((long)row * width), 0);
                for (; i + Kernels.Lanes <= width; i += Kernels.Lanes)
                {
                    var g = Kernels.Load(gate.P + i);
                    var e = Kernels.Exp(-Vector512.Abs(g));
                    var numerator = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(g, Vector512<float>.Zero), Vector512<float>.One, e);
                    Kernels.Store(g * numerator / (Vector512<float>.One + e) * Kernels.Load(gate.P + width + i), result.P + i);
                }

                for (; i < width; i++)
                {
                    var g = Kernels.Get(gate.P + i);
                    Kernels.Set(result.P + i, g / (1 + MathF.Exp(-g)) * Kernels.Get(gate.P + width + i));
                }
            }
        });
        return target;
    }
}

/// <summary>A pointer that may stand in a tuple.</summary>
unsafe readonly struct Pointer<T>(T* p) where T : unmanaged
{
    public Pointer(Tensor tensor) : this((T*)Kernels.Address(tensor))
    {
    }

    public T* P => p;

    public Pointer<T> At(long offset) => new(p + offset);
}
