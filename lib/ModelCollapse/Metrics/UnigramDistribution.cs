using System.Runtime.InteropServices;

namespace ModelCollapse.Metrics;

/// <summary>
/// The distribution of single tokens over a set of texts: how many types there are and how evenly they are used. Both fall
/// as a model forgets the tail. Both grow with the size of the set, so compare sets of equal size only.
/// </summary>
public sealed class UnigramDistribution
{
    readonly Dictionary<int, long> counts = [];

    /// <summary>Counts the tokens of <paramref name="texts"/>.</summary>
    public UnigramDistribution(IEnumerable<int[]> texts)
    {
        foreach (var text in texts)
            foreach (var token in text)
                CollectionsMarshal.GetValueRefOrAddDefault(counts, token, out _)++;
        Tokens = counts.Values.Sum();
    }

    /// <summary>Number of tokens, repeats included.</summary>
    public long Tokens { get; }

    /// <summary>Number of different tokens.</summary>
    public int Types => counts.Count;

    /// <summary>Plug-in entropy −Σ p ln p in nats; 0 for an empty set.</summary>
    public double Entropy => counts.Values.Order().Sum(n => -(double)n / Tokens * Math.Log((double)n / Tokens));
}
