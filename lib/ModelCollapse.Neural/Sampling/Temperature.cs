namespace ModelCollapse.Sampling;

/// <summary>Divides all logits: below 1 sharpens the distribution, above 1 flattens it.</summary>
sealed record Temperature(float temperature) : ScoreProcessor
{
    public override void Apply(Span<float> scores, DecodingState state)
    {
        foreach (ref var score in scores) score /= temperature;
    }
}
