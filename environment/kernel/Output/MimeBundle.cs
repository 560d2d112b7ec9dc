using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Formatting;

namespace ModelCollapse.Kernel.Output;

/// <summary>A value as the <c>data</c> of a display message: one entry for each MIME type.</summary>
static class MimeBundle
{
    public static JsonObject Of(object? value) =>
        value is null ? new() { ["text/plain"] = Formatter.NullString } : Of(value, FormattedValue.CreateManyFromObject(value));

    /// <summary>Every formatted value, and text for front ends that can show nothing else.</summary>
    public static JsonObject Of(object? value, IEnumerable<FormattedValue> formatted)
    {
        var data = new JsonObject();
        foreach (var entry in formatted.Where(f => !f.SuppressDisplay && f.Value is not null)) data[entry.MimeType] = Content(entry);
        if (!data.ContainsKey("text/plain")) data["text/plain"] = value.ToDisplayString("text/plain");
        var length = data.Sum(entry => entry.Value is JsonValue v && v.TryGetValue<string>(out var text) ? (long)text.Length : 0);
        return length <= OutputCapture.Limit ? data : new()
        {
            ["text/plain"] = $"This output of {length / 1e6:0} million characters is not shown: the limit is {OutputCapture.Limit >> 20} million. Show a part of it, or write it to a file.",
        };
    }

    static JsonNode? Content(FormattedValue entry)
    {
        var text = entry.Value;
        if (entry.MimeType == "application/json" || entry.MimeType.EndsWith("+json", StringComparison.Ordinal))
            try { return JsonNode.Parse(text); }
            catch (JsonException) { return text; }
        if (entry.MimeType == "image/svg+xml" && text.AsSpan().TrimStart().StartsWith("<?xml", StringComparison.Ordinal))
            return text[(text.IndexOf("?>", StringComparison.Ordinal) + 2)..].TrimStart();
        return text;
    }
}
