namespace ModelCollapse.Statistics;

/// <summary>
/// Permutation tests of a difference of means (Fisher, The Design of Experiments 1935). All arrangements are counted where there are few;
/// otherwise random ones, with the observed one added to both counts, so that a p value is never 0 (Phipson and Smyth 2010).
/// </summary>
/// <param name="Statistic">The observed difference of means.</param>
/// <param name="Arrangements">Arrangements that were compared with it, itself included.</param>
/// <param name="Greater">Share of arrangements with a difference at least as large.</param>
/// <param name="Less">Share of arrangements with a difference at most as large.</param>
/// <param name="TwoSided">Share of arrangements with a difference at least as large in absolute value.</param>
public sealed record PermutationTest(double Statistic, long Arrangements, double Greater, double Less, double TwoSided)
{
    /// <summary>Arrangements up to which all are counted.</summary>
    public const int MostExact = 1 << 20;

    /// <summary>Differences closer than this count as equal: sums in another order differ in their last bits.</summary>
    const double Margin = 1e-12;

    const int RandomArrangements = 99_999;

    /// <summary>Twice the smaller one-sided share, at most 1: another two-sided p value, which SciPy gives.</summary>
    public double TwoSidedDoubled => Math.Min(1, 2 * Math.Min(Greater, Less));

    /// <summary>Two independent samples: their members could have been divided in any way.</summary>
    /// <param name="x">First sample; at least one value.</param>
    /// <param name="y">Second sample; at least one value.</param>
    /// <param name="seed">Decides the arrangements where there are more than <see cref="MostExact"/>.</param>
    public static PermutationTest TwoSample(IReadOnlyCollection<double> x, IReadOnlyCollection<double> y, long seed = 0)
    {
        if (x.Count == 0 || y.Count == 0) throw new ArgumentException("A comparison of two samples needs values in both.");
        double[] pooled = [.. x, .. y];
        var (total, observed) = (pooled.Sum(), x.Average() - y.Average());
        var tally = new Tally(observed);
        if (Combinations(pooled.Length, x.Count) <= MostExact)
        {
            Choose(0, x.Count, 0);
            return tally.Result(added: 0);
        }

        var random = Seeds.NewRandom(seed);
        for (var i = 0; i < RandomArrangements; i++)
        {
            random.Shuffle(pooled);
            tally.Add(Difference(pooled.AsSpan(0, x.Count).ToArray().Sum()));
        }

        return tally.Result(added: 1);

        double Difference(double sumOfFirst) => sumOfFirst / x.Count - (total - sumOfFirst) / y.Count;

        void Choose(int from, int left, double sum)
        {
            if (left == 0)
            {
                tally.Add(Difference(sum));
                return;
            }

            for (var i = from; i <= pooled.Length - left; i++) Choose(i + 1, left - 1, sum + pooled[i]);
        }
    }

    /// <summary>Paired differences: each could have had the other sign.</summary>
    /// <param name="differences">One difference per pair; at least one.</param>
    /// <param name="seed">Decides the arrangements where there are more than <see cref="MostExact"/>.</param>
    public static PermutationTest SignFlip(IReadOnlyList<double> differences, long seed = 0)
    {
        if (differences.Count == 0) throw new ArgumentException("There are no differences to test.", nameof(differences));
        var observed = differences.Average();
        var tally = new Tally(observed);
        if (differences.Count < 62 && 1L << differences.Count <= MostExact)
        {
            for (var signs = 0; signs < 1 << differences.Count; signs++) tally.Add(differences.Select((d, i) => (signs >> i & 1) == 0 ? d : -d).Average());
            return tally.Result(added: 0);
        }

        var random = Seeds.NewRandom(seed);
        for (var i = 0; i < RandomArrangements; i++) tally.Add(differences.Select(d => random.Next(2) == 0 ? d : -d).Average());
        return tally.Result(added: 1);
    }

    static double Combinations(int n, int k)
    {
        var count = 1.0;
        for (var i = 1; i <= Math.Min(k, n - k); i++) count = count * (n - i + 1) / i;
        return count;
    }

    sealed class Tally(double observed)
    {
        long all, greater, less, extreme;

        public void Add(double statistic)
        {
            all++;
            if (statistic >= observed - Margin) greater++;
            if (statistic <= observed + Margin) less++;
            if (Math.Abs(statistic) >= Math.Abs(observed) - Margin) extreme++;
        }

        /// <param name="added">How often the observed arrangement is counted beside those that were tried.</param>
        public PermutationTest Result(int added)
        {
            double total = all + added;
            return new(observed, all + added, (greater + added) / total, (less + added) / total, (extreme + added) / total);
        }
    }
}
