using System.Text.Json;
using Microsoft.DotNet.Interactive.Formatting;
using ModelCollapse.Reporting;
using SkiaSharp;

namespace ModelCollapse.Tests.Reporting;

public class DisplayTests
{
    static readonly Figure Sample = new("sample", "A <sample>",
    [
        new("lines", new("x"), new("y"), [new LineSeries("A", "#0072B2", [new(0, 1, 0.5, 2), new(1, 3, 2, 4)])]),
        new("bars", new("x") { Categories = ["p", "q"] }, new("y"), [new BarSeries("B", "#D55E00", [new(0, 1), new(1, 2)])]),
        new("points", new("x", Logarithmic: true), new("y"), [new PointSeries("C", "#009E73", [new(1, 1, 0, 2), new(100, 2)])]),
        new("steps", new("x", Logarithmic: true), new("y"), [new StepSeries("D", "#CC79A7", [1, 10, 100], [0.4, 0.6])]),
        new("map", new("x"), new("y"), [new HeatMapSeries("share", [0, 1, 2], [0, 1, 2], [[1, 2], [3, double.NaN]])]),
    ]);

    [Fact]
    public void A_figure_is_one_bundle_of_plotly_html_png_and_text()
    {
        var bundle = Bundle(Sample);
        Assert.Equal(["application/vnd.plotly.v1+json", "text/html", "image/png", "text/plain"], bundle.Keys);
        using var chart = JsonDocument.Parse(bundle["application/vnd.plotly.v1+json"]);
        Assert.Equal(["scatter", "scatter", "bar", "scatter", "scatter", "heatmap"], chart.RootElement.GetProperty("data").EnumerateArray().Select(t => t.GetProperty("type").GetString()!));
        Assert.StartsWith("Figure: A <sample>", bundle["text/plain"]);
        Assert.DoesNotContain("<script", bundle["text/html"]);
        Assert.DoesNotContain("http", bundle["text/html"].Split("base64,")[0]);
    }

    [Fact]
    public void Pictures_show_every_series_in_its_colour()
    {
        var bundle = Bundle(Sample);
        var (png, webp) = (Convert.FromBase64String(bundle["image/png"]), Convert.FromBase64String(bundle["text/html"].Split("base64,")[1].Split('"')[0]));
        foreach (var color in (string[])["#0072B2", "#D55E00", "#009E73", "#CC79A7"]) Assert.True(Pictures.Share(png, color) > 5e-4, color);
        Assert.InRange(Pictures.Difference(png, webp), 0, 0.01);
        Assert.True(Pictures.Share(png, new ScottPlot.Colormaps.Viridis().GetColor(1).ToHex()) > 0.005, "bright end of the map");
        using var codec = SKCodec.Create(new MemoryStream(png));
        Assert.Equal(SKEncodedImageFormat.Png, codec.EncodedFormat);
        Assert.Equal(860, codec.Info.Width);
    }

    [Fact]
    public void The_same_figure_gives_the_same_bytes()
    {
        var (first, second) = (Bundle(Sample), Bundle(Sample));
        Assert.All(first, part => Assert.Equal(part.Value, second[part.Key]));
    }

    /// <summary>The first of four columns is dark: a quarter of the width that the map has.</summary>
    [Fact]
    public void Cells_of_a_map_lie_between_their_edges()
    {
        using var picture = SKBitmap.Decode(ScottPlotRenderer.Png(new("m", "", [new("", new("x"), new("y"), [new HeatMapSeries("", [0, 1, 2, 3, 4], [0, 1], [[0, 1, 1, 1]])])])));
        var colors = new ScottPlot.Colormaps.Viridis();
        int Pixels(double value) => Enumerable.Range(0, picture.Width).Count(x => picture.GetPixel(x, picture.Height / 2) == SKColor.Parse(colors.GetColor(value).ToHex()));
        Assert.InRange(Pixels(0) / (double)(Pixels(0) + Pixels(1)), 0.24, 0.26);
    }

    [Fact]
    public void Uneven_edges_of_a_map_are_refused()
    {
        Figure uneven = new("u", "", [new("", new("x", Logarithmic: true), new("y"), [new HeatMapSeries("", [1, 2, 3], [0, 1], [[1, 2]])])]);
        Assert.Throws<ArgumentException>(() => ScottPlotRenderer.Png(uneven));
    }

    [Fact]
    public void A_table_is_html_and_aligned_text()
    {
        var bundle = Bundle(new Table("Title & more", ["arm", "value"], [["A", "31.2 ± 0.2"], ["control", "7"]]));
        Assert.Equal(["text/html", "text/plain"], bundle.Keys);
        Assert.Contains("Title &amp; more", bundle["text/html"]);
        Assert.Contains("<td style=\"text-align:right\">31.2 ± 0.2</td>", System.Net.WebUtility.HtmlDecode(bundle["text/html"]));
        Assert.Equal("Title & more\narm           value\n-------  ----------\nA        31.2 ± 0.2\ncontrol           7", bundle["text/plain"]);
    }

    [Fact]
    public void A_comparison_marks_what_the_text_above_does_not_have()
    {
        var comparison = TextComparison.Of("church", [("generation 0", "St. John's <Cathedral> in London"), ("generation 1", "St. Peter's <Cathedral> in London and in Rome"), ("generation 2", "St. Peter's <Cathedral> in London and in Rome")]);
        Assert.Equal([(" Peter's", true), (" and in Rome", true)], comparison.Texts[1].Parts.Where(p => p.Changed).Select(p => (p.Text, p.Changed)));
        Assert.DoesNotContain(comparison.Texts[2].Parts, p => p.Changed);
        Assert.All(comparison.Texts.Zip((string[])["St. John's <Cathedral> in London", "St. Peter's <Cathedral> in London and in Rome", "St. Peter's <Cathedral> in London and in Rome"]),
            pair => Assert.Equal(pair.Second, string.Concat(pair.First.Parts.Select(p => p.Text))));
        var bundle = Bundle(comparison);
        Assert.Contains("St.<mark> Peter&#39;s</mark> &lt;Cathedral&gt; in London<mark> and in Rome</mark>", bundle["text/html"]);
        Assert.Contains("St.⟦ Peter's⟧ <Cathedral> in London⟦ and in Rome⟧", bundle["text/plain"]);
    }

    [Fact]
    public void Progress_updates_one_display_in_place()
    {
        List<(object? Value, bool IsUpdated, string Html, string Text)> shown = [];
        using (Formatter.SubscribeToDisplayedValues(d => shown.Add((d.Value, d.IsUpdated, Of(d, "text/html"), Of(d, "text/plain")))))
        {
            var bar = ProgressBar.Show("fit");
            bar.Report(new WorkProgress("fit", 3, 6, "steps", TimeSpan.FromSeconds(2), "loss 1.2"));
            bar.Report(6, 6);
        }

        Assert.Equal([false, true, true], shown.Select(s => s.IsUpdated));
        Assert.Single(shown.Select(s => s.Value).Distinct());
        Assert.Contains("value=\"0.5\"", shown[1].Html);
        Assert.Equal("fit [###############...............] 3 of 6, steps (fit, loss 1.2)", shown[1].Text);
        Assert.Equal("fit [##############################] 6 of 6", shown[2].Text);

        static string Of(DisplayedValue displayed, string mimeType) => displayed.FormattedValues.First(v => v.MimeType == mimeType).Value;
    }

    static Dictionary<string, string> Bundle(object value) => FormattedValue.CreateManyFromObject(value).ToDictionary(v => v.MimeType, v => v.Value);
}
