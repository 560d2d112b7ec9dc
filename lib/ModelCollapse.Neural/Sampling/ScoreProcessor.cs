namespace ModelCollapse.Sampling;

/// <summary>
/// Changes the scores of the next token: logits in greedy search and sampling, log-probabilities in beam search. A rule of your own is a record with a
/// <see cref="KindAttribute"/>, named in <c>sampling.decoding.rules</c>; its text form names it in provenance.
/// </summary>
[KindFamily]
public abstract record ScoreProcessor
{
    /// <summary>Changes <paramref name="scores"/> [vocab] in place; minus infinity forbids a token.</summary>
    /// <param name="scores">One for each token id.</param>
    /// <param name="state">What has been read and written so far.</param>
    public abstract void Apply(Span<float> scores, DecodingState state);

    /// <summary>The processors that every strategy applies, in Hugging Face's order.</summary>
    internal static IReadOnlyList<ScoreProcessor> For(DecodingOptions o)
    {
        List<ScoreProcessor> all = [];
        if (o.RepetitionPenalty != 1) all.Add(new RepetitionPenalty((float)o.RepetitionPenalty));
        if (o.NoRepeatNGram is { } n) all.Add(new NoRepeatNGram(n));
        if (o.MinNewTokens > 0 && o.EosIds.Count > 0) all.Add(new MinLength(o.MinNewTokens, o.EosIds));
        if (o.SuppressTokens.Count > 0) all.Add(new SuppressTokens(o.SuppressTokens));
        if (!o.Sample) return [.. all, .. o.Rules];
        if (o.Temperature != 1) all.Add(new Temperature((float)o.Temperature));
        if (o.TopK is { } k) all.Add(new TopK(k));
        // At exactly 1 a sum of probabilities, rounded, reaches it before tokens below 1e-17, which belong to all the same.
        if (o.TopP is { } p && p < 1) all.Add(new Nucleus(p));
        if (o.MinP is { } m) all.Add(new MinP(m));
        if (o.TypicalP is { } t) all.Add(new Typical(t));
        return [.. all, .. o.Rules];
    }
}

/// <summary>What has been read and written so far in one row.</summary>
/// <param name="sequence">Token ids, padding at the left included.</param>
/// <param name="padding">Ids of padding at the left.</param>
/// <param name="promptLength">Ids of the padded prompt.</param>
public readonly ref struct DecodingState(ReadOnlySpan<int> sequence, int padding, int promptLength)
{
    /// <summary>Token ids, padding at the left included.</summary>
    public ReadOnlySpan<int> Sequence { get; } = sequence;

    /// <summary>Ids of padding at the left.</summary>
    public int Padding { get; } = padding;

    /// <summary>Tokens that are written already.</summary>
    public int NewTokens { get; } = sequence.Length - promptLength;
}
