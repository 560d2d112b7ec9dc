using System.Net;
using System.Reflection;
using System.Text;
using Microsoft.DotNet.Interactive.Formatting;

namespace ModelCollapse.Kernel.Output;

/// <summary>
/// How values look that the formatting library knows nothing of. TorchSharp and Microsoft.Data.Analysis are not referenced:
/// their types get a formatter when a cell loads them.
/// </summary>
static class Formatters
{
    const int Rows = 20, Values = 8;

    public static void Register()
    {
        // One number is no table.
        foreach (var type in new[]
                 {
                     typeof(bool), typeof(char), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
                     typeof(Half), typeof(float), typeof(double), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
                 })
            Formatter.SetPreferredMimeTypesFor(type, "text/plain");
        AppDomain.CurrentDomain.AssemblyLoad += (_, e) => Register(e.LoadedAssembly);
    }

    static void Register(Assembly assembly)
    {
        switch (assembly.GetName().Name)
        {
            case "TorchSharp" when assembly.GetType("TorchSharp.torch+Tensor") is { } tensor:
                Formatter.Register(tensor, (value, writer) => writer.Write(Describe(value)), "text/plain");
                Formatter.SetPreferredMimeTypesFor(tensor, "text/plain");
                break;
            case "Microsoft.Data.Analysis" when assembly.GetType("Microsoft.Data.Analysis.DataFrame") is { } frame:
                Formatter.Register(frame, (value, writer) => writer.Write(Table(value)), "text/html");
                Formatter.Register(frame, (value, writer) => writer.Write(value.ToString()), "text/plain");
                Formatter.SetPreferredMimeTypesFor(frame, "text/html", "text/plain");
                break;
        }
    }

    /// <summary>Shape, element type, device and the first values of a tensor.</summary>
    static string Describe(dynamic tensor)
    {
        var shape = (long[])tensor.shape;
        var head = $"Tensor [{string.Join(", ", shape)}], {tensor.dtype}, {tensor.device}";
        var count = shape.Aggregate(1L, (product, size) => product * size);
        if (count == 0 || tensor.is_sparse) return head;
        using var first = tensor.detach().flatten().slice(0, 0, Math.Min(count, Values), 1).cpu();
        var type = first.dtype.GetType();
        // Complex numbers have no order that fits one line.
        if (((string)first.dtype.ToString()).StartsWith("Complex", StringComparison.Ordinal)) return head;
        using var numbers = first.to_type((dynamic)Enum.Parse(type, "Float64"));
        var values = (IEnumerable<double>)numbers.data<double>().ToArray();
        return $"{head}: {string.Join(", ", values.Select(v => v.ToString("G6")))}{(count > Values ? ", …" : "")}";
    }

    /// <summary>The first rows of a data frame as an HTML table.</summary>
    static string Table(dynamic frame)
    {
        var html = new StringBuilder("<table><thead><tr><th></th>");
        foreach (var column in frame.Columns) html.Append($"<th>{WebUtility.HtmlEncode((string)column.Name)}</th>");
        html.Append("</tr></thead><tbody>");
        var rows = (long)frame.Rows.Count;
        for (long i = 0; i < Math.Min(rows, Rows); i++)
        {
            html.Append($"<tr><td><i>{i}</i></td>");
            foreach (var column in frame.Columns) html.Append($"<td>{WebUtility.HtmlEncode(Convert.ToString((object?)column[i]))}</td>");
            html.Append("</tr>");
        }
        html.Append("</tbody></table>");
        if (rows > Rows) html.Append($"<p>{Rows} of {rows} rows</p>");
        return html.ToString();
    }
}
