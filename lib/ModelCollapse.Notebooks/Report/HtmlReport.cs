using System.Globalization;
using System.Text;
using ModelCollapse.Runs;
using ModelCollapse.Runs.Claims;
using static ModelCollapse.Notebooks.Report.HtmlText;

namespace ModelCollapse.Notebooks.Report;

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
        var parts = Recipes(results);
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
        html.Append(Contents(parts, verdicts));
        foreach (var (recipe, part) in parts) html.Append(AnswerSection.Of(Headed("Answers", recipe, parts), part));
        html.Append(ClaimSection.Of(verdicts));
        foreach (var (recipe, part) in parts)
        {
            html.Append(FigureSection.Of(Headed("Figures", recipe, parts), part));
            html.Append(TableSection.Of(Headed("Numbers by arm", recipe, parts), part));
            html.Append(SampleSection.Of(Headed("What each generation writes", recipe, parts), part));
            html.Append(CostSection.Of(Headed("Cost", recipe, parts), part));
            html.Append(RunSection.Provenance(Headed("Where it comes from", recipe, parts), part));
        }

        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    /// <summary>A part of the page with its heading, which is an anchor.</summary>
    internal static string Section(string heading, string content) =>
        content.Length == 0 ? "" : $"<section id=\"{Anchor(heading)}\">\n<h2>{Escape(heading)}</h2>\n{content}</section>\n";

    static IReadOnlyList<(string Recipe, RunResults Part)> Recipes(RunResults results) =>
    [
        .. results.Metrics.Select(m => m.Recipe).Distinct().Select(recipe => (recipe, results with
        {
            Metrics = [.. results.Metrics.Where(m => m.Recipe == recipe)],
            Histograms = [.. results.Histograms.Where(h => h.Recipe == recipe)],
            Samples = [.. results.Samples.Where(s => s.Recipe == recipe)],
            Images = [.. results.Images.Where(i => i.Recipe == recipe)],
            Costs = [.. results.Costs.Where(c => c.Recipe == recipe)],
            Runs = [.. results.Runs.Where(r => r.Recipe == recipe)],
        })),
    ];

    static string Headed(string heading, string recipe, IReadOnlyList<(string Recipe, RunResults Part)> parts) => parts.Count == 1 ? heading : $"{heading}: {recipe}";

    static string Contents(IReadOnlyList<(string Recipe, RunResults Part)> parts, IReadOnlyList<Verdict> verdicts)
    {
        var headings = parts.Select(p => Headed("Answers", p.Recipe, parts)).Append(ClaimSection.Heading)
            .Concat(parts.SelectMany(p => ((string[])["Figures", "Numbers by arm", "What each generation writes", "Cost", "Where it comes from"]).Select(h => Headed(h, p.Recipe, parts))));
        var counts = string.Join(", ", verdicts.GroupBy(v => v.InWords).Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {g.Key}")));
        return $"<nav aria-label=\"Contents\">{string.Concat(headings.Select(h => $"<a href=\"#{Anchor(h)}\">{Escape(h)}</a>"))}</nav>\n<p class=\"note\">Claims of the literature: {Escape(counts)}. Intervals are 95 % intervals of the mean over seeds (Student's t).</p>\n";
    }
}
