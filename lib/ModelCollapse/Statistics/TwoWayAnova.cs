using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace ModelCollapse.Statistics;

/// <summary>
/// Analysis of variance of a 2 × 2 design, balanced or not: two switches, each off or on, and whether they interact. With unequal cells
/// the sums of squares depend on what each factor is adjusted for; all three usual types are given.
/// </summary>
public sealed record TwoWayAnova
{
    /// <summary>Type 1, sequential: a alone, then b given a, then the interaction.</summary>
    public required AnovaTable Type1 { get; init; }

    /// <summary>Type 2: each factor given the other.</summary>
    public required AnovaTable Type2 { get; init; }

    /// <summary>Type 3, with sum coding: each given everything else.</summary>
    public required AnovaTable Type3 { get; init; }

    /// <summary>Difference of differences of the cell means, m₁₁ − m₁₀ − m₀₁ + m₀₀, with its t test.</summary>
    public required TTest InteractionContrast { get; init; }

    /// <summary>The analysis of measurements.</summary>
    /// <param name="a">First factor of each measurement, on or off.</param>
    /// <param name="b">Second factor.</param>
    /// <param name="y">The measurements.</param>
    /// <param name="confidence">Confidence of the interval of the contrast. Range: above 0, below 1.</param>
    /// <exception cref="ArgumentException">A cell is empty, or there are no more values than cells.</exception>
    public static TwoWayAnova Of(IReadOnlyList<bool> a, IReadOnlyList<bool> b, IReadOnlyList<double> y, double confidence = 0.95)
    {
        var n = y.Count;
        var cells = Enumerable.Range(0, Math.Min(n, Math.Min(a.Count, b.Count))).ToLookup(i => (a[i], b[i]), i => y[i]);
        if (a.Count != n || b.Count != n || cells.Count < 4 || n <= 4)
            throw new ArgumentException("A 2 × 2 design needs a value in each of its four cells, more than four in all, and both factors of each.", nameof(y));

        var response = Vector<double>.Build.DenseOfEnumerable(y);
        double[] one = [.. Enumerable.Repeat(1.0, n)];
        double[] x1 = [.. a.Select(v => v ? 1.0 : 0)], x2 = [.. b.Select(v => v ? 1.0 : 0)], x12 = [.. x1.Zip(x2, (p, q) => p * q)];
        double[] s1 = [.. x1.Select(v => 2 * v - 1)], s2 = [.. x2.Select(v => 2 * v - 1)], s12 = [.. s1.Zip(s2, (p, q) => p * q)];
        double none = Rest(one), onlyA = Rest(one, x1), onlyB = Rest(one, x2), both = Rest(one, x1, x2), full = Rest(one, x1, x2, x12);
        double residualFreedom = n - 4;
        var variance = full / residualFreedom;

        var contrast = cells[(true, true)].Average() - cells[(true, false)].Average() - cells[(false, true)].Average() + cells[(false, false)].Average();
        return new()
        {
            Type1 = Table(none - onlyA, onlyA - both, both - full),
            Type2 = Table(onlyB - both, onlyA - both, both - full),
            Type3 = Table(Rest(one, s2, s12) - full, Rest(one, s1, s12) - full, Rest(one, s1, s2) - full),
            InteractionContrast = TTest.Of(contrast, Math.Sqrt(variance * cells.Sum(c => 1.0 / c.Count())), residualFreedom, confidence),
        };

        // Sum of squares that columns leave unexplained.
        double Rest(params double[][] columns)
        {
            var design = Matrix<double>.Build.DenseOfColumnArrays(columns);
            var rest = response - design * design.QR().Solve(response);
            return rest.DotProduct(rest);
        }

        AnovaTable Table(double first, double second, double interaction) => new(Row(first), Row(second), Row(interaction), full, residualFreedom);

        AnovaRow Row(double sum) => new(sum, sum / variance, 1 - FisherSnedecor.CDF(1, residualFreedom, Math.Max(0, sum / variance)));
    }
}

/// <summary>Sums of squares of one type.</summary>
/// <param name="A">First factor.</param>
/// <param name="B">Second factor.</param>
/// <param name="Interaction">Their interaction.</param>
/// <param name="ResidualSum">Residual sum of squares.</param>
/// <param name="ResidualFreedom">Residual degrees of freedom.</param>
public sealed record AnovaTable(AnovaRow A, AnovaRow B, AnovaRow Interaction, double ResidualSum, double ResidualFreedom);

/// <summary>A source of variance with one degree of freedom.</summary>
/// <param name="Sum">Its sum of squares.</param>
/// <param name="F">Over the residual variance.</param>
/// <param name="P">p value of F.</param>
public sealed record AnovaRow(double Sum, double F, double P);
