namespace ModelCollapse.Sampling;

/// <summary>Forbids the token that would complete an n-gram a second time. Padding counts like other ids, as in Hugging Face.</summary>
sealed record NoRepeatNGram(int n) : ScoreProcessor
{
    public override void Apply(Span<float> scores, DecodingState state)
    {
        var sequence = state.Sequence;
        if (sequence.Length + 1 < n) return;
        var prefix = sequence[(sequence.Length - n + 1)..];
        for (var i = 0; i + n <= sequence.Length; i++)
            if (sequence.Slice(i, n - 1).SequenceEqual(prefix)) scores[sequence[i + n - 1]] = float.NegativeInfinity;
    }
}
