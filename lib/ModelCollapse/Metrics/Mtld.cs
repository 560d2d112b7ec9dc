namespace ModelCollapse.Metrics;

/// <summary>
/// Measure of textual lexical diversity (McCarthy and Jarvis, Behavior Research Methods 2010): the mean number of tokens that a text goes on before its
/// type-token ratio has fallen to a threshold, forwards and backwards. Falls under collapse, as text repeats itself (lexical diversity: Guo et al.,
/// arXiv 2311.09807); hardly depends on length.
/// </summary>
/// <remarks>The paper closes a factor below the threshold; the usual packages, and this, at or below it.</remarks>
public static class Mtld
{
    /// <summary>The paper's threshold of the type-token ratio.</summary>
    public const double DefaultThreshold = 0.72;

    /// <summary>MTLD of one text, in tokens.</summary>
    /// <param name="tokens">Token ids.</param>
    /// <param name="threshold">Ratio at which a factor is closed. Range: above 0, below 1.</param>
    /// <returns>The length of the text where all its tokens differ.</returns>
    /// <exception cref="ArgumentException">There are no tokens.</exception>
    public static double Of(ReadOnlySpan<int> tokens, double threshold = DefaultThreshold)
    {
        if (!(threshold is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "A threshold lies between 0 and 1.");
        if (tokens.IsEmpty) throw new ArgumentException("A text without tokens has no lexical diversity.", nameof(tokens));
        var backwards = tokens.ToArray();
        Array.Reverse(backwards);
        return (OneWay(tokens, threshold) + OneWay(backwards, threshold)) / 2;
    }

    static double OneWay(ReadOnlySpan<int> tokens, double threshold)
    {
        HashSet<int> types = [];
        var (factors, length) = (0.0, 0);
        foreach (var token in tokens)
        {
            types.Add(token);
            length++;
            if ((double)types.Count / length > threshold) continue;
            factors++;
            length = 0;
            types.Clear();
        }

        if (length > 0) factors += (1 - (double)types.Count / length) / (1 - threshold);
        return factors == 0 ? tokens.Length : tokens.Length / factors;
    }
}
