using System.Runtime.InteropServices;

namespace ModelCollapse.Metrics;

/// <summary>Exact counts of n-grams of token ids, n from 1 to 4.</summary>
public static class NGrams
{
    /// <summary>The longest n-gram that fits the exact key, in tokens.</summary>
    public const int MaxLength = 4;

    /// <summary>Adds the n-grams of one text to <paramref name="counts"/>; n-grams never cross texts.</summary>
    /// <param name="tokens">Token ids of one text.</param>
    /// <param name="n">Length of an n-gram in tokens, 1 to <see cref="MaxLength"/>.</param>
    /// <param name="counts">Occurrences by n-gram; the key packs the ids.</param>
    /// <returns>The number of n-grams of the text, repeats included: max(0, length − n + 1).</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is out of range.</exception>
    public static int Count(ReadOnlySpan<int> tokens, int n, Dictionary<UInt128, int> counts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, MaxLength);
        for (var start = 0; start + n <= tokens.Length; start++)
        {
            UInt128 key = 0;
            foreach (var token in tokens.Slice(start, n)) key = key << 32 | (uint)token;
            CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _)++;
        }
        return Math.Max(0, tokens.Length - n + 1);
    }
}
