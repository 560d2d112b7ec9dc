using System.Globalization;
using System.Text;
using ModelCollapse.Generations;
using ModelCollapse.Metrics;
using ModelCollapse.Recipes;
using ModelCollapse.Results;
using static ModelCollapse.Reporting.Report.HtmlText;

namespace ModelCollapse.Reporting.Report;

/// <summary>What each generation made of the fixed prompts: generations below each other, arms side by side.</summary>
static class SampleSection
{
    public static string Of(string heading, RunResults results)
    {
        var samples = results.Artifacts<SampleText[]>(SampleTexts.SamplesFile);
        if (samples.Count == 0) return "";
        var seed = samples.Min(s => s.Seed);
        Row[] rows = [.. from s in samples where s.Seed == seed from text in s.Value select new Row(s.Arm, s.Generation, text)];
        var measured = rows.Select(r => r.Arm).ToHashSet();
        ArmInfo[] arms = [.. results.Recipes.SelectMany(results.Arms).Where(a => measured.Contains(a.Name))];
        var html = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"<p class=\"note\">Seed {seed}, as the arm decodes. ↵ is a line break.</p>\n"));
        foreach (var (i, prompt) in rows.GroupBy(r => r.Text.Prompt).Index()) html.Append(OfPrompt(prompt.Key, [.. prompt], arms, open: i == 0));
        return HtmlReport.Section(heading, html.ToString());
    }

    static string OfPrompt(string prompt, Row[] rows, IReadOnlyList<ArmInfo> arms, bool open)
    {
        var html = new StringBuilder($"<details{(open ? " open" : "")}><summary>“{Escape(prompt.Trim())} …”</summary><div class=\"wide\"><table class=\"samples\"><thead><tr><th scope=\"col\"></th>")
            .Append(string.Concat(arms.Select(a => $"<th scope=\"col\">{Escape(a.Label)}</th>"))).Append("</tr></thead><tbody>\n");
        foreach (var generation in rows.GroupBy(r => r.Generation).OrderBy(g => g.Key))
            html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{generation.Key}</th>")
                .Append(string.Concat(arms.Select(a => $"<td>{Escape(Shown(generation.FirstOrDefault(r => r.Arm == a.Name)?.Text.Continuation ?? ""))}</td>"))).Append("</tr>\n");
        return html.Append("</tbody></table></div></details>\n").ToString();
    }

    static string Shown(string text) => text.Trim().ReplaceLineEndings("↵");

    sealed record Row(string Arm, int Generation, SampleText Text);
}
