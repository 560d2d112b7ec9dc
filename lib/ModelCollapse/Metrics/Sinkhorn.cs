using System.Runtime.InteropServices;
using ModelCollapse.Statistics;

namespace ModelCollapse.Metrics;

/// <summary>
/// Entropic optimal transport by Sinkhorn's iterations in the logarithmic domain (Cuturi 2013; Peyré and Cuturi, section 4.4), stable for small
/// regularisation. The Sinkhorn divergence made of it is 0 for equal sets and rises under collapse as <see cref="OptimalTransport"/> does.
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
    /// <param name="a">Mass at each source, at least 0, with sum 1.</param>
    /// <param name="b">Mass at each target.</param>
    /// <param name="cost">Cost of each pair.</param>
    /// <param name="regularisation">ε, in the unit of the cost. Range: above 0.</param>
    /// <param name="tolerance">Largest L1 error of the marginals.</param>
    public static Sinkhorn Solve(double[] a, double[] b, double[,] cost, double regularisation, double tolerance = 1e-10)
    {
        Check(a, b, cost, regularisation);
        double[] f = new double[a.Length], g = new double[b.Length], fitted = new double[a.Length], logA = Logs(a), logB = Logs(b);
        var (iterations, error, transposed) = (0, double.PositiveInfinity, Transposed(cost));
        while (iterations < MostIterations && error > tolerance)
        {
            // After g is fitted the columns are exact; the rows tell the error, from how much f would still move.
            Fit(g, transposed, f, logA, regularisation);
            Fit(fitted, cost, g, logB, regularisation);
            error = MarginalError(a, f, fitted, regularisation);
            (f, fitted) = (fitted, f);
            iterations++;
        }

        return Of(a, b, cost, f, g, regularisation, iterations, error <= tolerance);
    }

    /// <summary>
    /// Solves the transport of a set to itself, where both potentials are equal: each step goes half the way to the fitted one (Feydy et al. 2019). Some
    /// thirty iterations do where <see cref="Solve"/>, which may move mass between groups of points far apart, needs hundreds of thousands.
    /// </summary>
    /// <param name="a">Mass at each point, at least 0, with sum 1.</param>
    /// <param name="cost">Cost of each pair, symmetric.</param>
    /// <param name="regularisation">ε, in the unit of the cost. Range: above 0.</param>
    /// <param name="tolerance">Largest L1 error of the marginals.</param>
    public static Sinkhorn SolveSymmetric(double[] a, double[,] cost, double regularisation, double tolerance = 1e-10)
    {
        Check(a, a, cost, regularisation);
        double[] f = new double[a.Length], fitted = new double[a.Length], logA = Logs(a);
        var (iterations, error) = (0, double.PositiveInfinity);
        while (iterations < MostIterations && error > tolerance)
        {
            Fit(fitted, cost, f, logA, regularisation);
            error = MarginalError(a, f, fitted, regularisation);
            for (var i = 0; i < f.Length; i++) f[i] = (f[i] + fitted[i]) / 2;
            iterations++;
        }

        return Of(a, a, cost, f, f, regularisation, iterations, error <= tolerance);
    }

    static void Check(double[] a, double[] b, double[,] cost, double regularisation)
    {
        if (a.Length == 0 || b.Length == 0 || cost.GetLength(0) != a.Length || cost.GetLength(1) != b.Length || a.Concat(b).Any(w => !(w >= 0)) || a.All(w => w == 0) || b.All(w => w == 0))
            throw new ArgumentException("A transport needs masses of at least 0 on both sides, not all 0, and a cost for each pair.", nameof(cost));
        if (!(regularisation > 0)) throw new ArgumentOutOfRangeException(nameof(regularisation), regularisation, "A regularisation is above 0.");
    }

    /// <summary>The potential of the rows that fits that of the columns: −ε ln Σ exp(ln b + (g − cost) / ε).</summary>
    static void Fit(double[] fitted, double[,] cost, double[] other, double[] logMass, double regularisation)
    {
        double[] mass = [.. logMass.Zip(other, (w, p) => w + p / regularisation)];
        ParallelLoop.Run(fitted.Length, (from, to) =>
        {
            var terms = new double[mass.Length];
            for (var i = from; i < to; i++)
            {
                var row = MemoryMarshal.CreateReadOnlySpan(ref cost[i, 0], terms.Length);
                mass.CopyTo(terms, 0);
                Vectors.AddScaled(terms, row, -1 / regularisation);
                fitted[i] = -regularisation * Vectors.LogSumExp(terms);
            }
        });
    }

    static double MarginalError(double[] a, double[] f, double[] fitted, double regularisation) =>
        a.Select((w, i) => w == 0 ? 0 : w * Math.Abs(Math.Exp((f[i] - fitted[i]) / regularisation) - 1)).Sum();

    static double[] Logs(double[] masses) => [.. masses.Select(w => Math.Log(w))];

    static double[,] Transposed(double[,] cost)
    {
        var result = new double[cost.GetLength(1), cost.GetLength(0)];
        for (var i = 0; i < cost.GetLength(0); i++)
            for (var j = 0; j < cost.GetLength(1); j++) result[j, i] = cost[i, j];
        return result;
    }

    static Sinkhorn Of(double[] a, double[] b, double[,] cost, double[] f, double[] g, double regularisation, int iterations, bool converged)
    {
        var (transport, entropy) = (0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
            for (var j = 0; j < b.Length; j++)
            {
                if (a[i] == 0 || b[j] == 0) continue;
                var logP = Math.Log(a[i]) + Math.Log(b[j]) + (f[i] + g[j] - cost[i, j]) / regularisation;
                transport += Math.Exp(logP) * cost[i, j];
                entropy += Math.Exp(logP) * logP;
            }

        return new()
        {
            TransportCost = transport,
            Objective = a.Zip(f, (w, p) => w * p).Sum() + b.Zip(g, (w, p) => w * p).Sum(),
            ObjectiveWithEntropy = transport + regularisation * entropy,
            Iterations = iterations,
            Converged = converged,
        };
    }

    /// <summary>
    /// S(x, y) = OT(x, y) − (OT(x, x) + OT(y, y)) / 2 of the regularised objective, squared Euclidean cost. Time and memory grow with the product of the
    /// sizes, 16 bytes for each pair: take a sample of some thousand of large sets.
    /// </summary>
    /// <param name="x">First set; at least one vector.</param>
    /// <param name="y">Second set.</param>
    /// <param name="regularisation">ε, in squared distances. Range: above 0.</param>
    /// <param name="a">Weights of the first set, at least 0, with sum 1; null for equal ones.</param>
    /// <param name="b">Weights of the second.</param>
    public static double Divergence(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y, double regularisation, double[]? a = null, double[]? b = null) =>
        Three(x, y, regularisation, a, b, s => s.Objective);

    /// <summary>As <see cref="Divergence"/>, of the transport costs alone; may be below 0.</summary>
    /// <param name="x">First set; at least one vector.</param>
    /// <param name="y">Second set.</param>
    /// <param name="regularisation">ε, in squared distances. Range: above 0.</param>
    /// <param name="a">Weights of the first set, at least 0, with sum 1; null for equal ones.</param>
    /// <param name="b">Weights of the second.</param>
    public static double DivergenceOfTransportCosts(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y, double regularisation, double[]? a = null, double[]? b = null) =>
        Three(x, y, regularisation, a, b, s => s.TransportCost);

    static double Three(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y, double regularisation, double[]? a, double[]? b, Func<Sinkhorn, double> value)
    {
        double[] v = a ?? Equal(x.Count), w = b ?? Equal(y.Count);
        return value(Solve(v, w, OptimalTransport.SquaredDistances(x, y), regularisation)) - (ToItself(x, v) + ToItself(y, w)) / 2;

        double ToItself(IReadOnlyList<double[]> set, double[] masses) => value(SolveSymmetric(masses, OptimalTransport.SquaredDistances(set, set), regularisation));
    }

    static double[] Equal(int count) => [.. Enumerable.Repeat(1.0 / count, count)];
}
