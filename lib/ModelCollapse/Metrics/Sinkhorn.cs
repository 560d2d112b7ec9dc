using ModelCollapse.Training;

namespace ModelCollapse.Metrics;

/// <summary>
/// Entropic optimal transport by Sinkhorn's iterations in the logarithmic domain (Cuturi 2013; Peyré and Cuturi, section 4.4), stable for small
/// regularisation. The Sinkhorn divergence made of it is 0 for equal sets and rises under collapse.
/// </summary>
/// <remarks>
/// Two quantities go by that name, and differ by several per cent: <see cref="Divergence"/> from the regularised objective (Feydy et al. 2019),
/// which is never negative, and <see cref="DivergenceOfTransportCosts"/> from the transport cost alone, which the package POT computes.
/// </remarks>
public sealed record Sinkhorn
{
    /// <summary>Iterations after which a solution is given up as not converged.</summary>
    public const int MostIterations = 200_000;

    /// <summary>Transport cost ⟨P, M⟩ of the regularised plan, without the entropy.</summary>
    public required double TransportCost { get; init; }

    /// <summary>⟨P, M⟩ + ε KL(P | a bᵀ), the value that the plan minimises.</summary>
    public required double Objective { get; init; }

    /// <summary>⟨P, M⟩ + ε Σ P ln P, POT's convention: the same plan minimises it, and it may be negative.</summary>
    public required double ObjectiveWithEntropy { get; init; }

    /// <summary>Iterations used.</summary>
    public required int Iterations { get; init; }

    /// <summary>Whether the marginals are met within the tolerance.</summary>
    public required bool Converged { get; init; }

    /// <summary>Solves one transport.</summary>
    /// <param name="a">Mass at each source, above 0, with sum 1.</param>
    /// <param name="b">Mass at each target.</param>
    /// <param name="cost">Cost of each pair.</param>
    /// <param name="regularisation">ε, in the unit of the cost. Range: above 0.</param>
    /// <param name="tolerance">Largest L1 error of the marginals.</param>
    public static Sinkhorn Solve(double[] a, double[] b, double[,] cost, double regularisation, double tolerance = 1e-10)
    {
        var (n, m) = (a.Length, b.Length);
        if (n == 0 || m == 0 || cost.GetLength(0) != n || cost.GetLength(1) != m || a.Concat(b).Any(w => !(w > 0)))
            throw new ArgumentException("A transport needs masses above 0 on both sides, and a cost for each pair.", nameof(cost));
        if (!(regularisation > 0)) throw new ArgumentOutOfRangeException(nameof(regularisation), regularisation, "A regularisation is above 0.");
        double[] f = new double[n], g = new double[m], logA = [.. a.Select(w => Math.Log(w))], logB = [.. b.Select(w => Math.Log(w))];
        var (iterations, error) = (0, double.PositiveInfinity);
        while (iterations < MostIterations && error > tolerance)
        {
            // After g is fitted the columns are exact; the rows tell the error, from how much f would still move.
            Kernels.Parallel(m, (from, to) =>
            {
                for (var j = from; j < to; j++) g[j] = Soft(n, i => logA[i] + (f[i] - cost[i, j]) / regularisation);
            });
            var errors = new double[n];
            Kernels.Parallel(n, (from, to) =>
            {
                for (var i = from; i < to; i++)
                {
                    var fitted = Soft(m, j => logB[j] + (g[j] - cost[i, j]) / regularisation);
                    errors[i] = a[i] * Math.Abs(Math.Exp((f[i] - fitted) / regularisation) - 1);
                    f[i] = fitted;
                }
            });
            error = errors.Sum();
            iterations++;
        }

        var (transport, entropy) = (0.0, 0.0);
        for (var i = 0; i < n; i++)
            for (var j = 0; j < m; j++)
            {
                var logP = logA[i] + logB[j] + (f[i] + g[j] - cost[i, j]) / regularisation;
                transport += Math.Exp(logP) * cost[i, j];
                entropy += Math.Exp(logP) * logP;
            }

        return new()
        {
            TransportCost = transport,
            Objective = a.Zip(f, (w, p) => w * p).Sum() + b.Zip(g, (w, p) => w * p).Sum(),
            ObjectiveWithEntropy = transport + regularisation * entropy,
            Iterations = iterations,
            Converged = error <= tolerance,
        };

        double Soft(int count, Func<int, double> term)
        {
            var (max, sum) = (double.NegativeInfinity, 0.0);
            for (var k = 0; k < count; k++) max = Math.Max(max, term(k));
            for (var k = 0; k < count; k++) sum += Math.Exp(term(k) - max);
            return -regularisation * (max + Math.Log(sum));
        }
    }

    /// <summary>S(x, y) = OT(x, y) − (OT(x, x) + OT(y, y)) / 2 of the regularised objective, squared Euclidean cost.</summary>
    /// <param name="x">First set; at least one vector.</param>
    /// <param name="y">Second set.</param>
    /// <param name="regularisation">ε, in squared distances. Range: above 0.</param>
    /// <param name="a">Weights of the first set, above 0, with sum 1; null for equal ones.</param>
    /// <param name="b">Weights of the second.</param>
    public static double Divergence(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y, double regularisation, double[]? a = null, double[]? b = null) =>
        Three(x, y, regularisation, a, b, s => s.Objective);

    /// <summary>As <see cref="Divergence"/>, of the transport costs alone; may be below 0.</summary>
    /// <param name="x">First set; at least one vector.</param>
    /// <param name="y">Second set.</param>
    /// <param name="regularisation">ε, in squared distances. Range: above 0.</param>
    /// <param name="a">Weights of the first set, above 0, with sum 1; null for equal ones.</param>
    /// <param name="b">Weights of the second.</param>
    public static double DivergenceOfTransportCosts(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y, double regularisation, double[]? a = null, double[]? b = null) =>
        Three(x, y, regularisation, a, b, s => s.TransportCost);

    static double Three(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y, double regularisation, double[]? a, double[]? b, Func<Sinkhorn, double> value)
    {
        double[] v = a ?? Equal(x.Count), w = b ?? Equal(y.Count);
        return Of(x, y, v, w) - (Of(x, x, v, v) + Of(y, y, w, w)) / 2;

        double Of(IReadOnlyList<double[]> p, IReadOnlyList<double[]> q, double[] s, double[] t) =>
            value(Solve(s, t, OptimalTransport.SquaredDistances(p, q), regularisation));
    }

    static double[] Equal(int count) => [.. Enumerable.Repeat(1.0 / count, count)];
}
