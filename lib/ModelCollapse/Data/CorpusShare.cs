namespace ModelCollapse.Data;

/// <summary>
/// A share of a corpus between two fractions. Ranges that meet share nothing and leave nothing out. With at least
/// <see cref="FewestDocuments"/> documents the share is of whole documents, by their number; with fewer (one long file, say) it is of the
/// text, by position, cut at the ends of lines.
/// </summary>
public static class CorpusShare
{
    /// <summary>From this number of documents on a corpus is divided between documents.</summary>
    public const int FewestDocuments = 20;

    /// <summary>The documents of a share; the first and the last may be parts where there are few.</summary>
    /// <exception cref="InputException">The share holds no text, or the range is none.</exception>
    public static IReadOnlyList<string> Take(ICorpus corpus, SplitRange range)
    {
        if (!(range.From >= 0 && range.From < range.To && range.To <= 1))
            throw new InputException($"The share of {corpus.Name} from {range.From} to {range.To} is none: choose 0 ≤ from < to ≤ 1.");
        var documents = corpus.Documents(range.Split);
        IReadOnlyList<string> share = documents.Count >= FewestDocuments
            ? [.. documents.Take(Count(range.To)).Skip(Count(range.From))]
            : ByPosition(documents, range);
        return share.Count > 0 ? share : throw new InputException($"The share of {corpus.Name} from {range.From} to {range.To} holds no text: choose a wider range or give more text.");

        int Count(double fraction) => (int)Math.Round(fraction * documents.Count, MidpointRounding.AwayFromZero);
    }

    static List<string> ByPosition(IReadOnlyList<string> documents, SplitRange range)
    {
        var total = documents.Sum(d => (long)d.Length);
        List<string> share = [];
        var before = 0L;
        foreach (var document in documents)
        {
            var (start, end) = (Cut(range.From), Cut(range.To));
            if (start < end) share.Add(document[start..end]);
            before += document.Length;

            int Cut(double fraction)
            {
                var at = (long)Math.Round(fraction * total, MidpointRounding.AwayFromZero) - before;
                return at <= 0 ? 0 : at >= document.Length ? document.Length : LineStart(document, (int)at);
            }
        }

        return share;
    }

    /// <summary>The next start of a line at or after a position; in a text without another line end, the next start of a word.</summary>
    static int LineStart(string text, int at)
    {
        var newline = text.IndexOf('\n', at - 1);
        if (newline >= 0) return newline + 1;
        var blank = text.AsSpan(at).IndexOfAny(' ', '\t');
        if (blank >= 0) return at + blank;
        return char.IsLowSurrogate(text[at]) ? at + 1 : at;
    }
}
