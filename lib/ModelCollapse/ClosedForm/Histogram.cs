namespace ModelCollapse.ClosedForm;

/// <summary>
/// A density that is constant in each bin, fitted by relative frequencies: a class that cannot be the truth, and whose bins are lost for ever
/// when no sample falls into them.
/// </summary>
/// <param name="Edges">Edges of the B bins, B + 1 rising numbers.</param>
/// <param name="Probabilities">Probability of each bin; sums to 1.</param>
public sealed record Histogram(IReadOnlyList<double> Edges, IReadOnlyList<double> Probabilities)
{
    readonly double[] edges = Edges.Count > 1 && Edges.Zip(Edges.Skip(1)).All(e => e.First < e.Second)
        ? [.. Edges]
        : throw new ArgumentException("Edges of bins rise, and there are two or more.", nameof(Edges));

    /// <summary>Bins of one width with one probability.</summary>
    /// <param name="from">Left edge.</param>
    /// <param name="to">Right edge.</param>
    /// <param name="bins">Number B of bins. Range: at least 1.</param>
    public static Histogram Uniform(double from, double to, int bins) =>
        new([.. Enumerable.Range(0, bins + 1).Select(b => from + b * (to - from) / bins)], [.. Enumerable.Repeat(1.0 / bins, bins)]);

    /// <summary>The same bins with the relative frequencies of samples; those beyond the edges count for the outermost bins.</summary>
    /// <param name="samples">Vectors of one number; at least one.</param>
    public Histogram Fit(IReadOnlyList<double[]> samples)
    {
        if (samples.Count == 0) throw new ArgumentException("There are no samples to fit to.", nameof(samples));
        var counts = new int[edges.Length - 1];
        foreach (var sample in samples) counts[BinOf(sample[0])]++;
        return this with { Probabilities = [.. counts.Select(c => (double)c / samples.Count)] };
    }

    /// <summary>Density at a point; 0 beyond the edges.</summary>
    /// <param name="x">The point.</param>
    public double Density(double x)
    {
        if (x < edges[0] || x >= edges[^1]) return 0;
        var bin = BinOf(x);
        return Probabilities[bin] / (edges[bin + 1] - edges[bin]);
    }

    /// <summary>One sample.</summary>
    /// <param name="random">Source of randomness.</param>
    public double[] Sample(Random random)
    {
        var (bin, left) = (0, random.NextDouble());
        while (bin < Probabilities.Count - 1 && (left -= Probabilities[bin]) >= 0) bin++;
        while (Probabilities[bin] == 0) bin--; // rounding has led beyond the last bin that there is
        return [edges[bin] + random.NextDouble() * (edges[bin + 1] - edges[bin])];
    }

    int BinOf(double x)
    {
        var found = Array.BinarySearch(edges, x);
        return Math.Clamp(found >= 0 ? found : ~found - 1, 0, edges.Length - 2);
    }
}
