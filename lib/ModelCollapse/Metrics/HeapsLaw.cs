using ModelCollapse.Statistics;

namespace ModelCollapse.Metrics;

/// <summary>
/// Heaps' law: the number of different tokens among the first n of a text grows about as K · n^β (Heaps, Information Retrieval, 1978). Under collapse β
/// falls, as a model stops coming up with words that it has not used yet (lexical diversity: Guo et al., arXiv 2311.09807). Depends on the order of the
/// texts.
/// </summary>
/// <param name="Beta">Exponent β; 0 where no new type ever comes.</param>
/// <param name="K">Factor K.</param>
/// <param name="Correlation">Pearson's r of the logarithms; 0 where no new type ever comes.</param>
public sealed record HeapsLaw(double Beta, double K, double Correlation)
{
    /// <summary>The law of texts one after another: least squares of the logarithm of types on that of n, over every n.</summary>
    /// <param name="texts">Token ids of each text.</param>
    /// <exception cref="ArgumentException">There are fewer than two tokens.</exception>
    public static HeapsLaw Of(IEnumerable<int[]> texts)
    {
        HashSet<int> seen = [];
        List<double> logTypes = [];
        foreach (var token in texts.SelectMany(t => t))
        {
            seen.Add(token);
            logTypes.Add(Math.Log(seen.Count));
        }

        if (logTypes.Count < 2) throw new ArgumentException($"Heaps' law needs two or more tokens: the texts hold {logTypes.Count}.", nameof(texts));
        var line = LinearTrend.Of([.. Enumerable.Range(1, logTypes.Count).Select(n => Math.Log(n))], logTypes);
        return new(line.Slope.Difference, Math.Exp(line.Intercept.Difference), seen.Count > 1 ? line.Correlation : 0);
    }
}
