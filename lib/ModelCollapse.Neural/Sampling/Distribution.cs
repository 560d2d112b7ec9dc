namespace ModelCollapse.Sampling;

/// <summary>Small helpers on one distribution over the vocabulary, in double precision.</summary>
static class Distribution
{
    /// <summary>Probabilities of logits.</summary>
    public static double[] Softmax(ReadOnlySpan<float> logits)
    {
        double max = float.NegativeInfinity;
        foreach (var logit in logits) max = Math.Max(max, logit);
        var probabilities = new double[logits.Length];
        var sum = 0.0;
        for (var i = 0; i < logits.Length; i++) sum += probabilities[i] = Math.Exp(logits[i] - max);
        for (var i = 0; i < logits.Length; i++) probabilities[i] /= sum;
        return probabilities;
    }

    /// <summary>Indices from the largest value to the smallest, equal ones in any order.</summary>
    public static int[] Descending(double[] values)
    {
        var (keys, order) = (Array.ConvertAll(values, v => -v), Enumerable.Range(0, values.Length).ToArray());
        Array.Sort(keys, order, Comparer<double>.Default);
        return order;
    }

    /// <summary>Draws an index with the probabilities that the logits mean, by inverting their cumulative sum at one uniform number.</summary>
    public static int Draw(ReadOnlySpan<float> logits, Random random)
    {
        var max = float.NegativeInfinity;
        foreach (var logit in logits) max = MathF.Max(max, logit);
        var weights = new double[logits.Length];
        var sum = 0.0;
        for (var i = 0; i < logits.Length; i++) sum += weights[i] = logits[i] == float.NegativeInfinity ? 0 : Math.Exp(logits[i] - max);
        var (left, last) = (random.NextDouble() * sum, 0);
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] == 0) continue;
            last = i;
            if ((left -= weights[i]) < 0) return i;
        }

        return last; // rounding left a little over
    }
}
