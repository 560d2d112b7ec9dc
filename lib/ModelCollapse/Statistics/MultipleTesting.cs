namespace ModelCollapse.Statistics;

/// <summary>
/// Corrections for testing several claims at once: adjusted p values, in the order given. A claim is kept at level α where its adjusted
/// value is at most α. <see cref="Holm"/> is the project's choice across claims: it bounds the chance of any false rejection under every
/// dependence and rejects at least what <see cref="Bonferroni"/> does.
/// </summary>
public static class MultipleTesting
{
    /// <summary>Holm's step-down correction (Scandinavian Journal of Statistics 1979): bounds the family-wise error.</summary>
    /// <param name="p">The p values. Range: 0 to 1.</param>
    public static double[] Holm(IReadOnlyList<double> p)
    {
        var (adjusted, running) = (new double[p.Count], 0.0);
        foreach (var (rank, index) in Ascending(p).Index())
            adjusted[index] = running = Math.Max(running, Math.Min(1, (p.Count - rank) * p[index]));
        return adjusted;
    }

    /// <summary>Bonferroni's correction: each p value times their number.</summary>
    /// <param name="p">The p values. Range: 0 to 1.</param>
    public static double[] Bonferroni(IReadOnlyList<double> p) => [.. Checked(p).Select(v => Math.Min(1, v * p.Count))];

    /// <summary>Benjamini and Hochberg's step-up correction (1995): bounds the expected share of false rejections for independent tests.</summary>
    /// <param name="p">The p values. Range: 0 to 1.</param>
    public static double[] BenjaminiHochberg(IReadOnlyList<double> p) => StepUp(p, 1);

    /// <summary>Benjamini and Yekutieli's correction (2001): as <see cref="BenjaminiHochberg"/>, under every dependence.</summary>
    /// <param name="p">The p values. Range: 0 to 1.</param>
    public static double[] BenjaminiYekutieli(IReadOnlyList<double> p) => StepUp(p, Enumerable.Range(1, p.Count).Sum(i => 1.0 / i));

    static double[] StepUp(IReadOnlyList<double> p, double factor)
    {
        var (adjusted, running) = (new double[p.Count], 1.0);
        foreach (var (rank, index) in Ascending(p).Index().Reverse())
            adjusted[index] = running = Math.Min(running, p[index] * factor * p.Count / (rank + 1));
        return adjusted;
    }

    static int[] Ascending(IReadOnlyList<double> p) => [.. Enumerable.Range(0, Checked(p).Count).OrderBy(i => p[i])];

    static IReadOnlyList<double> Checked(IReadOnlyList<double> p) =>
        p.All(v => v is >= 0 and <= 1) ? p : throw new ArgumentException("A p value lies between 0 and 1.", nameof(p));
}
