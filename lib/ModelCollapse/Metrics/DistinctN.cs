namespace ModelCollapse.Metrics;

/// <summary>
/// distinct-n: different n-grams over all n-grams of a set of texts, pooled (Li et al. 2016; literature.md, Definitions of metrics). Falls under collapse, as texts
/// repeat themselves and each other (Guo et al., arXiv 2311.09807). It also falls with the size of the set, so compare sets of equal size only.
/// </summary>
public static class DistinctN
{
    /// <summary>distinct-n of the set, 0 to 1.</summary>
    /// <param name="texts">Token ids of each text.</param>
    /// <param name="n">Length of an n-gram in tokens, 1 to 5.</param>
    /// <exception cref="ArgumentException">No text is n tokens long.</exception>
    public static double Of(IEnumerable<int[]> texts, int n) => Share(texts, n, counts => counts.Count);

    /// <summary>
    /// Share of n-grams that occur exactly once: what the script <c>distinct_n.py</c> of Holtzman et al. (The Curious Case of Neural Text
    /// Degeneration) computes under the name of distinct-n. At most <see cref="Of"/>.
    /// </summary>
    /// <param name="texts">Token ids of each text.</param>
    /// <param name="n">Length of an n-gram in tokens, 1 to 5.</param>
    /// <exception cref="ArgumentException">No text is n tokens long.</exception>
    public static double OccurringOnce(IEnumerable<int[]> texts, int n) => Share(texts, n, counts => counts.Values.Count(c => c == 1));

    /// <summary>Mean over texts of different n-grams over all n-grams of the text, 1 − <see cref="SeqRepN.Of"/>: it does not see what texts share.</summary>
    /// <param name="texts">Token ids of each text.</param>
    /// <param name="n">Length of an n-gram in tokens, 1 to 5.</param>
    /// <returns>0 to 1.</returns>
    public static double MeanPerText(IEnumerable<int[]> texts, int n) => 1 - SeqRepN.Of(texts, n);

    static double Share(IEnumerable<int[]> texts, int n, Func<Dictionary<UInt128, int>, int> chosen)
    {
        var counts = new Dictionary<UInt128, int>();
        var total = texts.Sum(text => (long)NGrams.Count(text, n, counts));
        return total == 0 ? throw NGrams.None(n) : (double)chosen(counts) / total;
    }
}
