using MathNet.Numerics.LinearAlgebra;

namespace ModelCollapse.Statistics;

/// <summary>
/// Principal components of vectors (Pearson 1901), variances with divisor n − 1. The effective rank and the participation ratio of embeddings fall
/// as a model's texts come to lie in fewer directions (the Gram spectrum of SIGMA, literature.md, SIGMA 2026).
/// </summary>
/// <param name="Mean">Mean of the vectors.</param>
/// <param name="Variances">Variance along each component, descending, min(n, d) of them.</param>
/// <param name="Components">Unit vectors, one per row, each with its largest entry positive.</param>
/// <param name="Count">Number n of vectors.</param>
public sealed record PrincipalComponents(double[] Mean, double[] Variances, double[][] Components, int Count)
{
    /// <summary>Share of each component in the total variance; all 0 where all vectors are equal.</summary>
    public double[] VarianceRatios
    {
        get
        {
            var total = Variances.Sum();
            return total > 0 ? [.. Variances.Select(v => v / total)] : new double[Variances.Length];
        }
    }

    /// <summary>Singular values of the centred vectors.</summary>
    public double[] SingularValues => [.. Variances.Select(v => Math.Sqrt(v * (Count - 1)))];

    /// <summary>Exponential of the entropy of <see cref="VarianceRatios"/> (Roy and Vetterli 2007); 1 where all vectors are equal.</summary>
    public double EffectiveRank => Math.Exp(Divergence.Entropy(VarianceRatios));

    /// <summary>(Σ λ)² / Σ λ²; 1 where all vectors are equal.</summary>
    public double ParticipationRatio => Variances.Sum() == 0 ? 1 : Math.Pow(Variances.Sum(), 2) / Variances.Sum(v => v * v);

    /// <summary>The components of some vectors.</summary>
    /// <param name="vectors">Two or more vectors.</param>
    public static PrincipalComponents Of(IReadOnlyList<double[]> vectors)
    {
        Vectors.Check(vectors, nameof(vectors), least: 2);
        var mean = Vectors.Mean(vectors);
        var eigen = (Vectors.Scatter(vectors, mean) / (vectors.Count - 1)).Evd(Symmetricity.Symmetric);
        int[] order = [.. Enumerable.Range(0, mean.Length).OrderByDescending(i => eigen.EigenValues[i].Real).Take(vectors.Count)];
        return new(mean, [.. order.Select(i => Math.Max(0, eigen.EigenValues[i].Real))], [.. order.Select(i => WithSign(eigen.EigenVectors.Column(i).ToArray()))], vectors.Count);
    }

    /// <summary>The fewest components that hold a share of the variance.</summary>
    /// <param name="share">The share. Range: above 0, at most 1.</param>
    public int CountFor(double share)
    {
        var (ratios, sum) = (VarianceRatios, 0.0);
        for (var i = 0; i < ratios.Length; i++)
            if ((sum += ratios[i]) >= share) return i + 1;
        return ratios.Length;
    }

    /// <summary>Coordinates of a vector along the first components.</summary>
    /// <param name="vector">d numbers.</param>
    /// <param name="count">Number of components; null for all.</param>
    public double[] Project(double[] vector, int? count = null)
    {
        double[] centred = [.. vector.Zip(Mean, (v, m) => v - m)];
        return [.. Components.Take(count ?? Components.Length).Select(c => c.Zip(centred, (a, b) => a * b).Sum())];
    }

    /// <summary>The sign of a component is arbitrary: fixed here, so that results do not depend on the solver.</summary>
    static double[] WithSign(double[] component) => component.MaxBy(Math.Abs) < 0 ? [.. component.Select(v => -v)] : component;
}
