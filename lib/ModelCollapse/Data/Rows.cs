namespace ModelCollapse.Data;

/// <summary>
/// Text in rows, as Hugging Face's <c>datasets</c> gives WikiText: one row per line with its newline, and an empty row for a line of
/// blanks alone.
/// </summary>
public static class Rows
{
    /// <summary>The rows of a text.</summary>
    public static IEnumerable<string> Of(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var newline = text.IndexOf('\n', start);
            var end = newline < 0 ? text.Length : newline + 1;
            yield return text.AsSpan(start, end - start).IsWhiteSpace() ? "" : text[start..end];
            start = end;
        }
    }

    /// <summary>The text of WikiText's rows: there every line of blanks is one blank.</summary>
    public static string ToWikiText(IEnumerable<string> rows) => string.Concat(rows.Select(row => row.Length == 0 ? " \n" : row));
}
