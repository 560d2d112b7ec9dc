using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MathNet.Numerics;

namespace ModelCollapse.ClosedForm;

/// <summary>
/// Standard normal numbers by the ziggurat (Marsaglia and Tsang 2000) on random bits of xoshiro256++, eight lanes at a time. The method is
/// exact, tails included, and fast, which the simulations of exact laws live on.
/// </summary>
public sealed class StandardNormal
{
    const int Lanes = 8, Block = 512, Layers = 256;

    /// <summary>Where the tail begins: with this edge 256 layers of equal area cover the half of exp(−x²/2).</summary>
    const double Edge = 3.6541528853610088;

    /// <summary>The layers on the right, then those on the left.</summary>
    static readonly Layer[] Ziggurat = new Layer[2 * Layers];

    /// <summary>Density at the far edge of each layer from 1 on, which is its lower side; the last one is the density at 0.</summary>
    static readonly double[] Densities = new double[Layers + 1];

    static StandardNormal()
    {
        var area = Edge * Density(Edge) + Math.Sqrt(Math.PI / 2) * SpecialFunctions.Erfc(Edge / Math.Sqrt(2));
        var (width, next) = (area / Density(Edge), Edge); // of layer 0, as if its tail were a rectangle too
        for (var i = 0; i < Layers; i++)
        {
            (Ziggurat[i], Ziggurat[Layers + i]) = (new(next / width, width), new(next / width, -width));
            width = next;
            Densities[i + 1] = Density(width);
            next = i >= Layers - 2 ? 0 : Math.Sqrt(-2 * Math.Log(Densities[i + 1] + area / width));
        }
    }

    SplitMix rare;
    Xoshiro generator;

    /// <summary>A source of numbers.</summary>
    /// <param name="seed">Decides every number.</param>
    public StandardNormal(long seed)
    {
        rare = new((ulong)seed);
        generator = new(ref rare);
    }

    /// <summary>Fills memory with independent draws from N(0, 1).</summary>
    /// <param name="target">Any length.</param>
    /// <param name="seed">Decides every number.</param>
    public static void Fill(Span<double> target, long seed) => new StandardNormal(seed).Fill(target);

    /// <summary>Fills memory with the next independent draws from N(0, 1).</summary>
    /// <param name="target">Any length.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(Span<double> target)
    {
        Span<ulong> bits = stackalloc ulong[Block];
        Span<double> places = stackalloc double[Block];
        Span<int> missed = stackalloc int[Block];
        for (; target.Length > 0; target = target[Math.Min(Block, target.Length)..])
        {
            var part = target[..Math.Min(Block, target.Length)];
            var whole = (part.Length + Lanes - 1) / Lanes * Lanes;
            generator.Fill(bits[..whole], places[..whole]);
            var misses = Choose(part, bits, places, missed);
            foreach (var i in missed[..misses]) part[i] = Beyond(bits[i], ref rare);
        }
    }

    /// <summary>The numbers where their places are certainly under the curve, and the indices of the others; without a branch or a call that would slow it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Choose(Span<double> target, Span<ulong> bits, Span<double> places, Span<int> missed)
    {
        ref var layers = ref MemoryMarshal.GetArrayDataReference(Ziggurat);
        ref var bit = ref MemoryMarshal.GetReference(bits);
        ref var place = ref MemoryMarshal.GetReference(places);
        ref var miss = ref MemoryMarshal.GetReference(missed);
        ref var result = ref MemoryMarshal.GetReference(target);
        nint misses = 0;
        for (nint i = 0; i < target.Length; i++)
        {
            // 9 bits choose the layer and its side, 52 others the place in it.
            ref readonly var layer = ref Unsafe.Add(ref layers, (nint)(Unsafe.Add(ref bit, i) & (2 * Layers - 1)));
            var x = Unsafe.Add(ref place, i);
            Unsafe.Add(ref result, i) = x * layer.Width;
            Unsafe.Add(ref miss, misses) = (int)i;
            misses += x < layer.Inside ? 0 : 1;
        }

        return (int)misses;
    }

    /// <summary>A place that is not certainly under the curve, once in about eighty: tested there, drawn from the tail, or drawn again.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    static double Beyond(ulong bits, ref SplitMix random)
    {
        while (true)
        {
            var (side, layer, place) = (Ziggurat[bits % (2 * Layers)], (int)(bits % Layers), (bits >> 12) * (1.0 / (1L << 52)));
            var x = place * side.Width;
            if (place < side.Inside) return x;
            if (layer == 0) return Math.CopySign(Tail(ref random), x);
            if (Densities[layer] + random.Uniform() * (Densities[layer + 1] - Densities[layer]) < Density(x)) return x;
            bits = random.Next();
        }
    }

    /// <summary>|x| beyond the edge (Marsaglia 1964).</summary>
    static double Tail(ref SplitMix random)
    {
        while (true)
        {
            var (x, y) = (-Math.Log(random.Uniform()) / Edge, -Math.Log(random.Uniform()));
            if (2 * y > x * x) return Edge + x;
        }
    }

    static double Density(double x) => Math.Exp(-x * x / 2);

    /// <summary>One layer: places in it, from 0 to 1, are certainly under the curve below <paramref name="Inside"/>; x is place times <paramref name="Width"/>.</summary>
    readonly record struct Layer(double Inside, double Width);

    /// <summary>SplitMix64 (Steele, Lea and Flood 2014): gives the others their states, and numbers where few are needed.</summary>
    struct SplitMix(ulong state)
    {
        public ulong Next()
        {
            var z = state += 0x9E3779B97F4A7C15;
            z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
            z = (z ^ z >> 27) * 0x94D049BB133111EB;
            return z ^ z >> 31;
        }

        /// <summary>Uniform in (0, 1]: its logarithm is finite.</summary>
        public double Uniform() => ((Next() >> 11) + 1) * (1.0 / (1L << 53));
    }

    /// <summary>Eight generators xoshiro256++ (Blackman and Vigna), each with a state of its own.</summary>
    struct Xoshiro
    {
        Vector512<ulong> s0, s1, s2, s3;

        public Xoshiro(ref SplitMix seeds)
        {
            Span<ulong> state = stackalloc ulong[4 * Lanes];
            foreach (ref var word in state) word = seeds.Next();
            var lanes = MemoryMarshal.Cast<ulong, Vector512<ulong>>(state);
            (s0, s1, s2, s3) = (lanes[0], lanes[1], lanes[2], lanes[3]);
        }

        /// <summary>A whole number of vectors of random bits, and the upper 52 of each as a fraction in [0, 1).</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Fill(Span<ulong> bits, Span<double> fractions)
        {
            var (a, b, c, d) = (s0, s1, s2, s3);
            var whole = MemoryMarshal.Cast<ulong, Vector512<ulong>>(bits);
            var parts = MemoryMarshal.Cast<double, Vector512<double>>(fractions);
            for (var i = 0; i < whole.Length; i++)
            {
                var result = RotateLeft(a + d, 23) + a;
                whole[i] = result;
                parts[i] = (result >>> 12 | Vector512.Create(0x3FF0000000000000UL)).AsDouble() - Vector512.Create(1.0); // [1, 2), then [0, 1)
                var shifted = b << 17;
                c ^= a;
                d ^= b;
                b ^= c;
                a ^= d;
                c ^= shifted;
                d = RotateLeft(d, 45);
            }

            (s0, s1, s2, s3) = (a, b, c, d);
        }

        static Vector512<ulong> RotateLeft(Vector512<ulong> x, int by) => x << by | x >>> (64 - by);
    }
}
