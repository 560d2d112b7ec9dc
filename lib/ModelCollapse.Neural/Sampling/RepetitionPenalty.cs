namespace ModelCollapse.Sampling;

/// <summary>
/// Divides positive and multiplies negative scores of ids that occur in prompt or continuation (Keskar et al. 2019, CTRL), once per
/// id; padding in front does not count. In beam search scores are log-probabilities, so it always multiplies.
/// </summary>
sealed record RepetitionPenalty(float penalty) : ScoreProcessor
{
    public override void Apply(Span<float> scores, DecodingState state)
    {
        var seen = new HashSet<int>();
        foreach (var id in state.Sequence[state.Padding..])
            if (seen.Add(id)) scores[id] = scores[id] < 0 ? scores[id] * penalty : scores[id] / penalty;
    }
}
