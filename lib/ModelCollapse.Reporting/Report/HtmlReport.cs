using System.Globalization;
using System.Text;
using ModelCollapse.Recipes;
using ModelCollapse.Results;
using ModelCollapse.Results.Claims;
using static ModelCollapse.Reporting.Report.HtmlText;

namespace ModelCollapse.Reporting.Report;

/// <summary>
/// Results as one HTML file that needs nothing else: figures inline, no script, and a policy that forbids the browser to load anything. It
/// reads on a phone, in print, on light and dark screens.
/// </summary>
public static class HtmlReport
{
    /// <summary>Writes the report.</summary>
    /// <param name="results">Results of one recipe or several.</param>
    /// <param name="claims">Claims of the literature to judge by them.</param>
    /// <param name="path">The file; its folder is created where missing.</param>
    /// <exception cref="InputException">There are no results, or a claim reads a metric that does not exist.</exception>
    public static void Write(RunResults results, IReadOnlyList<Claim> claims, string path)
    {
        var html = Of(results, claims);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        File.WriteAllText(path, html);
    }

    /// <summary>The report as text.</summary>
    /// <inheritdoc cref="Write"/>
    public static string Of(RunResults results, IReadOnlyList<Claim> claims)
    {
        var parts = Recipes(results.ByStart());
        if (parts.Count == 0) throw new InputException("There are no results to report: run a recipe first.");
        var title = $"Model collapse: {string.Join(", ", parts.Select(p => p.Recipe))}";
        var verdicts = ClaimTable.Of(claims, results);
        var html = new StringBuilder();
        html.Append($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            <link rel="icon" href="data:,">
            <title>{Escape(title)}</title>
            <style>{HtmlStyle.Css}</style>
            </head>
            <body>
            <main>
            <h1>{Escape(title)}</h1>

            """);
        foreach (var (recipe, part) in parts) html.Append(RunSection.Summary(recipe, part));
        List<(string Heading, string Html)> sections = [];
        foreach (var (recipe, part) in parts)
        {
            Add(recipe, part, "Answers", AnswerSection.Of);
            Add(recipe, part, "Stages of collapse", StageSection.Of);
        }

        sections.Add((ClaimSection.Heading, ClaimSection.Of(verdicts)));
        foreach (var (recipe, part) in parts)
        {
            Add(recipe, part, "Figures", FigureSection.Of);
            Add(recipe, part, "Numbers by arm", TableSection.Of);
            Add(recipe, part, "What each generation writes", SampleSection.Of);
            Add(recipe, part, "Cost", CostSection.Of);
            Add(recipe, part, "Where it comes from", RunSection.Provenance);
        }

        html.Append(Contents([.. sections.Where(s => s.Html != "").Select(s => s.Heading)], verdicts)).AppendJoin("", sections.Select(s => s.Html));
        return html.Append("</main>\n</body>\n</html>\n").ToString();

        void Add(string recipe, RunResults part, string heading, Func<string, RunResults, string> section)
        {
            if (parts.Count > 1) heading = $"{heading}: {recipe}";
            sections.Add((heading, section(heading, part)));
        }
    }

    /// <summary>A part of the page with its heading, which is an anchor.</summary>
    internal static string Section(string heading, string content) =>
        content.Length == 0 ? "" : $"<section id=\"{Anchor(heading)}\">\n<h2>{Escape(heading)}</h2>\n{content}</section>\n";

    static IReadOnlyList<(string Recipe, RunResults Part)> Recipes(RunResults results) =>
        [.. results.Metrics.Select(m => m.Recipe).Distinct().Select(recipe => (recipe, results.OfRecipe(recipe)))];

    static string Contents(IReadOnlyList<string> headings, IReadOnlyList<Verdict> verdicts)
    {
        var counts = string.Join(", ", verdicts.GroupBy(v => v.InWords).Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {g.Key}")));
        return $"<nav aria-label=\"Contents\">{string.Concat(headings.Select(h => $"<a href=\"#{Anchor(h)}\">{Escape(h)}</a>"))}</nav>\n<p class=\"note\">Claims of the literature: {Escape(counts)}. Intervals are 95 % intervals of the mean over seeds (Student's t).</p>\n";
    }
}
