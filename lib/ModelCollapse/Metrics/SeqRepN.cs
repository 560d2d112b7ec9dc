namespace ModelCollapse.Metrics;

/// <summary>
/// seq-rep-n: 1 − different n-grams / all n-grams within one text, averaged over texts (Welleck et al., arXiv 1908.04319;
/// literature.md, Definitions of metrics). Rises under collapse, as texts fall into loops.
/// </summary>
public static class SeqRepN
{
    /// <summary>Mean over the texts that are at least n tokens long, 0 to 1.</summary>
    /// <param name="texts">Token ids of each text.</param>
    /// <param name="n">Length of an n-gram in tokens, 1 to 5; 4 is usual.</param>
    /// <exception cref="ArgumentException">No text is n tokens long.</exception>
    public static double Of(IEnumerable<int[]> texts, int n)
    {
        var (sum, count) = (0.0, 0);
        foreach (var text in texts)
        {
            var grams = new Dictionary<UInt128, int>();
            var total = NGrams.Count(text, n, grams);
            if (total == 0) continue;
            sum += 1 - (double)grams.Count / total;
            count++;
        }
        return count == 0 ? throw NGrams.None(n) : sum / count;
    }
}
