using System.Buffers.Binary;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Models.Checkpoints;

/// <summary>A tensor type of GGUF: how many values share a block, how long a block is, and how it becomes float32.</summary>
/// <param name="BlockSize">Values per block.</param>
/// <param name="BlockBytes">Bytes per block.</param>
/// <param name="DType">Type of the tensor as read.</param>
/// <param name="Block">Turns one block into values; null for plain types.</param>
sealed record GgufType(int BlockSize, int BlockBytes, ScalarType DType, GgufType.Dequantiser? Block = null)
{
    public delegate void Dequantiser(ReadOnlySpan<byte> block, Span<float> values);

    static readonly Dictionary<uint, GgufType> Known = new()
    {
        [0] = new(1, 4, float32),
        [1] = new(1, 2, float16),
        [30] = new(1, 2, bfloat16),
        [2] = new(32, 18, float32, Q4_0),
        [3] = new(32, 20, float32, Q4_1),
        [6] = new(32, 22, float32, Q5_0),
        [7] = new(32, 24, float32, Q5_1),
        [8] = new(32, 34, float32, Q8_0),
        [10] = new(256, 84, float32, Q2_K),
        [11] = new(256, 110, float32, Q3_K),
        [12] = new(256, 144, float32, Q4_K),
        [13] = new(256, 176, float32, Q5_K),
        [14] = new(256, 210, float32, Q6_K),
    };

    public static GgufType? Find(uint id) => Known.GetValueOrDefault(id);

    public bool IsQuantised => Block is not null;

    public long Bytes(long values) => checked(values / BlockSize * BlockBytes);

    public void Dequantise(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        for (var i = 0; i < values.Length / BlockSize; i++)
            Block!(blocks.Slice(i * BlockBytes, BlockBytes), values.Slice(i * BlockSize, BlockSize));
    }

    static float Half(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);

    static void Q8_0(ReadOnlySpan<byte> b, Span<float> v)
    {
        var d = Half(b);
        for (var i = 0; i < 32; i++) v[i] = d * (sbyte)b[2 + i];
    }

    static void Q4_0(ReadOnlySpan<byte> b, Span<float> v)
    {
        var d = Half(b);
        for (var i = 0; i < 16; i++) (v[i], v[i + 16]) = (d * ((b[2 + i] & 15) - 8), d * ((b[2 + i] >> 4) - 8));
    }

    static void Q4_1(ReadOnlySpan<byte> b, Span<float> v)
    {
        var (d, m) = (Half(b), Half(b[2..]));
        for (var i = 0; i < 16; i++) (v[i], v[i + 16]) = (d * (b[4 + i] & 15) + m, d * (b[4 + i] >> 4) + m);
    }

    static void Q5_0(ReadOnlySpan<byte> b, Span<float> v)
    {
        var (d, high) = (Half(b), BinaryPrimitives.ReadUInt32LittleEndian(b[2..]));
        for (var i = 0; i < 32; i++) v[i] = d * (Five(b[6..], high, i) - 16);
    }

    static void Q5_1(ReadOnlySpan<byte> b, Span<float> v)
    {
        var (d, m, high) = (Half(b), Half(b[2..]), BinaryPrimitives.ReadUInt32LittleEndian(b[4..]));
        for (var i = 0; i < 32; i++) v[i] = d * Five(b[8..], high, i) + m;
    }

    /// <summary>Four low bits from a nibble (the first half of the block in the low ones), the fifth from a mask.</summary>
    static int Five(ReadOnlySpan<byte> nibbles, uint high, int i) =>
        (i < 16 ? nibbles[i] & 15 : nibbles[i - 16] >> 4) | (int)(high >> i & 1) << 4;

    static void Q2_K(ReadOnlySpan<byte> b, Span<float> v)
    {
        var scales = b[..16];
        var q = b[16..80];
        var (d, min) = (Half(b[80..]), Half(b[82..]));
        for (var i = 0; i < 256; i++)
        {
            var s = scales[i / 16];
            var bits = q[i / 128 * 32 + i % 32] >> i % 128 / 32 * 2 & 3;
            v[i] = d * (s & 15) * bits - min * (s >> 4);
        }
    }

    static void Q3_K(ReadOnlySpan<byte> b, Span<float> v)
    {
        var mask = b[..32];
        var q = b[32..96];
        var packed = b[96..108];
        var d = Half(b[108..]);
        for (var i = 0; i < 256; i++)
        {
            var g = i / 16; // sixteen 6-bit scales: low four bits in bytes 0-7, high two in bytes 8-11
            var low = g < 8 ? packed[g] & 15 : packed[g - 8] >> 4;
            var scale = (low | (packed[8 + g % 4] >> g / 4 * 2 & 3) << 4) - 32;
            var bits = (q[i / 128 * 32 + i % 32] >> i % 128 / 32 * 2 & 3) - (mask[i % 32] >> i / 32 & 1 ^ 1) * 4;
            v[i] = d * scale * bits;
        }
    }

    static void Q4_K(ReadOnlySpan<byte> b, Span<float> v)
    {
        var (d, min) = (Half(b), Half(b[2..]));
        var packed = b[4..16];
        var q = b[16..];
        for (var i = 0; i < 256; i++)
        {
            var (scale, offset) = SixBitPair(packed, i / 32);
            var nibble = q[i / 64 * 32 + i % 32] >> i % 64 / 32 * 4 & 15;
            v[i] = d * scale * nibble - min * offset;
        }
    }

    static void Q5_K(ReadOnlySpan<byte> b, Span<float> v)
    {
        var (d, min) = (Half(b), Half(b[2..]));
        var packed = b[4..16];
        var high = b[16..48];
        var q = b[48..];
        for (var i = 0; i < 256; i++)
        {
            var (scale, offset) = SixBitPair(packed, i / 32);
            var bits = q[i / 64 * 32 + i % 32] >> i % 64 / 32 * 4 & 15 | (high[i % 32] >> i / 32 & 1) << 4;
            v[i] = d * scale * bits - min * offset;
        }
    }

    static void Q6_K(ReadOnlySpan<byte> b, Span<float> v)
    {
        var low = b[..128];
        var high = b[128..192];
        var scales = b[192..208];
        var d = Half(b[208..]);
        for (var i = 0; i < 256; i++)
        {
            var (half, within) = (i / 128, i % 128);
            var nibble = low[half * 64 + within % 64] >> within / 64 * 4 & 15;
            var bits = (nibble | (high[half * 32 + within % 32] >> within / 32 * 2 & 3) << 4) - 32;
            v[i] = d * (sbyte)scales[i / 16] * bits;
        }
    }

    /// <summary>Scale and offset of sub-block <paramref name="g"/> of 8: six bits each, packed into twelve bytes.</summary>
    static (int Scale, int Offset) SixBitPair(ReadOnlySpan<byte> packed, int g) => g < 4
        ? (packed[g] & 63, packed[g + 4] & 63)
        : (packed[g + 4] & 15 | packed[g - 4] >> 6 << 4, packed[g + 4] >> 4 | packed[g] >> 6 << 4);
}
