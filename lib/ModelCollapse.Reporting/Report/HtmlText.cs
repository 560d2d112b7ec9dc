using System.Net;
using System.Text;
using ModelCollapse.Data;

namespace ModelCollapse.Reporting.Report;

/// <summary>Text as HTML. Everything that a report shows goes through <see cref="Escape"/>, because models write anything.</summary>
static class HtmlText
{
    /// <summary>Text that is shown as it is, in an element or an attribute; characters that HTML does not allow become U+FFFD.</summary>
    public static string Escape(string text)
    {
        var allowed = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var pair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (pair) allowed.Append(text[i]).Append(text[++i]);
            else allowed.Append(char.IsSurrogate(text[i]) || (char.IsControl(text[i]) && text[i] is not ('\n' or '\t')) ? '\uFFFD' : text[i]);
        }

        return WebUtility.HtmlEncode(allowed.ToString());
    }

    /// <summary>A name for an anchor: letters and digits with hyphens between.</summary>
    public static string Anchor(string text) => string.Join('-', new string([.. text.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>A table that scrolls sideways where it is wider than the page; its first column stays.</summary>
    public static string Table(Table table, string? caption = null) => $"<div class=\"wide\">{Rows(table, caption ?? table.Title, "", _ => "")}</div>\n";

    /// <summary>A table of sentences: they wrap, and on a phone each row is a list.</summary>
    public static string Words(Table table) => $"{Rows(table, table.Title, " class=\"words\"", column => $" data-label=\"{Escape(column)}\"")}\n";

    static string Rows(Table table, string caption, string style, Func<string, string> label) =>
        $"<table{style}><caption>{Escape(caption)}</caption><thead><tr>{string.Concat(table.Columns.Select(c => $"<th scope=\"col\">{Escape(c)}</th>"))}</tr></thead><tbody>"
        + string.Concat(table.Rows.Select(row => $"<tr>{string.Concat(row.Select((c, i) => i == 0 ? $"<th scope=\"row\">{Escape(c)}</th>" : $"<td{label(table.Columns[i])}>{Escape(c)}</td>"))}</tr>\n"))
        + "</tbody></table>";
}
