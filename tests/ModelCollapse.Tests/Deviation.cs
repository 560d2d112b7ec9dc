using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Tests;

/// <summary>How far found values are from wanted ones. Unlike LINQ's Zip and Max, this forgives neither a missing value nor a NaN.</summary>
static class Deviation
{
    /// <summary>The largest absolute difference.</summary>
    public static double Of(IEnumerable<double> found, IEnumerable<double> wanted)
    {
        double[] mine = [.. found], theirs = [.. wanted];
        Assert.Equal(theirs.Length, mine.Length);
        return mine.Zip(theirs, (a, b) => Math.Abs(a - b)).Aggregate(0.0, Math.Max);
    }

    /// <summary>The largest absolute difference of two tensors of one shape.</summary>
    /// <param name="found">What was computed.</param>
    /// <param name="wanted">The reference.</param>
    /// <param name="where">Broadcast to their shape: where to look; null for everywhere.</param>
    public static double Of(Tensor found, Tensor wanted, Tensor? where = null)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(wanted.shape, found.shape);
        var difference = (found.detach().to(float64) - wanted.detach().to(float64)).abs();
        if (where is not null) difference = torch.where(where, difference, zeros_like(difference));
        return difference.max().item<double>();
    }

    /// <summary>The largest absolute difference of tensors with the same names.</summary>
    public static double Of(IReadOnlyDictionary<string, Tensor> found, IReadOnlyDictionary<string, Tensor> wanted)
    {
        Assert.Equal(wanted.Keys.Order(), found.Keys.Order());
        return found.Select(p => Of(p.Value, wanted[p.Key])).Aggregate(0.0, Math.Max);
    }

    /// <summary>The largest number of float32 steps between two values: 0 if all are equal.</summary>
    public static double Ulps(Tensor found, Tensor wanted)
    {
        using var scope = NewDisposeScope();
        Assert.Equal(wanted.shape, found.shape);
        var (mine, theirs) = (Flat(found), Flat(wanted));
        return mine.Zip(theirs, (a, b) => float.IsNaN(a) || float.IsNaN(b) ? double.NaN : Math.Abs((double)Rank(a) - Rank(b))).Aggregate(0.0, Math.Max);

        static float[] Flat(Tensor t) => t.detach().to(float32).contiguous().data<float>().ToArray();

        // Floats in their order; both zeros are one.
        static long Rank(float value)
        {
            var bits = BitConverter.SingleToInt32Bits(value);
            return bits >= 0 ? bits : int.MinValue - (long)bits;
        }
    }
}
