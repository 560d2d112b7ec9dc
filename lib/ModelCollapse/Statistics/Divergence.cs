namespace ModelCollapse.Statistics;

/// <summary>
/// Divergences of two discrete distributions, in nats where they are logarithmic: p of human text, q of a model's, or the reverse. All are 0
/// for equal distributions and rise under collapse; Kullback-Leibler's may stop rising while Wasserstein distances go on (Borji, arXiv
/// 2410.12954). KL(p|q) becomes infinite as soon as the model loses a type; use the smoothed one there, and
/// total variation or Jensen-Shannon where a bounded number is wanted.
/// </summary>
public static class Divergence
{
    /// <summary>Kullback-Leibler divergence Σ p ln(p/q); infinite where q is 0 and p is not.</summary>
    /// <param name="p">Probabilities, summing to 1.</param>
    /// <param name="q">Probabilities of the same outcomes.</param>
    public static double KullbackLeibler(IReadOnlyList<double> p, IReadOnlyList<double> q) => Sum(p, q, (a, b) => a == 0 ? 0 : b == 0 ? double.PositiveInfinity : a * Math.Log(a / b));

    /// <summary>Kullback-Leibler divergence of counts after adding the same number to each, so that it stays finite (additive smoothing).</summary>
    /// <param name="p">Counts.</param>
    /// <param name="q">Counts of the same outcomes.</param>
    /// <param name="added">What is added to each count. Range: above 0; 0.5 is usual (Jeffreys' prior).</param>
    public static double KullbackLeiblerSmoothed(IReadOnlyList<long> p, IReadOnlyList<long> q, double added = 0.5) => KullbackLeibler(Smoothed(p, added), Smoothed(q, added));

    /// <summary>Total variation distance, half the L1 norm. Range: 0 to 1.</summary>
    /// <param name="p">Probabilities, summing to 1.</param>
    /// <param name="q">Probabilities of the same outcomes.</param>
    public static double TotalVariation(IReadOnlyList<double> p, IReadOnlyList<double> q) => Sum(p, q, (a, b) => Math.Abs(a - b)) / 2;

    /// <summary>Jensen-Shannon divergence. Range: 0 to ln 2. Its root is a metric.</summary>
    /// <param name="p">Probabilities, summing to 1.</param>
    /// <param name="q">Probabilities of the same outcomes.</param>
    public static double JensenShannon(IReadOnlyList<double> p, IReadOnlyList<double> q) => Math.Max(0, Sum(p, q, (a, b) => Half(a, b) + Half(b, a)));

    /// <summary>Hellinger distance √(Σ (√p − √q)² / 2). Range: 0 to 1.</summary>
    /// <param name="p">Probabilities, summing to 1.</param>
    /// <param name="q">Probabilities of the same outcomes.</param>
    public static double Hellinger(IReadOnlyList<double> p, IReadOnlyList<double> q) => Math.Sqrt(Sum(p, q, (a, b) => Math.Pow(Math.Sqrt(a) - Math.Sqrt(b), 2)) / 2);

    /// <summary>Pearson's χ² divergence Σ (p − q)² / q; infinite where q is 0 and p is not.</summary>
    /// <param name="p">Probabilities, summing to 1.</param>
    /// <param name="q">Probabilities of the same outcomes.</param>
    public static double ChiSquare(IReadOnlyList<double> p, IReadOnlyList<double> q) => Sum(p, q, (a, b) => a == b ? 0 : (a - b) * (a - b) / b);

    /// <summary>Symmetric χ² divergence Σ (p − q)² / (p + q). Range: 0 to 2.</summary>
    /// <param name="p">Probabilities, summing to 1.</param>
    /// <param name="q">Probabilities of the same outcomes.</param>
    public static double ChiSquareSymmetric(IReadOnlyList<double> p, IReadOnlyList<double> q) => Sum(p, q, (a, b) => a == b ? 0 : (a - b) * (a - b) / (a + b));

    /// <summary>Entropy −Σ p ln p.</summary>
    /// <param name="p">Probabilities, summing to 1.</param>
    public static double Entropy(IEnumerable<double> p) => p.Sum(v => v == 0 ? 0 : v > 0 ? -v * Math.Log(v) : throw NoProbability());

    /// <summary>Plug-in entropy of counts; 0 where there are none. Too low for small samples.</summary>
    /// <param name="counts">Occurrences of each outcome.</param>
    public static double Entropy(IReadOnlyCollection<long> counts)
    {
        var total = counts.Sum();
        return total > 0 ? Entropy(counts.Select(c => (double)c / total)) : 0;
    }

    /// <summary>Plug-in entropy plus (observed outcomes − 1) / (2 N), which removes most of its bias (Miller 1955).</summary>
    /// <param name="counts">Occurrences of each outcome.</param>
    public static double EntropyMillerMadow(IReadOnlyCollection<long> counts)
    {
        var total = counts.Sum();
        return total > 0 ? Entropy(counts) + (counts.Count(c => c > 0) - 1) / (2.0 * total) : 0;
    }

    /// <summary>Probabilities from counts after adding the same number to each.</summary>
    internal static double[] Smoothed(IReadOnlyList<long> counts, double added)
    {
        if (!(added >= 0) || counts.Sum() + added * counts.Count is not > 0) throw new ArgumentException("Counts cannot be made into probabilities: there are none, and nothing is added.", nameof(counts));
        var total = counts.Sum() + added * counts.Count;
        return [.. counts.Select(c => (c + added) / total)];
    }

    static double Half(double a, double b) => a == 0 ? 0 : a * Math.Log(2 * a / (a + b)) / 2;

    static double Sum(IReadOnlyList<double> p, IReadOnlyList<double> q, Func<double, double, double> term)
    {
        CheckSame(p, q);
        return p.Zip(q, term).Sum();
    }

    /// <summary>Checks two lists of probabilities of the same outcomes.</summary>
    internal static void CheckSame(IReadOnlyList<double> p, IReadOnlyList<double> q)
    {
        if (p.Count != q.Count || p.Count == 0) throw new ArgumentException($"Two distributions need the same outcomes, at least one: there are {p.Count} and {q.Count}.", nameof(q));
        if (p.Concat(q).Any(v => !(v >= 0))) throw NoProbability();
    }

    static ArgumentException NoProbability() => new("A probability is a number of at least 0: counts of nothing have none.", "p");
}
