using System.Text;
using ModelCollapse.Results.Claims;
using static ModelCollapse.Reporting.Report.HtmlText;

namespace ModelCollapse.Reporting.Report;

/// <summary>The claims of the literature with their verdicts.</summary>
static class ClaimSection
{
    public const string Heading = "What the literature says";

    public static string Of(IReadOnlyList<Verdict> verdicts)
    {
        if (verdicts.Count == 0) return "";
        var html = new StringBuilder("<p class=\"note\">The verdict of a claim is where its own interval lies; p is two-sided and corrected over all claims tested here (Holm), so it tells how far the table as a whole can be trusted. “Inconclusive” means that the interval contains 0.</p>\n");
        var several = verdicts.Select(v => v.Recipe).OfType<string>().Distinct().Count() > 1;
        Verdict[] read = [.. verdicts.Where(v => v.Recipe is not null)], others = [.. verdicts.Where(v => v.Recipe is null)];
        if (read.Length > 0)
        {
            html.Append("<table class=\"claims\"><thead><tr><th scope=\"col\">claim</th><th scope=\"col\">measured</th><th scope=\"col\">mean and interval</th><th scope=\"col\">seeds</th><th scope=\"col\">p</th><th scope=\"col\">verdict</th></tr></thead><tbody>\n");
            foreach (var (i, v) in read.Index())
            {
                var claim = i > 0 && read[i - 1].Claim == v.Claim ? "" : $"{Escape(v.Claim.Statement)} <span class=\"note\">{Escape($"{v.Claim.Source}, {v.Claim.Where}; read in {(v.Claim.Grade is Grade.FullText ? "full" : GradeOf(v.Claim.Grade))}.")}</span>";
                html.Append($"<tr><th scope=\"row\">{claim}</th>")
                    .Append(Cell("measured", several ? $"{v.Recipe}: {v.Quantity}" : v.Quantity)).Append(Cell("mean and interval", ClaimTables.Interval(v), "number"))
                    .Append(Cell("seeds", v.Seeds == 0 ? "" : $"{v.Seeds}")).Append(Cell("p", ClaimTables.PValue(v.HolmP), "number"))
                    .Append($"<td class=\"verdict {ClassOf(v)}\">{Escape(v.IsTested ? v.InWords : $"{v.InWords}: {v.Reason}")}</td></tr>\n");
            }

            html.Append("</tbody></table>\n");
        }

        if (others.Length > 0)
        {
            html.Append($"<details><summary>{others.Length} claims that are not testable here, and why</summary><table class=\"claims\"><tbody>\n");
            foreach (var v in others)
                html.Append($"<tr><th scope=\"row\">{Escape(v.Claim.Statement)} <span class=\"note\">{Escape($"{v.Claim.Source}, {v.Claim.Where}")}</span></th><td>{Escape(v.Reason)}</td></tr>\n");
            html.Append("</tbody></table></details>\n");
        }

        return HtmlReport.Section(Heading, html.ToString());
    }

    static string Cell(string label, string text, string kind = "") => $"<td{(kind == "" ? "" : $" class=\"{kind}\"")}{(text == "" ? "" : $" data-label=\"{label}\"")}>{Escape(text)}</td>";

    static string ClassOf(Verdict verdict) => verdict.Outcome is Outcome.NotTestable ? "notTestable" : verdict.Outcome.ToString().ToLowerInvariant();

    static string GradeOf(Grade grade) => grade switch
    {
        Grade.CheckedExtract => "a checked extract",
        Grade.Abstract => "the abstract",
        Grade.Secondary => "secondary sources",
        _ => "parts, and derived",
    };
}
