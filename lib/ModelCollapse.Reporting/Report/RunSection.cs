using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ModelCollapse.Data;
using ModelCollapse.Results;
using ModelCollapse.Store;
using static ModelCollapse.Reporting.Report.HtmlText;

namespace ModelCollapse.Reporting.Report;

/// <summary>What was run: in a paragraph at the head of the page, in full at its end.</summary>
static class RunSection
{
    public static string Summary(string recipe, RunResults results)
    {
        var html = new StringBuilder();
        if (results.Runs.FirstOrDefault() is { } run && (string?)run.Settings["description"] is { Length: > 0 } description) html.Append($"<p>{Escape(description)}</p>\n");
        html.Append("<dl>");
        Row("recipe", recipe);
        var arms = results.Arms(recipe).ToDictionary(a => a.Name);
        foreach (var arm in results.Metrics.GroupBy(m => m.Arm))
            Row($"arm {arm.Key}", string.Create(CultureInfo.InvariantCulture,
                $"{ArmInWords(arms[arm.Key], results)}seeds {string.Join(", ", arm.Select(m => m.Seed).Distinct().Order())}; generations 0 to {arm.Max(m => m.Generation)}"));
        foreach (var machine in results.Runs.Select(r => r.Machine).DistinctBy(m => (m.Processor, m.Cores, m.System)))
            Row("machine", string.Create(CultureInfo.InvariantCulture, $"{machine.Processor}, {machine.Cores} cores, {machine.MemoryBytes / 1e9:F0} GB, {machine.System}"));
        return html.Append("</dl>\n").ToString();

        void Row(string name, string value) => html.Append($"<dt>{Escape(name)}</dt><dd>{Escape(value)}</dd>");
    }

    public static string Provenance(string heading, RunResults results)
    {
        if (results.Runs.Count == 0) return "";
        var html = new StringBuilder("<dl>");
        Rows("version of this project", r => r.Machine.Code);
        Rows("SHA-256 of its library", r => r.Machine.CodeHash);
        Rows(".NET", r => r.Machine.Runtime);
        Rows("TorchSharp", r => r.Machine.TorchSharp ?? "not used");
        Rows("machine", r => string.Create(CultureInfo.InvariantCulture, $"{r.Machine.Host}: {r.Machine.Processor}, {r.Machine.Cores} cores, {r.Machine.System}"));
        html.Append(CultureInfo.InvariantCulture, $"<dt>begun</dt><dd>{results.Runs.Min(r => r.Started):u}</dd>");
        foreach (var name in results.Runs.SelectMany(r => r.Hashes.Keys).Distinct().Order(StringComparer.Ordinal)) Rows($"SHA-256 of {name}", r => r.Hashes.GetValueOrDefault(name, "none"));
        html.Append("</dl>\n");
        foreach (var arm in results.Runs.GroupBy(r => r.Arm))
            html.Append($"<details><summary>Settings of arm {Escape(arm.Key)}, with every default</summary><pre class=\"wide\"><code>{Escape(arm.First().Settings.ToJsonString(RecipeText))}</code></pre></details>\n");
        return HtmlReport.Section(heading, html.ToString());

        void Rows(string name, Func<RunDescription, string> value) =>
            html.Append($"<dt>{Escape(name)}</dt><dd>{string.Join("<br>", results.Runs.Select(value).Distinct().Select(v => $"<code>{Escape(v)}</code>"))}</dd>");
    }

    static readonly System.Text.Json.JsonSerializerOptions RecipeText = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What an arm is called in figures and tables, its settings, and what it is compared with: <c>“10 % real”; PreserveFraction, fraction 0.1; compared with control; </c>.</summary>
    static string ArmInWords(ArmInfo arm, RunResults results)
    {
        string[] parts =
        [
            arm.Label == arm.Name ? "" : $"“{arm.Label}”",
            results.Runs.FirstOrDefault(r => r.Arm == arm.Name) is { } run ? SettingsInWords(run.Settings) : "",
            arm.Control is null ? "" : $"compared with {arm.Control}",
        ];
        return string.Concat(parts.Where(p => p != "").Select(p => $"{p}; "));
    }

    /// <summary>Policy and decoding of an arm as its settings have them: <c>PreserveFraction, fraction 0.1; beams, beams 5</c>.</summary>
    static string SettingsInWords(JsonObject settings)
    {
        string[] parts = [Fields(settings["policy"], "kind"), Fields(settings["sampling"]?["decoding"], "strategy", "beams", "temperature", "topK", "topP")];
        return string.Join("; ", parts.Where(p => p != ""));

        static string Fields(JsonNode? node, string first, params string[] wanted) => node is not JsonObject o ? "" : string.Join(", ",
            o.Where(f => f.Key == first).Concat(o.Where(f => f.Key != first && f.Value is not null && (wanted.Length == 0 || wanted.Contains(f.Key))))
                .Select(f => f.Key == first ? $"{f.Value}" : $"{f.Key} {f.Value}"));
    }
}
