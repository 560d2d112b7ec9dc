using System.Runtime.InteropServices;

namespace ModelCollapse.Metrics;

/// <summary>Exact counts of n-grams of token ids, n from 1 to 5.</summary>
public static class NGrams
{
    /// <summary>The longest n-gram that fits the exact key, in tokens.</summary>
    public const int MaxLength = 5;

    const int BitsPerToken = 25;

    // Odd, so that no two keys become equal; without it the hash codes of a dictionary fold the tokens of a 2-gram onto each other.
    static readonly UInt128 Spread = new(0x9E3779B97F4A7C15, 0xF39CC0605CEDC835);

    /// <summary>Adds the n-grams of one text to <paramref name="counts"/>; n-grams never cross texts.</summary>
    /// <param name="tokens">Token ids of one text. Range: 0 to 2²⁵ − 1.</param>
    /// <param name="n">Length of an n-gram in tokens, 1 to <see cref="MaxLength"/>.</param>
    /// <param name="counts">Occurrences by n-gram; the key stands for the ids, one to one.</param>
    /// <returns>The number of n-grams of the text, repeats included: max(0, length − n + 1).</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> or an id is out of range.</exception>
    public static int Count(ReadOnlySpan<int> tokens, int n, Dictionary<UInt128, int> counts)
    {
        CheckLength(n);
        for (var start = 0; start + n <= tokens.Length; start++) CollectionsMarshal.GetValueRefOrAddDefault(counts, Key(tokens.Slice(start, n)), out _)++;
        return Math.Max(0, tokens.Length - n + 1);
    }

    /// <summary>Plug-in entropy −Σ p ln p of the n-grams of a set of texts, in nats; 0 where there is none. Falls as texts repeat each other.</summary>
    /// <param name="texts">Token ids of each text.</param>
    /// <param name="n">Length of an n-gram in tokens, 1 to <see cref="MaxLength"/>.</param>
    public static double Entropy(IEnumerable<int[]> texts, int n)
    {
        var counts = new Dictionary<UInt128, int>();
        double total = texts.Sum(text => (long)Count(text, n, counts));
        return counts.Values.Order().Sum(c => -c / total * Math.Log(c / total));
    }

    /// <summary>The key of one n-gram.</summary>
    internal static UInt128 Key(ReadOnlySpan<int> gram)
    {
        UInt128 key = 0;
        foreach (var token in gram)
        {
            if ((uint)token >= 1u << BitsPerToken) throw new ArgumentOutOfRangeException(nameof(gram), token, $"A token id lies between 0 and {(1 << BitsPerToken) - 1}.");
            key = key << BitsPerToken | (uint)token;
        }

        return key * Spread;
    }

    /// <summary>The error of a share of n-grams where there are none.</summary>
    internal static ArgumentException None(int n) => new($"No text is {n} tokens long, so there are no {n}-grams to take a share of: leave this number out, or measure longer texts.", "texts");

    internal static void CheckLength(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, MaxLength);
    }
}
