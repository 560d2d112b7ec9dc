using System.Numerics;
using System.Runtime.Intrinsics;
using ModelCollapse.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Sampling;

/// <summary>Rows of logits as float32 scores, and the best of a row; vectorised.</summary>
static unsafe class Scores
{
    /// <summary>Copies a row of logits [rows, vocab] into <paramref name="scores"/>, as they are or as log-probabilities (nats).</summary>
    public static void CopyRow(Tensor logits, int row, Span<float> scores, bool logProbabilities)
    {
        if (logits.dtype == bfloat16) CopyRow((ushort*)Kernels.Address(logits) + (long)row * scores.Length, scores, logProbabilities);
        else CopyRow((float*)Kernels.Address(logits) + (long)row * scores.Length, scores, logProbabilities);
    }

    static void CopyRow<T>(T* logits, Span<float> scores, bool logProbabilities) where T : unmanaged
    {
        var (count, whole) = (scores.Length, scores.Length - scores.Length % Kernels.Lanes);
        fixed (float* target = scores)
        {
            var highest = Vector512.Create(float.NegativeInfinity);
            for (var i = 0; i < whole; i += Kernels.Lanes)
            {
                var v = Kernels.Load(logits + i);
                highest = Vector512.Max(highest, v);
                v.Store(target + i);
            }

            var max = float.NegativeInfinity;
            for (var lane = 0; lane < Kernels.Lanes; lane++) max = MathF.Max(max, highest[lane]);
            for (var i = whole; i < count; i++) max = MathF.Max(max, target[i] = Kernels.Get(logits + i));
            if (!logProbabilities) return;

            var (top, sums) = (Vector512.Create(max), Vector512<float>.Zero);
            for (var i = 0; i < whole; i += Kernels.Lanes) sums += Kernels.Exp(Vector512.Load(target + i) - top);
            double sum = Vector512.Sum(sums);
            for (var i = whole; i < count; i++) sum += Math.Exp(target[i] - max);
            var shift = (float)(max + Math.Log(sum));
            var all = Vector512.Create(shift);
            for (var i = 0; i < whole; i += Kernels.Lanes) (Vector512.Load(target + i) - all).Store(target + i);
            for (var i = whole; i < count; i++) target[i] -= shift;
        }
    }

    /// <summary>Index of the largest score, the first among equals.</summary>
    public static int ArgMax(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
            if (scores[i] > scores[best]) best = i;
        return best;
    }

    /// <summary>
    /// Offers every score of a row to a list of the best, largest first, the first among equals. Whole vectors below the present
    /// worst are skipped with one comparison, which is nearly all of them.
    /// </summary>
    /// <param name="scores">The row.</param>
    /// <param name="offset">Added to each score, and the result rounded to float32, as a running beam's score is.</param>
    /// <param name="row">Kept with each candidate.</param>
    /// <param name="best">The list; at most <paramref name="count"/> stay.</param>
    /// <param name="count">Candidates to keep.</param>
    public static void Offer(ReadOnlySpan<float> scores, float offset, int row, List<Candidate> best, int count)
    {
        fixed (float* p = scores)
        {
            var i = 0;
            for (; i + Kernels.Lanes <= scores.Length; i += Kernels.Lanes)
            {
                var worst = best.Count < count ? float.NegativeInfinity : best[^1].Score;
                var above = Vector512.GreaterThan(Vector512.Load(p + i) + Vector512.Create(offset), Vector512.Create(worst)).ExtractMostSignificantBits();
                for (; above != 0; above &= above - 1)
                {
                    var token = i + BitOperations.TrailingZeroCount(above);
                    Insert(p[token] + offset, token);
                }
            }

            for (; i < scores.Length; i++) Insert(p[i] + offset, i);
        }

        void Insert(float score, int token)
        {
            if (float.IsNegativeInfinity(score) || best.Count == count && score <= best[^1].Score) return;
            var at = best.Count;
            while (at > 0 && best[at - 1].Score < score) at--;
            best.Insert(at, new(score, row, token));
            if (best.Count > count) best.RemoveAt(count);
        }
    }
}

/// <summary>A way to continue: score of the whole sequence, the beam it continues, the token.</summary>
readonly record struct Candidate(float Score, int Beam, int Token);
