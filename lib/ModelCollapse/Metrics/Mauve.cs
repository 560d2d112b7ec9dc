using ModelCollapse.ClosedForm;
using ModelCollapse.Statistics;

namespace ModelCollapse.Metrics;

/// <summary>
/// MAUVE (Pillutla et al., NeurIPS 2021, arXiv 2102.01454; literature.md, Definitions of metrics): how much the distribution of generated texts, seen through a
/// model's features, covers that of human texts and the reverse. 1 for equal distributions; falls towards 0 under collapse.
/// </summary>
/// <remarks>
/// Values compare only with equal features, settings and numbers of texts; few texts make it too high (the paper takes 5,000). The clustering is
/// random, so another seed gives another value: report its spread.
/// </remarks>
public sealed record Mauve
{
    const int Weights = 25;
    const double Margin = 1e-6;

    /// <summary>The area under the divergence curve. Range: 0 to 1.</summary>
    public required double Score { get; init; }

    /// <summary>The same with counts smoothed by 0.5 (MAUVE*), which is less biased for few texts.</summary>
    public required double SmoothedScore { get; init; }

    /// <summary>Frontier integral (Liu et al., NeurIPS 2021): 0 for equal distributions, 1 for disjoint ones.</summary>
    public required double FrontierIntegral { get; init; }

    /// <summary>The same with counts smoothed by 0.5.</summary>
    public required double SmoothedFrontierIntegral { get; init; }

    /// <summary>Points (exp(−c KL(Q|R)), exp(−c KL(P|R))) over mixtures R, from (1, 0) to (0, 1).</summary>
    public required IReadOnlyList<(double X, double Y)> Curve { get; init; }

    /// <summary>MAUVE of two histograms over the same clusters.</summary>
    /// <param name="p">Texts of P in each cluster.</param>
    /// <param name="q">Texts of Q in each cluster.</param>
    /// <param name="scaling">Factor c. Range: above 0.</param>
    public static Mauve OfCounts(IReadOnlyList<long> p, IReadOnlyList<long> q, double scaling = 5)
    {
        if (p.Count != q.Count) throw new ArgumentException($"Both histograms need the same clusters: there are {p.Count} and {q.Count}.", nameof(q));
        if (!(scaling > 0)) throw new ArgumentOutOfRangeException(nameof(scaling), scaling, "A scaling factor is above 0.");
        double[] plainP = Divergence.Smoothed(p, 0), plainQ = Divergence.Smoothed(q, 0), smoothP = Divergence.Smoothed(p, 0.5), smoothQ = Divergence.Smoothed(q, 0.5);
        var curve = CurveOf(plainP, plainQ, scaling);
        return new()
        {
            Curve = curve,
            Score = Area(curve),
            FrontierIntegral = Frontier(plainP, plainQ),
            SmoothedScore = Area(CurveOf(smoothP, smoothQ, scaling)),
            SmoothedFrontierIntegral = Frontier(smoothP, smoothQ),
        };
    }

    /// <summary>
    /// MAUVE of two sets of features: rows scaled to length 1, reduced to the principal components that hold 90 % of the variance, clustered
    /// together, and counted.
    /// </summary>
    /// <param name="p">Features of the texts of P, human ones for example; two or more.</param>
    /// <param name="q">Features of the texts of Q.</param>
    /// <param name="seed">Decides which texts are drawn, and the clusters.</param>
    /// <param name="options">Settings; null for those of the paper.</param>
    public static Mauve OfFeatures(IReadOnlyList<double[]> p, IReadOnlyList<double[]> q, long seed, MauveOptions? options = null)
    {
        options ??= new();
        Vectors.Check(p, q, least: 2);
        var random = Seeds.NewRandom(seed);
        double[][] usedP = Draw(p, options.MaxTexts, random), usedQ = Draw(q, options.MaxTexts, random);
        var (points, _) = Reduce(usedP, usedQ, options.ExplainedVariance);
        var clusters = Math.Min(options.Clusters ?? AutomaticClusters(usedP.Length, usedQ.Length), points.Length);
        var labels = KMeans.Fit(points, clusters, Seeds.Derive(seed, 0, "mauve clusters"), options.Restarts, options.MaxIterations).Labels;
        return OfCounts(Histogram(labels.AsSpan(usedQ.Length), clusters), Histogram(labels.AsSpan(0, usedQ.Length), clusters), options.Scaling);
    }

