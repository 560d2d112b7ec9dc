using System.Globalization;
using System.Text;

namespace ModelCollapse.Results;

/// <summary>
/// Tables as text, by RFC 4180: fields with commas, quotes or line breaks stand in quotes, quotes in them are doubled. Lines end with a line feed. Numbers are
/// those of the invariant culture and read back bit for bit.
/// </summary>
static class Csv
{
    /// <summary>A table as text.</summary>
    /// <param name="columns">Headings.</param>
    /// <param name="rows">Fields of each row: texts, numbers, or null for an empty field, which is told from an empty text.</param>
    public static string Write(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows.Prepend(columns)) text.AppendJoin(',', row.Select(Field)).Append('\n');
        return text.ToString();
    }

    /// <summary>Reads a table.</summary>
    /// <param name="text">The text.</param>
    /// <param name="document">What to call it in messages.</param>
    /// <returns>All rows, the headings first; null for an empty field without quotes.</returns>
    /// <exception cref="InputException">A quote is not closed, or rows differ in their number of fields.</exception>
    public static IReadOnlyList<string?[]> Read(string text, string document)
    {
        var rows = new List<string?[]>();
        var at = 0;
        while (at < text.Length)
        {
            var row = ReadRow(text, ref at, document);
            if (rows.Count > 0 && row.Length != rows[0].Length)
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{document}: row {rows.Count + 1} has {row.Length} fields but the first has {rows[0].Length}: restore the file."));
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>Reads the rows of a file whose headings are known; empty fields are empty texts.</summary>
    /// <exception cref="InputException">The file has other headings, or is damaged.</exception>
    public static IEnumerable<string[]> ReadFile(string path, IReadOnlyList<string> columns)
    {
        var rows = Read(File.ReadAllText(path), path);
        if (rows.Count == 0 || !rows[0].SequenceEqual(columns)) throw new InputException($"{path} must begin with the line {string.Join(',', columns)}: restore the folder from git, or export it again.");
        return rows.Skip(1).Select(row => Array.ConvertAll(row, field => field ?? ""));
    }

    static string?[] ReadRow(string text, ref int at, string document)
    {
        var fields = new List<string?>();
        while (true)
        {
            fields.Add(ReadField(text, ref at, document));
            if (at < text.Length && text[at] == ',')
            {
                at++;
                continue;
            }

            if (at < text.Length && text[at] == '\r') at++;
            if (at < text.Length && text[at] == '\n') at++;
            return [.. fields];
        }
    }

    static string? ReadField(string text, ref int at, string document)
    {
        if (at < text.Length && text[at] == '"') return ReadQuoted(text, ref at, document);
        var length = text.AsSpan(at).IndexOfAny(',', '\r', '\n');
        var field = length < 0 ? text[at..] : text.Substring(at, length);
        at += field.Length;
        return field.Length == 0 ? null : field;
    }

    static string ReadQuoted(string text, ref int at, string document)
    {
        var (field, begin) = (new StringBuilder(), at++);
        while (true)
        {
            var end = text.IndexOf('"', at);
            if (end < 0) throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{document}: the quote at character {begin + 1} is not closed: restore the file."));
            field.Append(text, at, end - at);
            at = end + 1;
            if (at >= text.Length || text[at] != '"') break;
            field.Append('"');
            at++;
        }

        if (at < text.Length && text[at] is not (',' or '\r' or '\n'))
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"{document}: after the quotes at character {begin + 1} there must be a comma or the end of the line: restore the file."));
        return field.ToString();
    }

    static string Field(object? value)
    {
        if (value is null) return "";
        var text = value is double number ? number.ToString("R", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return text.Length == 0 || text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
