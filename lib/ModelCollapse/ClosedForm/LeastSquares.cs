using MathNet.Numerics.LinearAlgebra;
using ModelCollapse.Statistics;

namespace ModelCollapse.ClosedForm;

/// <summary>
/// Least squares, plain or with a ridge penalty: y = x · w + intercept.
/// </summary>
/// <param name="Coefficients">Weights w, of d numbers.</param>
/// <param name="Intercept">Intercept; 0 where none was fitted.</param>
public sealed record LeastSquares(double[] Coefficients, double Intercept)
{
    /// <summary>Least squares plus alpha |w|²; the intercept is not penalised. With fewer rows than columns and no penalty, the solution of least norm.</summary>
    /// <param name="features">Rows x; at least one.</param>
    /// <param name="targets">Target y of each row.</param>
    /// <param name="alpha">Penalty. Range: at least 0.</param>
    /// <param name="intercept">Whether an intercept is fitted.</param>
    public static LeastSquares Fit(IReadOnlyList<double[]> features, IReadOnlyList<double> targets, double alpha = 0, bool intercept = true)
    {
        Vectors.Check(features, nameof(features));
        if (features.Count != targets.Count) throw new ArgumentException($"Each row needs a target: there are {features.Count} rows and {targets.Count} targets.", nameof(targets));
        if (!(alpha >= 0)) throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "A penalty is at least 0.");
        double[] mean = intercept ? Vectors.Mean(features) : new double[features[0].Length];
        var centre = intercept ? targets.Average() : 0;
        var x = Matrix<double>.Build.Dense(features.Count, mean.Length, (i, j) => features[i][j] - mean[j]);
        var y = Vector<double>.Build.Dense(targets.Count, i => targets[i] - centre);

        // w = V diag(s / (s² + α)) Uᵀ y, without the directions that the rows do not span.
        var svd = x.Svd();
        var least = svd.S[0] * Math.Max(x.RowCount, x.ColumnCount) * 2.220446049250313e-16;
        var rotated = svd.U.TransposeThisAndMultiply(y);
        var scaled = svd.S.MapIndexed((i, s) => s > least ? rotated[i] * s / (s * s + alpha) : 0);
        double[] weights = [.. svd.VT.SubMatrix(0, svd.S.Count, 0, x.ColumnCount).TransposeThisAndMultiply(scaled)];
        return new(weights, centre - weights.Zip(mean, (w, m) => w * m).Sum());
    }

    /// <summary>The prediction for a row.</summary>
    /// <param name="x">d numbers.</param>
    public double Predict(double[] x) => x.Zip(Coefficients, (a, w) => a * w).Sum() + Intercept;

    /// <summary>Coefficient of determination on rows: 1 − residual over total sum of squares; NaN for constant targets.</summary>
    /// <param name="features">Rows x.</param>
    /// <param name="targets">Target y of each row.</param>
    public double RSquared(IReadOnlyList<double[]> features, IReadOnlyList<double> targets)
    {
        var mean = targets.Average();
        var total = targets.Sum(y => (y - mean) * (y - mean));
        return total == 0 ? double.NaN : 1 - features.Zip(targets, (x, y) => Math.Pow(y - Predict(x), 2)).Sum() / total;
    }
}
