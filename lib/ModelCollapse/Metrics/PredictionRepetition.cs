namespace ModelCollapse.Metrics;

/// <summary>
/// rep/l and wrep/l (Welleck et al., arXiv 1908.04319; literature.md, Definitions of metrics): how often the most probable next token is one of the l tokens
/// before it. Rises under collapse, as a model learns to repeat. Their l are 16, 32, 128 and 512.
/// </summary>
/// <param name="Rep">rep/l: share of predictions that occur in the l tokens before.</param>
/// <param name="WrongRep">wrep/l: share of predictions that occur there and are wrong.</param>
public sealed record PredictionRepetition(double Rep, double WrongRep)
{
    /// <summary>Counts over texts.</summary>
    /// <param name="texts">For each text its tokens, and for each but the first the most probable token in its place given those before.</param>
    /// <param name="window">Number l of tokens to look back. Range: at least 1.</param>
    /// <exception cref="ArgumentException">There are no predictions, or not one for each token but the first.</exception>
    public static PredictionRepetition Of(IEnumerable<(int[] Tokens, int[] Predictions)> texts, int window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        var (repeated, wrong, all) = (0L, 0L, 0.0);
        foreach (var (tokens, predictions) in texts)
        {
            if (predictions.Length != Math.Max(0, tokens.Length - 1))
                throw new ArgumentException($"A text of {tokens.Length} tokens needs a prediction for each but the first: there are {predictions.Length}.", nameof(texts));
            for (var i = 1; i < tokens.Length; i++)
            {
                all++;
                if (!tokens.AsSpan(Math.Max(0, i - window), Math.Min(i, window)).Contains(predictions[i - 1])) continue;
                repeated++;
                if (predictions[i - 1] != tokens[i]) wrong++;
            }
        }

        if (all == 0) throw new ArgumentException("There are no predictions to look at: give texts of two or more tokens.", nameof(texts));
        return new(repeated / all, wrong / all);
    }
}
