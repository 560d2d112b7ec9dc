namespace ModelCollapse.Sampling;

/// <summary>Drops tokens with less than a share of the best one's probability (Nguyen et al. 2024).</summary>
sealed record MinP(double share) : ScoreProcessor
{
    public override void Apply(Span<float> scores, DecodingState state)
    {
        var probabilities = Distribution.Softmax(scores);
        var least = share * probabilities.Max();
        for (var i = 0; i < scores.Length; i++)
            if (probabilities[i] < least) scores[i] = float.NegativeInfinity;
    }
}
