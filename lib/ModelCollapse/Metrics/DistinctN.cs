namespace ModelCollapse.Metrics;

/// <summary>
/// distinct-n: different n-grams over all n-grams of a set of texts, pooled (Li et al. 2016; references section 9). Falls as
/// texts repeat themselves and each other. It also falls with the size of the set, so compare sets of equal size only.
/// </summary>
public static class DistinctN
{
    /// <summary>distinct-n of the set, 0 to 1; NaN where no text is n tokens long.</summary>
    /// <param name="texts">Token ids of each text.</param>
    /// <param name="n">Length of an n-gram in tokens, 1 to 4.</param>
    public static double Of(IEnumerable<int[]> texts, int n)
    {
        var counts = new Dictionary<UInt128, int>();
        var total = texts.Sum(text => (long)NGrams.Count(text, n, counts));
        return total == 0 ? double.NaN : (double)counts.Count / total;
    }
}
