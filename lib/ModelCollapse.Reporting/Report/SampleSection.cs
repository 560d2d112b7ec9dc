using System.Globalization;
using System.Text;
using ModelCollapse.Results;
using static ModelCollapse.Notebooks.Report.HtmlText;

namespace ModelCollapse.Reporting.Report;

/// <summary>What each generation made of the fixed prompts: generations below each other, arms side by side.</summary>
static class SampleSection
{
    public static string Of(string heading, RunResults results)
    {
        if (results.Samples.Count == 0) return "";
        var seed = results.Samples.Min(s => s.Seed);
        SampleTextRow[] rows = [.. results.Samples.Where(s => s.Seed == seed)];
        string[] arms = [.. rows.Select(r => r.Arm).Distinct()];
        var html = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"<p class=\"note\">Seed {seed}, as the arm decodes. ↵ is a line break.</p>\n"));
        foreach (var (i, prompt) in rows.GroupBy(r => r.Prompt).Index())
        {
            html.Append($"<details{(i == 0 ? " open" : "")}><summary>“{Escape(prompt.Key.Trim())} …”</summary><div class=\"wide\"><table class=\"samples\"><thead><tr><th scope=\"col\"></th>")
                .Append(string.Concat(arms.Select(a => $"<th scope=\"col\">{Escape(a)}</th>"))).Append("</tr></thead><tbody>\n");
            foreach (var generation in prompt.GroupBy(r => r.Generation).OrderBy(g => g.Key))
                html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{generation.Key}</th>")
                    .Append(string.Concat(arms.Select(a => $"<td>{Escape(Shown(generation.FirstOrDefault(r => r.Arm == a)?.Continuation ?? ""))}</td>"))).Append("</tr>\n");
            html.Append("</tbody></table></div></details>\n");
        }

        return HtmlReport.Section(heading, html.ToString());
    }

    static string Shown(string text) => text.Trim().ReplaceLineEndings("↵");
}
