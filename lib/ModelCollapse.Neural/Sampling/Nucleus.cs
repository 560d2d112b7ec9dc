namespace ModelCollapse.Sampling;

/// <summary>Keeps the smallest set of best tokens with at least probability p (Holtzman et al. 2020): the one that crosses p is kept.</summary>
sealed record Nucleus(double p) : ScoreProcessor
{
    public override void Apply(Span<float> scores, DecodingState state)
    {
        var probabilities = Distribution.Softmax(scores);
        var order = Distribution.Descending(probabilities);
        var above = 0.0;
        for (var i = 0; i < order.Length; i++)
        {
            if (i > 0 && above >= p) scores[order[i]] = float.NegativeInfinity;
            above += probabilities[order[i]];
        }
    }
}
