using System.Globalization;
using Microsoft.Data.Analysis;

namespace ModelCollapse.Reporting;

/// <summary>The beginning of a data frame as a table.</summary>
public static class FrameTable
{
    /// <summary>Rows that are shown at most.</summary>
    public const int Most = 20;

    /// <summary>The first rows; the title says how many there are.</summary>
    /// <param name="frame">The data frame.</param>
    public static Table Of(DataFrame frame)
    {
        var shown = (int)Math.Min(Most, frame.Rows.Count);
        var title = string.Create(CultureInfo.InvariantCulture, $"{(shown < frame.Rows.Count ? $"first {shown} of " : "")}{frame.Rows.Count:N0} {(frame.Rows.Count == 1 ? "row" : "rows")}, {frame.Columns.Count} columns");
        return new(title, [.. frame.Columns.Select(c => c.Name)], [.. Enumerable.Range(0, shown).Select(i => (string[])[.. frame.Columns.Select(c => Cell(c[i]))])]);
    }

    static string Cell(object? value) => value switch
    {
        null => "",
        double number => number.ToString("G6", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
