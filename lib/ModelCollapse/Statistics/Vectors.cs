using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
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
        ParallelLoop.Run(x.Count, (from, to) =>
        {
            for (var i = from; i < to; i++)
                for (var j = 0; j < y.Count; j++) sums[i] += ofSquaredDistance(SquaredDistance(x[i], y[j]));
        });
        return sums.Sum();
    }

    /// <summary>ln Σ exp(v), without overflow; −∞ for none. One number after the other: the vectorised exponential may change its last bit within a process.</summary>
    public static double LogSumExp(ReadOnlySpan<double> values)
    {
        const double nothing = -45; // its exponential is less than a hundredth of the last bit of a sum that is at least 1
        var (max, sum) = (double.NegativeInfinity, 0.0);
        foreach (var v in values) max = Math.Max(max, v);
        if (double.IsInfinity(max)) return max;
        foreach (var v in values)
            if (!(v - max < nothing)) sum += Math.Exp(v - max);
        return max + Math.Log(sum);
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
        const int together = 64; // rows that stay in the cache while one row of the result after the other passes over them
        var d = mean.Length;
        double[][] sums = [.. Enumerable.Range(0, d).Select(i => new double[i + 1])];
        ParallelLoop.Run(d, (from, to) =>
        {
            double[][] centred = [.. Enumerable.Range(0, together).Select(_ => new double[d])];
            for (var start = 0; start < rows.Count; start += together)
            {
                var count = Math.Min(together, rows.Count - start);
                for (var r = 0; r < count; r++)
                    for (var j = 0; j < d; j++) centred[r][j] = rows[start + r][j] - mean[j];
                for (var k = from; k < to; k++)
                {
                    var i = k % 2 == 0 ? k / 2 : d - 1 - k / 2; // short and long rows by turns, so that threads have equal work
                    for (var r = 0; r < count; r++) AddScaled(sums[i], centred[r], centred[r][i]);
                }
            }
        });
        return Matrix<double>.Build.Dense(d, d, (i, j) => i >= j ? sums[i][j] : sums[j][i]);
    }

    /// <summary>Adds a multiple of the first numbers of a row.</summary>
    public static void AddScaled(Span<double> sum, ReadOnlySpan<double> row, double factor)
    {
        var (lanes, i) = (new Lanes(factor), 0);
        for (; i <= sum.Length - Lanes.Count; i += Lanes.Count) (new Lanes(sum[i..]) + lanes * new Lanes(row[i..])).CopyTo(sum[i..]);
        for (; i < sum.Length; i++) sum[i] += factor * row[i];
    }

    /// <summary>Rows divided by their Euclidean norm; a row of zeros stays.</summary>
    public static double[][] Normalised(IReadOnlyList<double[]> rows)
    {
        return [.. rows.Select(Unit)];

        static double[] Unit(double[] row)
        {
            var norm = Math.Sqrt(row.Sum(v => v * v));
            return norm > 0 ? [.. row.Select(v => v / norm)] : row;
        }
    }

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
