using System.Net;
using System.Text;
using Microsoft.DotNet.Interactive.Formatting;
using ModelCollapse.Data;

namespace ModelCollapse.Reporting;

/// <summary>A table of texts, shown as HTML in a notebook and as aligned columns elsewhere.</summary>
/// <param name="Title">Line above the table; may be empty.</param>
/// <param name="Columns">Headings.</param>
/// <param name="Rows">Cells by row, as many as headings.</param>
[TypeFormatterSource(typeof(TableFormatters), PreferredMimeTypes = [MimeTypes.Html, MimeTypes.Text])]
public sealed record Table(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>The table as HTML without scripts and style sheets.</summary>
    public string ToHtml()
    {
        var html = new StringBuilder("<table>");
        if (Title != "") html.Append($"<caption style=\"text-align:left;font-weight:bold;white-space:nowrap\">{WebUtility.HtmlEncode(Title)}</caption>");
        html.Append("<thead><tr>").AppendJoin("", Columns.Select((c, i) => $"<th style=\"text-align:{Side(i)}\">{WebUtility.HtmlEncode(c)}</th>")).Append("</tr></thead><tbody>");
        foreach (var row in Rows)
            html.Append("<tr>").AppendJoin("", row.Select((c, i) => $"<td style=\"text-align:{Side(i)}\">{WebUtility.HtmlEncode(c)}</td>")).Append("</tr>");
        return html.Append("</tbody></table>").ToString();
    }

    /// <summary>The table as text in aligned columns.</summary>
    public string ToText()
    {
        int[] widths = [.. Columns.Select((c, i) => Rows.Select(r => r[i].Length).Append(c.Length).Max())];
        var lines = Rows.Prepend(Columns).Select(row => string.Join("  ", row.Select((c, i) => i == 0 ? c.PadRight(widths[i]) : c.PadLeft(widths[i]))).TrimEnd()).ToList();
        lines.Insert(1, string.Join("  ", widths.Select(w => new string('-', w))));
        return string.Join("\n", Title == "" ? lines : lines.Prepend(Title));
    }

    /// <inheritdoc/>
    public override string ToString() => ToText();

    static string Side(int column) => column == 0 ? "left" : "right";
}
