using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using ModelCollapse.Training;
using Lanes = System.Numerics.Vector<double>;

namespace ModelCollapse.Statistics;

/// <summary>Arithmetic on rows of numbers. Sums run in the same order whatever the number of threads.</summary>
static class Vectors
{
    /// <summary>Squared Euclidean distance; differences are taken before squaring, so near points keep their digits.</summary>
    public static double SquaredDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var (lanes, i) = (Lanes.Zero, 0);
        for (; i <= a.Length - Lanes.Count; i += Lanes.Count)
        {
            var difference = new Lanes(a[i..]) - new Lanes(b[i..]);
            lanes += difference * difference;
        }

        var sum = Vector.Sum(lanes);
        for (; i < a.Length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }

    /// <summary>Euclidean distance.</summary>
    public static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => Math.Sqrt(SquaredDistance(a, b));

    /// <summary>Sum over all pairs of a function of their squared distance, rows side by side on all cores.</summary>
    public static double SumOverPairs(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y, Func<double, double> ofSquaredDistance)
    {
        var sums = new double[x.Count];
        Kernels.Parallel(x.Count, (from, to) =>
        {
            for (var i = from; i < to; i++)
                for (var j = 0; j < y.Count; j++) sums[i] += ofSquaredDistance(SquaredDistance(x[i], y[j]));
        });
        return sums.Sum();
    }

    /// <summary>Mean of rows.</summary>
    public static double[] Mean(IReadOnlyList<double[]> rows)
    {
        var mean = new double[rows[0].Length];
        foreach (var row in rows)
            for (var j = 0; j < mean.Length; j++) mean[j] += row[j];
        for (var j = 0; j < mean.Length; j++) mean[j] /= rows.Count;
        return mean;
    }

    /// <summary>Σ (x − m)(x − m)ᵀ over rows, [d, d].</summary>
    public static Matrix<double> Scatter(IReadOnlyList<double[]> rows, double[] mean)
    {
        var sum = new double[mean.Length, mean.Length];
        var centred = new double[mean.Length];
        foreach (var row in rows)
        {
            for (var j = 0; j < mean.Length; j++) centred[j] = row[j] - mean[j];
            for (var i = 0; i < mean.Length; i++)
                for (var j = 0; j <= i; j++) sum[i, j] += centred[i] * centred[j];
        }

        return Matrix<double>.Build.Dense(mean.Length, mean.Length, (i, j) => i >= j ? sum[i, j] : sum[j, i]);
    }

    /// <summary>Rows divided by their Euclidean norm; a row of zeros stays.</summary>
    public static double[][] Normalised(IReadOnlyList<double[]> rows) =>
    [
        .. rows.Select(row => Math.Sqrt(row.Sum(v => v * v)) is var norm and > 0 ? row.Select(v => v / norm).ToArray() : row),
    ];

    /// <summary>Checks that there are rows, all of one length of at least 1, of finite numbers.</summary>
    public static void Check(IReadOnlyList<double[]> rows, string name, int least = 1)
    {
        if (rows.Count < least) throw new ArgumentException($"There are {rows.Count} vectors: {least} or more are needed.", name);
        if (rows.Any(r => r.Length == 0 || r.Length != rows[0].Length)) throw new ArgumentException("All vectors must have the same length, at least 1.", name);
        if (rows.Any(r => r.Any(v => !double.IsFinite(v)))) throw new ArgumentException("A vector holds a number that is not finite.", name);
    }

    /// <summary>Checks two sets of vectors of one length.</summary>
    public static void Check(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y, int least = 1)
    {
        Check(x, nameof(x), least);
        Check(y, nameof(y), least);
        if (x[0].Length != y[0].Length) throw new ArgumentException($"Vectors of {x[0].Length} and of {y[0].Length} numbers cannot be compared.", nameof(y));
    }
}
