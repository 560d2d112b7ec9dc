namespace ModelCollapse.Metrics;

/// <summary>
/// Diversity of SimCTG (Su et al. 2022): Π over n = 2, 3, 4 of 1 − rep-n, where rep-n is the share of n-grams that repeat. Falls under collapse towards
/// 0, as texts fall into loops; so measured over generations by Drayson et al. (literature.md, Drayson et al. 2025). The formula, its authors' code and later users
/// differ, so all three are here (literature.md, Definitions of metrics).
/// </summary>
public static class Diversity
{
    /// <summary>With rep-n of the pooled n-grams of all texts, as the formula says: the product of <see cref="DistinctN.Of"/>.</summary>
    /// <param name="texts">Token ids of each text.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentException">No text is four tokens long.</exception>
    public static double Pooled(IReadOnlyCollection<int[]> texts) => DistinctN.Of(texts, 2) * DistinctN.Of(texts, 3) * DistinctN.Of(texts, 4);

    /// <summary>As <see cref="Pooled"/>, but without the last n-gram of each text, which the loop of SimCTG's code leaves out.</summary>
    /// <param name="texts">Token ids of each text.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentException">No text is five tokens long.</exception>
    public static double PooledWithoutLast(IReadOnlyCollection<int[]> texts) => Pooled([.. texts.Select(t => t[..Math.Max(0, t.Length - 1)])]);

    /// <summary>Mean of the diversity of each text, as Drayson et al. (arXiv 2502.15654) use it: it does not see what texts share.</summary>
    /// <param name="texts">Token ids of each text.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentException">No text is four tokens long.</exception>
    public static double MeanPerText(IEnumerable<int[]> texts)
    {
        double[] found = [.. texts.Where(t => t.Length >= 4).Select(t => Pooled([t]))];
        return found.Length > 0 ? found.Average() : throw NGrams.None(4);
    }
}
