namespace ModelCollapse.Statistics;

/// <summary>
/// The largest difference of two samples' distribution functions, and p values of the two-sample test. The statistic rises under collapse,
/// whatever the shape of the change; least where only a tail is lost, which early collapse begins with (Shumailov et al. 2024).
/// </summary>
/// <param name="Statistic">D. Range: 0 to 1.</param>
/// <param name="First">Size of the first sample.</param>
/// <param name="Second">Size of the second.</param>
public sealed record KolmogorovSmirnov(double Statistic, int First, int Second)
{
    /// <summary>The statistic of two samples.</summary>
    /// <param name="x">First sample; at least one value.</param>
    /// <param name="y">Second sample; at least one value.</param>
    public static KolmogorovSmirnov Of(IReadOnlyCollection<double> x, IReadOnlyCollection<double> y)
    {
        if (x.Count == 0 || y.Count == 0) throw new ArgumentException("A comparison of two samples needs values in both.");
        double[] a = [.. x.Order()], b = [.. y.Order()];
        var (largest, i, j) = (0L, 0, 0);
        while (i < a.Length && j < b.Length)
        {
            var value = Math.Min(a[i], b[j]);
            while (i < a.Length && a[i] == value) i++;
            while (j < b.Length && b[j] == value) j++;
            largest = Math.Max(largest, Math.Abs((long)i * b.Length - (long)j * a.Length));
        }

        return new((double)largest / ((long)a.Length * b.Length), a.Length, b.Length);
    }

    /// <summary>
    /// p value over all orders of the pooled sample: the share of lattice paths that leave the band |i/n − j/m| &lt; D. It holds without ties. Time grows
    /// with the product of the sizes.
    /// </summary>
    public double ExactP()
    {
        // In units of 1 / (n m), so that the border of the band is exact.
        var border = (long)Math.Round(Statistic * First * Second);
        if (border == 0) return 1;
        var outside = new double[Second + 1];
        for (var i = 0; i <= First; i++)
            for (var j = i == 0 ? 1 : 0; j <= Second; j++) // the origin is inside
                outside[j] = Math.Abs((long)i * Second - (long)j * First) >= border
                    ? 1
                    : ((i > 0 ? outside[j] * i : 0) + (j > 0 ? outside[j - 1] * j : 0)) / (i + j);
        return outside[Second];
    }

    /// <summary>p value from Kolmogorov's limit distribution at D √(nm/(n+m)); for large samples.</summary>
    public double LimitP()
    {
        var z = Statistic * Math.Sqrt((double)First * Second / ((double)First + Second));
        if (z < 0.2) return 1; // there it differs from 1 by less than 1e-12, and the series converges slowly
        var sum = 0.0;
        for (var k = 100; k >= 1; k--) sum += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2.0 * k * k * z * z);
        return Math.Clamp(sum, 0, 1);
    }
}
