using System.Net;
using System.Text;
using Microsoft.DotNet.Interactive.Formatting;

namespace ModelCollapse.Reporting;

/// <summary>The MIME types of one value in a notebook.</summary>
static class MimeTypes
{
    public const string Html = "text/html", Png = "image/png", Text = "text/plain";
}

/// <summary>Writes a value as one MIME type.</summary>
sealed class MimeFormatter<T>(string mimeType, Func<T, string> write) : ITypeFormatter
{
    public string MimeType => mimeType;

    public Type Type => typeof(T);

    public bool Format(object instance, FormatContext context)
    {
        context.Writer.Write(write((T)instance));
        return true;
    }
}

/// <summary>
/// A figure is interactive where the front end draws plotly's MIME type, and a picture everywhere else: HTML carries its own copy, because
/// a front end that can show HTML does not look at the PNG, and a browser needs neither script nor network for it.
/// </summary>
sealed class FigureFormatters : ITypeFormatterSource
{
    /// <summary>Pixels: as wide as a notebook.</summary>
    const int Width = 860;

    public IEnumerable<ITypeFormatter> CreateTypeFormatters() =>
    [
        new MimeFormatter<Figure>(PlotlyFigure.MimeType, figure => PlotlyFigure.Of(figure).ToJson()),
        new MimeFormatter<Figure>(MimeTypes.Png, figure => Convert.ToBase64String(ScottPlotRenderer.Png(figure, Width))),
        new MimeFormatter<Figure>(MimeTypes.Html, figure =>
            $"<img alt=\"{WebUtility.HtmlEncode(TextOf(figure))}\" style=\"max-width:100%\" src=\"data:image/webp;base64,{Convert.ToBase64String(ScottPlotRenderer.WebP(figure, Width))}\">"),
        new MimeFormatter<Figure>(MimeTypes.Text, TextOf),
    ];

    /// <summary>What a reader who sees no picture gets.</summary>
    static string TextOf(Figure figure)
    {
        var text = new StringBuilder($"Figure: {figure.Title}");
        foreach (var panel in figure.Panels)
        {
            text.Append("\n  ").Append(panel.Title == "" ? "" : $"{panel.Title}: ").Append($"{panel.Y.Label} over {panel.X.Label}");
            if (panel.Series.Select(s => s.Name).Where(n => n != "").Distinct().ToArray() is { Length: > 0 } names) text.Append($" ({string.Join(", ", names)})");
        }

        return text.ToString();
    }
}

sealed class TableFormatters : ITypeFormatterSource
{
    public IEnumerable<ITypeFormatter> CreateTypeFormatters() =>
        [new MimeFormatter<Table>(MimeTypes.Html, t => t.ToHtml()), new MimeFormatter<Table>(MimeTypes.Text, t => t.ToText())];
}

sealed class TextComparisonFormatters : ITypeFormatterSource
{
    public IEnumerable<ITypeFormatter> CreateTypeFormatters() =>
        [new MimeFormatter<TextComparison>(MimeTypes.Html, c => c.ToHtml()), new MimeFormatter<TextComparison>(MimeTypes.Text, c => c.ToText())];
}

sealed class ProgressBarFormatters : ITypeFormatterSource
{
    public IEnumerable<ITypeFormatter> CreateTypeFormatters() =>
        [new MimeFormatter<ProgressBar>(MimeTypes.Html, p => p.ToHtml()), new MimeFormatter<ProgressBar>(MimeTypes.Text, p => p.ToText())];
}
