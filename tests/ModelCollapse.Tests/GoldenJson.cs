using System.Globalization;
using System.Text.Json;
using ModelCollapse.Data;
using ModelCollapse.Results.Claims;

namespace ModelCollapse.Tests;

/// <summary>Numbers of golden JSON files: what is not finite is a string there, and what does not exist is null (golden/metrics/README.md).</summary>
static class GoldenJson
{
    /// <summary>A number; NaN for null.</summary>
    public static double Number(this JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => double.NaN,
        JsonValueKind.String => double.Parse(element.GetString()!, CultureInfo.InvariantCulture),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => element.GetDouble(),
    };

    /// <summary>The number under a name.</summary>
    public static double Number(this JsonElement element, string name) => element.GetProperty(name).Number();

    /// <summary>A list of numbers.</summary>
    public static double[] Numbers(this JsonElement element) => [.. element.EnumerateArray().Select(Number)];

    /// <summary>The list of numbers under a name.</summary>
    public static double[] Numbers(this JsonElement element, string name) => element.GetProperty(name).Numbers();

    /// <summary>A list of lists of numbers.</summary>
    public static double[][] Rows(this JsonElement element) => [.. element.EnumerateArray().Select(Numbers)];

    /// <summary>The list of lists of numbers under a name.</summary>
    public static double[][] Rows(this JsonElement element, string name) => element.GetProperty(name).Rows();

    /// <summary>The text under a name.</summary>
    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;
}

/// <summary>
/// The largest deviation of a golden file by tolerance, |found − wanted| / max(1, |wanted|), and which of its fields were compared: a
/// field that nothing is compared with fails.
/// </summary>
/// <param name="file">The file, relative to the golden folder.</param>
sealed class GoldenComparison(string file)
{
    readonly SortedDictionary<(string What, double Tolerance), double> worst = [];

    /// <summary>Compares a number.</summary>
    /// <param name="what">The part of the file that it belongs to; one line is printed for each.</param>
    /// <param name="found">What was computed.</param>
    /// <param name="wanted">The reference. NaN and the infinities must be met exactly.</param>
    /// <param name="tolerance">The largest deviation allowed.</param>
    public void Add(string what, double found, double wanted, double tolerance)
    {
        var deviation = found.Equals(wanted) ? 0 : double.IsFinite(wanted) ? Math.Abs(found - wanted) / Math.Max(1, Math.Abs(wanted)) : double.NaN;
        worst[(what, tolerance)] = Math.Max(worst.GetValueOrDefault((what, tolerance)), deviation);
    }

    /// <summary>Compares lists of equal length.</summary>
    public void Add(string what, IEnumerable<double> found, IEnumerable<double> wanted, double tolerance)
    {
        double[] mine = [.. found], theirs = [.. wanted];
        Add($"{what}, length", mine.Length, theirs.Length, 0);
        foreach (var (a, b) in mine.Zip(theirs)) Add(what, a, b, tolerance);
    }

    /// <summary>Counts how far a number is outside a range.</summary>
    public void Within(string what, double found, double low, double high) =>
        Add(what, Math.Max(0, Math.Max(low - found, found - high)) + (double.IsNaN(found) ? double.NaN : 0), 0, 1e-12);

    /// <summary>Compares every field of an object with what is computed for its name; a name that gives null is one that no test knows, which fails.</summary>
    public void Fields(string what, JsonElement expected, double tolerance, Func<string, double?> found)
    {
        foreach (var field in expected.EnumerateObject())
            Add(what, found(field.Name) ?? throw new InvalidDataException($"{file} has a field {what}.{field.Name} that nothing is compared with."), field.Value.Number(), tolerance);
    }

    /// <summary>Prints one line for each part, and fails if one is above its tolerance.</summary>
    public void Report()
    {
        Assert.NotEmpty(worst);
        foreach (var ((what, tolerance), deviation) in worst.Where(w => !w.Key.What.EndsWith(", length") || !(w.Value <= 0))) GoldenFolder.Report(file, what, deviation, tolerance);
    }
}
