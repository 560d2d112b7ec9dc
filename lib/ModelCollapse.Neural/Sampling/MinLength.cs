namespace ModelCollapse.Sampling;

/// <summary>Forbids the ids that end a text until enough tokens are written.</summary>
sealed record MinLength(int minNewTokens, IReadOnlyList<int> eosIds) : ScoreProcessor
{
    public override void Apply(Span<float> scores, DecodingState state)
    {
        if (state.NewTokens >= minNewTokens) return;
        foreach (var id in eosIds) scores[id] = float.NegativeInfinity;
    }
}
