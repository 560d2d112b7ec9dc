using MathNet.Numerics.LinearAlgebra;
using ModelCollapse.Statistics;

namespace ModelCollapse.Metrics;

/// <summary>
/// Wasserstein-2 distance of two Gaussians, |m₁ − m₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁^½ Σ₂ Σ₁^½)^½) squared (Peyré and Cuturi, remark 2.31), and of the Gaussians
/// fitted to two sets of vectors, which is the Fréchet distance of Heusel et al. 2017. It is the measure of theorem 3.1 of Shumailov et al. 2024, and
/// rises without bound under replacement.
/// </summary>
/// <remarks>
/// With Σ = A Aᵀ the trace is |A₁ − A₂ U|² for the rotation U that brings A₂ closest to A₁. Computed so, near Gaussians lose no digits, and a
/// singular covariance is no special case.
/// </remarks>
public static class GaussianWasserstein
{
    /// <summary>The squared distance of two Gaussians, at least 0.</summary>
    /// <param name="mean1">First mean, of d numbers.</param>
    /// <param name="covariance1">First covariance, d × d, symmetric and positive semidefinite.</param>
    /// <param name="mean2">Second mean.</param>
    /// <param name="covariance2">Second covariance.</param>
    public static double Squared(double[] mean1, Matrix<double> covariance1, double[] mean2, Matrix<double> covariance2)
    {
        if (mean1.Length != mean2.Length || covariance1.RowCount != mean1.Length || covariance2.RowCount != mean2.Length)
            throw new ArgumentException("Both Gaussians need the same number of dimensions.", nameof(mean2));
        var (a, b) = (Root(covariance1), Root(covariance2));
        var svd = b.TransposeThisAndMultiply(a).Svd();
        return Vectors.SquaredDistance(mean1, mean2) + (a - b * (svd.U * svd.VT)).Enumerate().Sum(v => v * v);
    }

    /// <summary>Squared Fréchet distance of two sets of vectors: that of Gaussians with their means and covariances (divisor n − 1).</summary>
    /// <param name="x">First set; two or more vectors.</param>
    /// <param name="y">Second set.</param>
    public static double Frechet(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y)
    {
        Vectors.Check(x, y, least: 2);
        double[] a = Vectors.Mean(x), b = Vectors.Mean(y);
        return Squared(a, Vectors.Scatter(x, a) / (x.Count - 1), b, Vectors.Scatter(y, b) / (y.Count - 1));
    }

    /// <summary>A with A Aᵀ = Σ; eigenvalues below 0, which rounding makes, count as 0.</summary>
    static Matrix<double> Root(Matrix<double> covariance)
    {
        var eigen = covariance.Evd(Symmetricity.Symmetric);
        return eigen.EigenVectors * Matrix<double>.Build.DiagonalOfDiagonalVector(eigen.EigenValues.Map(e => Math.Sqrt(Math.Max(0, e.Real))));
    }
}
