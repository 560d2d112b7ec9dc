using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ModelCollapse.Store;

/// <summary>The numbers of one generation as <c>metrics.json</c>: sorted by name, doubles that read back bit for bit, no timings.</summary>
static class MetricsFile
{
    public const string FileName = "metrics.json";

    public static void Write(string path, IReadOnlyDictionary<MetricKey, double> metrics)
    {
        var text = new StringBuilder("{");
        foreach (var (name, value) in metrics.OrderBy(m => m.Key))
            text.Append(text.Length == 1 ? "\n  " : ",\n  ").Append(JsonSerializer.Serialize(name.ToString())).Append(": ").Append(Format(value));
        File.WriteAllText(path, text.Append("\n}\n").ToString());
    }

    public static IReadOnlyDictionary<MetricKey, double> Read(string path)
    {
        try
        {
            var metrics = new SortedDictionary<MetricKey, double>();
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            foreach (var metric in document.RootElement.EnumerateObject())
                metrics[MetricKey.Parse(metric.Name)] = metric.Value.ValueKind == JsonValueKind.String
                    ? double.Parse(metric.Value.GetString()!, CultureInfo.InvariantCulture)
                    : metric.Value.GetDouble();
            return metrics;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or IOException)
        {
            throw new InputException($"The metrics in {path} cannot be read ({e.Message}): delete this generation and those after it, and run again.", e);
        }
    }

    // JSON has no NaN and no infinity: they are written as texts.
    static string Format(double value) =>
        double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : $"\"{value.ToString(CultureInfo.InvariantCulture)}\"";
}
