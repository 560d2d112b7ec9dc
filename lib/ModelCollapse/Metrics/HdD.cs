namespace ModelCollapse.Metrics;

/// <summary>
/// HD-D (McCarthy and Jarvis 2007): the expected type-token ratio of a random draw of tokens without replacement, by the hypergeometric distribution.
/// Falls under collapse, as a model uses fewer words (lexical diversity: Guo et al., arXiv 2311.09807); does not depend on the length of the text.
/// </summary>
public static class HdD
{
    /// <summary>The authors' number of tokens in a draw.</summary>
    public const int DefaultDraws = 42;

    /// <summary>HD-D of a set of texts, 0 to 1.</summary>
    /// <param name="texts">Token ids of each text.</param>
    /// <param name="draws">Tokens in a draw. Range: at least 1.</param>
    /// <exception cref="ArgumentException">The texts hold fewer tokens than are drawn.</exception>
    public static double Of(IEnumerable<int[]> texts, int draws = DefaultDraws)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        var distribution = new UnigramDistribution(texts);
        if (distribution.Tokens < draws) throw new ArgumentException($"HD-D draws {draws} tokens, but the texts hold {distribution.Tokens}: draw fewer, or leave it out.", nameof(texts));
        return distribution.Counts.Order().Sum(count => 1 - Missing(count)) / draws;

        // Probability that a draw does not hold a type.
        double Missing(long count)
        {
            var probability = 1.0;
            for (var i = 0; i < draws; i++) probability *= Math.Max(0.0, distribution.Tokens - count - i) / (distribution.Tokens - i);
            return probability;
        }
    }
}
