using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ModelCollapse;

/// <summary>
/// Every seed inside a run is computed from (seed of the run, generation, purpose) alone. So a resumed run continues with the
/// bytes of an uninterrupted one, and arms with the same seed share their random numbers.
/// </summary>
public static class Seeds
{
    /// <summary>
    /// The first eight bytes, little-endian and without the sign bit, of the SHA-256 of the UTF-8 text
    /// <c>collapse:{seed}:{generation}:{purpose}</c>.
    /// </summary>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="generation">The generation that is being made.</param>
    /// <param name="purpose">What the random numbers are for: <c>fit</c>, <c>sample</c>, <c>policy</c>, ….</param>
    /// <returns>A seed. Range: at least 0.</returns>
    public static long Derive(long seed, int generation, string purpose)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"collapse:{seed}:{generation}:{purpose}")));
        return BinaryPrimitives.ReadInt64LittleEndian(hash) & long.MaxValue;
    }

    /// <summary>A generator for a derived seed.</summary>
    public static Random NewRandom(long seed) => new(unchecked((int)(seed ^ (seed >> 32))));
}
