namespace ModelCollapse.Sampling;

/// <summary>Keeps the k best tokens (Fan et al. 2018), and all that tie with the k-th.</summary>
sealed record TopK(int k) : ScoreProcessor
{
    public override void Apply(Span<float> scores, DecodingState state)
    {
        if (k >= scores.Length) return;
        var best = new PriorityQueue<float, float>(k);
        foreach (var score in scores)
            if (best.Count < k) best.Enqueue(score, score);
            else if (score > best.Peek()) best.EnqueueDequeue(score, score);
        var kth = best.Peek();
        foreach (ref var score in scores)
            if (score < kth) score = float.NegativeInfinity;
    }
}