    /// <summary>A tenth of the smaller set, at least 2.</summary>
    internal static int AutomaticClusters(int p, int q) => Math.Max(2, (int)Math.Round(Math.Min(p, q) / 10.0));

    /// <summary>The points that are clustered, Q before P, and the components that they are coordinates of.</summary>
    internal static (double[][] Points, PrincipalComponents Components) Reduce(IReadOnlyList<double[]> p, IReadOnlyList<double[]> q, double explainedVariance)
    {
        var unit = Vectors.Normalised([.. q, .. p]);
        var components = PrincipalComponents.Of(unit);
        var kept = components.CountFor(explainedVariance);
        return ([.. unit.Select(row => components.Project(row, kept))], components);
    }

    static double[][] Draw(IReadOnlyList<double[]> rows, int most, Random random)
    {
        double[][] all = [.. rows];
        if (all.Length <= most) return all;
        random.Shuffle(all);
        return all[..most];
    }

    static long[] Histogram(ReadOnlySpan<int> labels, int clusters)
    {
        var counts = new long[clusters];
        foreach (var label in labels) counts[label]++;
        return counts;
    }

    static List<(double X, double Y)> CurveOf(double[] p, double[] q, double scaling)
    {
        List<(double, double)> points = [(1, 0)];
        for (var i = 0; i < Weights; i++)
        {
            var w = Margin + i * (1 - 2 * Margin) / (Weights - 1);
            double[] mixture = [.. p.Zip(q, (a, b) => w * a + (1 - w) * b)];
            points.Add((Math.Exp(-scaling * Divergence.KullbackLeibler(q, mixture)), Math.Exp(-scaling * Divergence.KullbackLeibler(p, mixture))));
        }

        points.Add((0, 1));
        return points;
    }

    /// <summary>Mean of the areas over both axes by trapezoids, along the curve: sorted by x, points of equal distributions would be in an order that rounding decides.</summary>
    static double Area(List<(double X, double Y)> curve)
    {
        var (overX, overY) = (0.0, 0.0);
        for (var i = 1; i < curve.Count; i++)
        {
            var ((x0, y0), (x1, y1)) = (curve[i - 1], curve[i]);
            overX += (x0 - x1) * (y0 + y1) / 2;
            overY += (y1 - y0) * (x0 + x1) / 2;
        }

        return (overX + overY) / 2;
    }

    /// <summary>2 ∫ w KL(P|R) + (1 − w) KL(Q|R) dw in closed form: each outcome gives (p + q) / 2 − p q ln(p/q) / (p − q).</summary>
    static double Frontier(double[] p, double[] q) => p.Zip(q, (a, b) =>
        a == 0 || b == 0 ? (a + b) / 2
        : Math.Abs(a - b) < 1e-9 * (a + b) ? 0 // the limit; the formula would subtract nearly equal numbers
        : (a + b) / 2 - a * b * Math.Log(a / b) / (a - b)).Sum();
}

/// <summary>Settings of <see cref="Mauve"/>; the defaults are those of the paper and its package.</summary>
public sealed record MauveOptions
{
    /// <summary>Clusters; null for a tenth of the smaller set. Range: at least 1.</summary>
    public int? Clusters { get; init; }

    /// <summary>Share of the variance that the principal components must hold. Range: above 0, at most 1.</summary>
    public double ExplainedVariance { get; init; } = 0.9;

    /// <summary>Starts of k-means. Range: at least 1.</summary>
    public int Restarts { get; init; } = 5;

    /// <summary>Most iterations of each start. Range: at least 1.</summary>
    public int MaxIterations { get; init; } = 500;

    /// <summary>Factor c of the divergences. Range: above 0.</summary>
    public double Scaling { get; init; } = 5;

    /// <summary>Texts that are drawn from a larger set. Range: at least 2.</summary>
    public int MaxTexts { get; init; } = 5000;
}
