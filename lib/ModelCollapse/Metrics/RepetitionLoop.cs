namespace ModelCollapse.Metrics;

/// <summary>
/// Whether a text ends in a loop (Holtzman et al. 2020; literature.md, Definitions of metrics): its last phrase is repeated without a break up to the end. A phrase of
/// three or more tokens must come at least twice, a shorter one more than 50 times. The share of such texts rises under beam search (same source) and
/// under collapse.
/// </summary>
public static class RepetitionLoop
{
    /// <summary>Longest phrase that is looked for, in tokens.</summary>
    public const int LongestPhrase = 90;

    const int ShortestPhrase = 3, EnoughOfAShorterOne = 50;

    /// <summary>Share of texts that end in a loop.</summary>
    /// <param name="texts">Token ids of each text; at least one text.</param>
    public static double Share(IEnumerable<int[]> texts)
    {
        double[] found = [.. texts.Select(t => EndsIn(t) ? 1.0 : 0)];
        return found.Length > 0 ? found.Average() : throw new ArgumentException("There are no texts to take a share of.", nameof(texts));
    }

    /// <summary>Whether one text ends in a loop.</summary>
    /// <param name="tokens">Token ids.</param>
    public static bool EndsIn(ReadOnlySpan<int> tokens)
    {
        for (var phrase = 1; phrase <= LongestPhrase && 2 * phrase <= tokens.Length; phrase++)
        {
            var repeats = 1;
            while ((repeats + 1) * phrase <= tokens.Length && tokens.Slice(tokens.Length - (repeats + 1) * phrase, phrase).SequenceEqual(tokens[^phrase..])) repeats++;
            if (repeats > EnoughOfAShorterOne || (phrase >= ShortestPhrase && repeats > 1)) return true;
        }

        return false;
    }
}
