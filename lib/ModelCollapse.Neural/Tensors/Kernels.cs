using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Tensors;

/// <summary>Vectorised passes over the memory of tensors, in bfloat16 or float32, shared by training and decoding.</summary>
static unsafe class Kernels
{
    /// <summary>Lanes of one step; narrower processors run the same code in two halves.</summary>
    public const int Lanes = 16;

    /// <summary>The memory of a contiguous tensor.</summary>
    public static Span<T> Memory<T>(Tensor tensor) where T : unmanaged => MemoryMarshal.Cast<byte, T>(tensor.bytes);

    /// <summary>Address of the memory of a contiguous CPU tensor; valid while the tensor lives.</summary>
    public static void* Address(Tensor tensor)
    {
        if (!tensor.is_contiguous()) throw new ArgumentException("Only a contiguous tensor is one piece of memory.", nameof(tensor));
        return Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
    }

    /// <summary>Sixteen numbers as float32: bfloat16 (<typeparamref name="T"/> is <c>ushort</c>, the upper half of the bits) or float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load<T>(T* p) where T : unmanaged
    {
        if (typeof(T) != typeof(ushort)) return Vector512.Load((float*)p);
        var (low, high) = Vector256.Widen(Vector256.Load((ushort*)p));
        return Vector512.ShiftLeft(Vector512.Create(low, high), 16).AsSingle();
    }

    /// <summary>Stores sixteen numbers, rounded to nearest even where <typeparamref name="T"/> is bfloat16; those must not be NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector512<float> v, T* p) where T : unmanaged
    {
        if (typeof(T) != typeof(ushort))
        {
            v.Store((float*)p);
            return;
        }

        var bits = v.AsUInt32();
        var rounded = bits + Vector512.Create(0x7fffu) + (Vector512.ShiftRightLogical(bits, 16) & Vector512.Create(1u));
        var upper = Vector512.ShiftRightLogical(rounded, 16);
        Vector256.Narrow(upper.GetLower(), upper.GetUpper()).Store((ushort*)p);
    }

    /// <summary>One number, bfloat16 or float32, as float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Get<T>(T* p) where T : unmanaged => typeof(T) == typeof(ushort) ? FromBFloat16(*(ushort*)p) : *(float*)p;

    /// <summary>Writes one number as bfloat16 or float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set<T>(T* p, float value) where T : unmanaged
    {
        if (typeof(T) == typeof(ushort)) *(ushort*)p = ToBFloat16(value);
        else *(float*)p = value;
    }

    /// <summary>Rounds one number to bfloat16, to nearest even; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort ToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)0x7fc0 : (ushort)(bits + 0x7fff + (bits >> 16 & 1) >> 16);
    }

    /// <summary>One bfloat16 as float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FromBFloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    /// <summary>eˣ for x ≤ 0 with a relative error of about 1e-7; 0 below -87.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        // eˣ = 2ⁿ·eʳ with n = round(x / ln 2) and |r| ≤ ln 2 / 2; eʳ by its Taylor polynomial of degree 7.
        var clamped = Vector512.Max(x, Vector512.Create(-87.3f));
        var n = Vector512.Round(clamped * Vector512.Create(1.44269504f));
        var r = Vector512.FusedMultiplyAdd(n, Vector512.Create(-0.693359375f), clamped);
        r = Vector512.FusedMultiplyAdd(n, Vector512.Create(2.12194440e-4f), r);
        var p = Vector512.Create(1f / 5040);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f / 720));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f / 120));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f / 24));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f / 6));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.5f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1f));
        var power = Vector512.ShiftLeft(Vector512.ConvertToInt32(n) + Vector512.Create(127), 23).AsSingle();
        return Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(-87.3f)), Vector512<float>.Zero, p * power);
    }

    /// <summary>Runs <paramref name="work"/> over [0, count) in one contiguous piece per torch thread of the caller.</summary>
    public static void Parallel(int count, Action<int, int> work) => ParallelLoop.Run(count, get_num_threads(), work);
}
