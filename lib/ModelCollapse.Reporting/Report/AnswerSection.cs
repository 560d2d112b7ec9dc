using ModelCollapse.Results;
using static ModelCollapse.Reporting.Report.HtmlText;

namespace ModelCollapse.Reporting.Report;

/// <summary>The questions of a recipe and their answers.</summary>
static class AnswerSection
{
    public static string Of(string heading, RunResults results) => HtmlReport.Section(heading, string.Concat(Answer.Of(results).Select(a =>
        $"<div class=\"answer\"><h3>{Escape(a.Question)}</h3><p>{Escape(a.Sentence)}</p><ul>{string.Concat(a.Details.Select(d => $"<li>{Escape(d)}</li>"))}</ul></div>\n")));
}
