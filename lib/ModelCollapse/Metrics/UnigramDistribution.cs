using System.Runtime.InteropServices;

namespace ModelCollapse.Metrics;

/// <summary>
/// The distribution of single tokens over a set of texts: how many types there are and how evenly they are used. Under collapse types and entropy fall
/// and the Gini coefficient rises, as a model forgets the tail (Shumailov et al. 2024; lexical diversity: Guo et al., arXiv 2311.09807). All depend on
/// the size of the set, so compare sets of equal size only.
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

    /// <summary>Occurrences of each type, in no particular order.</summary>
    public IReadOnlyCollection<long> Counts => counts.Values;

    /// <summary>Different tokens over all tokens; 0 for an empty set.</summary>
    public double TypeTokenRatio => Tokens == 0 ? 0 : (double)Types / Tokens;

    /// <summary>Plug-in entropy −Σ p ln p in nats; 0 for an empty set.</summary>
    public double Entropy => counts.Values.Order().Sum(n => -(double)n / Tokens * Math.Log((double)n / Tokens));

    /// <summary>Gini coefficient of the counts of the types that occur; 0 for an empty set.</summary>
    public double Gini => Types == 0 ? 0 : GiniCoefficient.Of(counts.Values.Select(n => (double)n));

    /// <summary>Occurrences of one token.</summary>
    /// <param name="token">Its id.</param>
    public long CountOf(int token) => counts.GetValueOrDefault(token);
}
