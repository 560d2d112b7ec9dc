using System.Buffers;

namespace ModelCollapse.Text;

/// <summary>Finds added tokens in a text: the leftmost first, of several that begin at one place the longest.</summary>
sealed class AddedTokenMatcher(IEnumerable<AddedToken> tokens)
{
    readonly AddedToken[] longestFirst = [.. tokens.OrderByDescending(t => t.Text.Length)];
    readonly SearchValues<string> texts = SearchValues.Create([.. tokens.Select(t => t.Text)], StringComparison.Ordinal);

    /// <summary>Where the first added token begins, and which it is; the length of the text and null if there is none.</summary>
    public int Find(ReadOnlySpan<char> text, out AddedToken? token)
    {
        token = null;
        var at = text.IndexOfAny(texts);
        if (at < 0) return text.Length;
        foreach (var candidate in longestFirst)
            if (text[at..].StartsWith(candidate.Text, StringComparison.Ordinal))
            {
                token = candidate;
                break;
            }

        return at;
    }
}
