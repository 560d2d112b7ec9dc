using System.Globalization;
using Microsoft.Data.Analysis;

namespace ModelCollapse.Results;

/// <summary>
/// Data frames as CSV and back, without loss: numbers to the last bit, NaN and infinities, texts with commas, quotes and line breaks, and empty texts apart from
/// missing ones. (<c>DataFrame.SaveCsv</c> writes numbers as the machine's language does and does not quote.)
/// </summary>
public static class FrameCsv
{
    /// <summary>Writes a data frame to a file.</summary>
    /// <param name="frame">The data frame.</param>
    /// <param name="path">The file; its folder is created where missing.</param>
    public static void Write(DataFrame frame, string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        File.WriteAllText(path, Csv.Write([.. frame.Columns.Select(c => c.Name)], frame.Rows.Select(row => (IReadOnlyList<object?>)[.. row])));
    }

    /// <summary>Reads a data frame from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="types">Type of some columns by name: <c>string</c>, <c>long</c> or <c>double</c>. The others are whole numbers, numbers or texts, by what is in them.</param>
    /// <exception cref="InputException">The file is not a table, or a field is not of its column's type.</exception>
    public static DataFrame Read(string path, IReadOnlyDictionary<string, Type>? types = null)
    {
        if (!File.Exists(path)) throw new InputException($"There is no file {path}.");
        var rows = Csv.Read(File.ReadAllText(path), path);
        if (rows.Count == 0) throw new InputException($"{path} is empty: its first line must name the columns.");
        return new(rows[0].Index().Select(column => Column(column.Item ?? "", [.. rows.Skip(1).Select(row => row[column.Index])], types, path)));
    }

    static DataFrameColumn Column(string name, string?[] fields, IReadOnlyDictionary<string, Type>? types, string path)
    {
        var type = types?.GetValueOrDefault(name) ?? TypeOf(fields);
        if (type == typeof(string)) return new StringDataFrameColumn(name, fields);
        if (type == typeof(long)) return new Int64DataFrameColumn(name, fields.Select(f => f is null ? (long?)null : WholeOf(f) ?? throw Wrong(f)));
        if (type == typeof(double)) return new DoubleDataFrameColumn(name, fields.Select(f => f is null ? (double?)null : NumberOf(f) ?? throw Wrong(f)));
        throw new ArgumentException($"A column may be of type string, long or double, not {type}.", nameof(types));

        InputException Wrong(string field) => new($"{path}: '{field}' in the column '{name}' is not of type {type.Name}.");
    }

    static Type TypeOf(IReadOnlyList<string?> fields)
    {
        string[] present = [.. fields.OfType<string>()];
        if (present.Length == 0) return typeof(string);
        if (present.All(f => WholeOf(f) is not null)) return typeof(long);
        return present.All(f => NumberOf(f) is not null) ? typeof(double) : typeof(string);
    }

    // −0 is a number that a whole number cannot hold.
    static long? WholeOf(string field) => field != "-0" && long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    static double? NumberOf(string field) => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
}
