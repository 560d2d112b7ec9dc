using System.Text;
using System.Text.RegularExpressions;
using ModelCollapse.Results;
using static ModelCollapse.Reporting.Report.HtmlText;

namespace ModelCollapse.Reporting.Report;

/// <summary>The figures of a recipe, as SVG in the page.</summary>
static partial class FigureSection
{
    public static string Of(string heading, RunResults results) => HtmlReport.Section(heading, string.Concat(RunFigures.Of(results).Select(OfFigure)));

    static string OfFigure(Figure figure) =>
        $"<figure id=\"{Anchor(figure.Name)}\"><div class=\"wide\">{Inline(figure)}</div><figcaption>{Escape(figure.Caption == "" ? figure.Title : figure.Caption)}</figcaption></figure>\n";

    /// <summary>The drawing without what only a file needs, its size left to the page, its identifiers its own among all figures.</summary>
    static string Inline(Figure figure)
    {
        var svg = Encoding.UTF8.GetString(ScottPlotRenderer.Svg(figure));
        svg = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..];
        svg = Size.Replace(svg, match => $"<svg{match.Groups[1].Value}viewBox=\"0 0 {match.Groups[2].Value} {match.Groups[3].Value}\" role=\"img\" aria-label=\"{Escape(figure.Title)}\">", 1);
        var name = Anchor(figure.Name);
        return Whitespace.Replace(Identifier.Replace(svg, match => $"{match.Groups[1].Value}{name}-{match.Groups[2].Value}"), " ").Trim();
    }

    [GeneratedRegex("""<svg([^>]*?)width="([0-9.]+)" height="([0-9.]+)">""")]
    static partial Regex Size { get; }

    [GeneratedRegex("""(id="|url\(#|href="#)([^")]*)""")]
    static partial Regex Identifier { get; }

    [GeneratedRegex(@"\s+")]
    static partial Regex Whitespace { get; }
}
