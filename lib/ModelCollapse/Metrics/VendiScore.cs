using MathNet.Numerics.LinearAlgebra;
using ModelCollapse.Statistics;

namespace ModelCollapse.Metrics;

/// <summary>
/// Vendi score (Friedman and Dieng, arXiv 2210.02410): how many different items a set holds in effect, from 1 for copies of one to n for n that have
/// nothing in common. The exponential of the entropy of the eigenvalues of the similarity matrix over n. Falls under collapse, as items come to
/// resemble each other (semantic diversity; it falls more slowly than lexical diversity in Guo et al., arXiv 2311.09807).
/// </summary>
/// <remarks>
/// The order q weighs rare items: small q counts them, q = ∞ sees the dominant direction alone. The published package takes q = 1 in
/// <c>score_X</c> whatever it is given (literature.md, Definitions of metrics); here q is used.
/// </remarks>
public static class VendiScore
{
    /// <summary>Eigenvalues below this are rounding. Under the root of a small q they would add up.</summary>
    const double Nothing = 1e-13;

    /// <summary>The score of vectors with the cosine of their angle as similarity.</summary>
    /// <param name="vectors">One vector per item; none of zeros.</param>
    /// <param name="order">Order q. Range: above 0; may be infinite.</param>
    /// <returns>1 to the number of items; 0 for none. Memory grows with the smaller of the square of their number and of their length.</returns>
    public static double OfVectors(IReadOnlyList<double[]> vectors, double order = 1)
    {
        if (vectors.Count == 0) return 0;
        Vectors.Check(vectors, nameof(vectors));
        var unit = Vectors.Normalised(vectors);
        if (unit.Any(u => u.All(v => v == 0))) throw new ArgumentException("A vector of zeros has no direction, so it is similar to nothing: leave it out.", nameof(vectors));
        // X Xᵀ and Xᵀ X have the same eigenvalues but for zeros.
        var gram = unit.Length <= unit[0].Length
            ? Matrix<double>.Build.Dense(unit.Length, unit.Length, (i, j) => unit[i].Zip(unit[j], (a, b) => a * b).Sum())
            : Vectors.Scatter(unit, new double[unit[0].Length]);
        return OfEigenvalues(Eigenvalues(gram / unit.Length), order);
    }

    /// <summary>The score of items with a given similarity.</summary>
    /// <param name="similarity">Similarity of each pair, n × n, symmetric and positive semidefinite, with 1 on the diagonal.</param>
    /// <param name="order">Order q. Range: above 0; may be infinite.</param>
    /// <param name="probabilities">Weight of each item, with sum 1; null for equal ones.</param>
    public static double OfSimilarity(Matrix<double> similarity, double order = 1, IReadOnlyList<double>? probabilities = null) =>
        OfEigenvalues(Spectrum(similarity, probabilities), order);

    /// <summary>Eigenvalues of K_ij √(p_i p_j), descending; with equal weights of K/n.</summary>
    /// <param name="similarity">Similarity of each pair, n × n.</param>
    /// <param name="probabilities">Weight of each item, with sum 1; null for equal ones.</param>
    public static double[] Spectrum(Matrix<double> similarity, IReadOnlyList<double>? probabilities = null)
    {
        var n = similarity.RowCount;
        if (n == 0 || similarity.ColumnCount != n || probabilities is not null && probabilities.Count != n)
            throw new ArgumentException("A similarity matrix is square, of one item or more, with a weight for each of its rows.", nameof(similarity));
        return Eigenvalues(probabilities is null ? similarity / n : similarity.MapIndexed((i, j, k) => k * Math.Sqrt(probabilities[i] * probabilities[j])));
    }

    /// <summary>K_ij / √(K_ii K_jj), so that each item has similarity 1 with itself.</summary>
    /// <param name="similarity">Similarity of each pair, with a positive diagonal.</param>
    public static Matrix<double> Normalised(Matrix<double> similarity) => similarity.RowCount > 0 && similarity.RowCount == similarity.ColumnCount && similarity.Diagonal().All(k => k > 0)
        ? similarity.MapIndexed((i, j, k) => k / Math.Sqrt(similarity[i, i] * similarity[j, j]))
        : throw new ArgumentException("A similarity matrix is square, of one item or more, with numbers above 0 on its diagonal.", nameof(similarity));

    /// <summary>Exponential of the Rényi entropy of order q of eigenvalues with sum 1.</summary>
    /// <param name="eigenvalues">The eigenvalues.</param>
    /// <param name="order">Order q. Range: above 0; may be infinite.</param>
    public static double OfEigenvalues(IEnumerable<double> eigenvalues, double order)
    {
        if (!(order > 0)) throw new ArgumentOutOfRangeException(nameof(order), order, "An order is above 0.");
        double[] weights = [.. eigenvalues.Where(e => e > Nothing)];
        if (weights.Length == 0) throw new ArgumentException("There are no eigenvalues above 0.", nameof(eigenvalues));
        return order switch
        {
            1 => Math.Exp(Divergence.Entropy(weights)),
            double.PositiveInfinity => 1 / weights.Max(),
            _ => Math.Pow(weights.Sum(w => Math.Pow(w, order)), 1 / (1 - order)),
        };
    }

    static double[] Eigenvalues(Matrix<double> matrix) => [.. matrix.Evd(Symmetricity.Symmetric).EigenValues.Select(e => e.Real).OrderDescending()];
}
