using ModelCollapse.Data.Almanac;
using ModelCollapse.Results;

namespace ModelCollapse.Reporting.Report;

/// <summary>The stages of collapse: what they are, and when each arm enters them.</summary>
static class StageSection
{
    const string Reading = "A sign is shown where its mean over seeds is at least as large as fixed beforehand and its one-sided 95 % interval lies above zero; it begins in the generation from which it "
        + "persists to the end. In brackets the earliest and the latest of single seeds, by size alone.";

    public static string Of(string heading, RunResults results)
    {
        var arms = StageAnswers.ArmsOf(results);
        if (arms.Count == 0) return "";
        return HtmlReport.Section(heading, string.Concat(
            HtmlText.Words(StageTables.Definitions()), $"<p class=\"note\">{HtmlText.Escape(Reading)}</p>\n", HtmlText.Table(StageTables.Onsets(arms)), HtmlText.Table(StageTables.SignOnsets(arms)),
            $"<details><summary>What each sign is</summary>{HtmlText.Words(StageTables.Signs())}</details>\n"));
    }
}
