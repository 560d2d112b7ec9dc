namespace ModelCollapse.Sampling;

/// <summary>Forbids some ids always.</summary>
sealed record SuppressTokens(IReadOnlyList<int> ids) : ScoreProcessor
{
    public override void Apply(Span<float> scores, DecodingState state)
    {
        foreach (var id in ids) scores[id] = float.NegativeInfinity;
    }
}
