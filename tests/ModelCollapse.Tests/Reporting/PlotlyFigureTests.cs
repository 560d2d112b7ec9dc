using System.Text.Json;
using CsCheck;
using ModelCollapse.Reporting;

namespace ModelCollapse.Tests.Reporting;

public class PlotlyFigureTests
{
    const double Tolerance = 1e-5; // six significant digits

    [Fact]
    public void A_line_with_an_interval_is_a_band_and_a_line_of_its_colour()
    {
        var data = Draw(new LineSeries("A", "#0072B2", [new(0, 10, 9, 11), new(1, 20, 15, 30), new(2, 25, 20, 26)]), new("generation", Integers: true), new("perplexity", Logarithmic: true), out var layout);
        Assert.Equal(2, data.Length);
        Assert.Equal("toself", data[0].GetProperty("fill").GetString());
        Assert.Equal("rgba(0,114,178,0.15)", data[0].GetProperty("fillcolor").GetString());
        Assert.Equal([0, 1, 2, 2, 1, 0], Numbers(data[0], "x"));
        Assert.Equal([11, 30, 26, 20, 15, 9], Numbers(data[0], "y"));
        Assert.Equal([0, 1, 2], Numbers(data[1], "x"));
        Assert.Equal([10, 20, 25], Numbers(data[1], "y"));
        Assert.Equal("#0072B2", data[1].GetProperty("line").GetProperty("color").GetString());
        Assert.Equal("linear", layout.GetProperty("xaxis").GetProperty("type").GetString());
        Assert.Equal("log", layout.GetProperty("yaxis").GetProperty("type").GetString());
        var range = Numbers(layout.GetProperty("yaxis"), "range");
        Assert.InRange(range[0]!.Value, 0.5, 1); // powers of ten
        Assert.InRange(range[1]!.Value, Math.Log10(30) - 0.1, 1.7);
    }

    [Fact]
    public void Gaps_and_values_that_an_axis_cannot_show_are_null()
    {
        var data = Draw(new LineSeries("A", "#0072B2", [new(0, 10), new(1, double.NaN), new(2, 0), new(3, -1), new(4, double.PositiveInfinity), new(5, 5)]), new("x"), new("y", Logarithmic: true), out _);
        Assert.Equal([10, null, null, null, null, 5], Numbers(Assert.Single(data), "y"));
    }

    [Fact]
    public void A_histogram_is_an_outline_from_zero_to_zero()
    {
        var data = Draw(new StepSeries("h", "#46039F", [1, 10, 100, 1000], [0.2, 0.5, 0.3]), new("perplexity", Logarithmic: true), new("share"), out var layout);
        Assert.Equal([1, 1, 10, 100, 1000], Numbers(data[0], "x"));
        Assert.Equal([0, 0.2, 0.5, 0.3, 0], Numbers(data[0], "y"));
        Assert.Equal("hv", data[0].GetProperty("line").GetProperty("shape").GetString());
        Assert.Equal(0, Numbers(layout.GetProperty("yaxis"), "range")[0]);
    }

    [Fact]
    public void Bars_have_named_positions_and_their_intervals()
    {
        var data = Draw(new BarSeries("b", "#D55E00", [new(0, 1, 0.5, 2), new(1, 3)]), new("decoding") { Categories = ["greedy", "beams"] }, new("share"), out var layout);
        Assert.Equal("bar", data[0].GetProperty("type").GetString());
        Assert.Equal([1, 3], Numbers(data[0], "y"));
        Assert.Equal([1, null], Numbers(data[0].GetProperty("error_y"), "array"));
        Assert.Equal([0.5, null], Numbers(data[0].GetProperty("error_y"), "arrayminus"));
        Assert.Equal(["greedy", "beams"], layout.GetProperty("xaxis").GetProperty("ticktext").EnumerateArray().Select(t => t.GetString()!));
    }

    [Fact]
    public void Points_are_markers_without_a_line()
    {
        var data = Draw(new PointSeries("p", "#009E73", [new(3, 1), new(1, 2)]), new("x"), new("y"), out _);
        Assert.Equal("markers", Assert.Single(data).GetProperty("mode").GetString());
        Assert.False(data[0].TryGetProperty("error_y", out _));
    }

    [Fact]
    public void Heat_maps_of_shared_axes_share_their_colours()
    {
        HeatMapSeries Map(double high) => new("share", [0, 1, 2], [1, 10, 100], [[0.1, double.NaN], [0.2, high]]);
        Figure figure = new("maps", "Maps", [.. ((double[])[0.5, 0.9]).Select(high => new Panel("", new("t"), new("p", Logarithmic: true), [Map(high)]))]) { SharedAxes = true };
        using var json = JsonDocument.Parse(PlotlyFigure.Of(figure).ToJson());
        var data = json.RootElement.GetProperty("data").EnumerateArray().ToArray();
        Assert.All(data, map => Assert.Equal((0.1, 0.9), (map.GetProperty("zmin").GetDouble(), map.GetProperty("zmax").GetDouble())));
        Assert.Equal([0.1, null], data[0].GetProperty("z")[0].EnumerateArray().Select(Number));
        Assert.Equal("y2", data[1].GetProperty("yaxis").GetString());
    }

    [Fact]
    public void Small_multiples_have_axes_of_their_own_and_one_legend()
    {
        Panel Of(string title) => new(title, new("x"), new("y"), [new LineSeries("A", "#0072B2", [new(0, 1), new(1, 2)]), new LineSeries("B", "#D55E00", [new(0, 2), new(1, 1)])]);
        Figure figure = new("five", "Five", [.. "abcde".Select(c => Of($"{c}"))]);
        using var json = JsonDocument.Parse(PlotlyFigure.Of(figure).ToJson());
        var (data, layout) = (json.RootElement.GetProperty("data").EnumerateArray().ToArray(), json.RootElement.GetProperty("layout"));
        Assert.Equal(10, data.Length);
        Assert.Equal(["x", "x2", "x3", "x4", "x5"], data.Select(d => d.GetProperty("xaxis").GetString()!).Distinct());
        Assert.Equal(["A", "B"], data.Where(d => d.GetProperty("showlegend").GetBoolean()).Select(d => d.GetProperty("name").GetString()!));
        var boxes = Enumerable.Range(1, 5).Select(i => i == 1 ? "" : $"{i}").Select(n => (X: Numbers(layout.GetProperty($"xaxis{n}"), "domain"), Y: Numbers(layout.GetProperty($"yaxis{n}"), "domain"))).ToArray();
        foreach (var (i, a) in boxes.Index())
            foreach (var b in boxes[(i + 1)..])
                Assert.True(a.X[1] <= b.X[0] || b.X[1] <= a.X[0] || a.Y[1] <= b.Y[0] || b.Y[1] <= a.Y[0], "panels overlap");
        Assert.Equal(5, layout.GetProperty("annotations").GetArrayLength());
    }

    [Fact]
    public void Titles_are_objects_as_plotly_3_wants_them()
    {
        Draw(new LineSeries("A", "#0072B2", [new(0, 1)]), new("generation"), new("perplexity"), out var layout);
        Assert.Equal("title", layout.GetProperty("title").GetProperty("text").GetString());
        Assert.Equal("generation", layout.GetProperty("xaxis").GetProperty("title").GetProperty("text").GetString());
    }

    [Fact]
    public void Any_line_keeps_its_values_and_both_renderings_draw_it() =>
        Gen.Select(Gen.Double[-1e6, 1e6].Array[1, 12], Gen.Bool, Gen.Bool).Sample((values, logarithmic, banded) =>
        {
            LineSeries line = new("A", "#0072B2", [.. values.Select((v, i) => banded ? new LinePoint(i, v, v - 1, v + 2) : new LinePoint(i, v))]);
            var (x, y) = (new Axis("x"), new Axis("y", logarithmic));
            var drawn = Numbers(Draw(line, x, y, out _)[^1], "y");
            foreach (var (expected, shown) in values.Zip(drawn))
                if (logarithmic && expected <= 0) Assert.Null(shown);
                else Assert.Equal(expected, shown!.Value, Tolerance * Math.Abs(expected));
            return Pictures.Colors(ScottPlotRenderer.Png(new("f", "title", [new("", x, y, [line])]), 200)) > 2;
        }, iter: 20);

    static JsonElement[] Draw(Series series, Axis x, Axis y, out JsonElement layout)
    {
        var root = JsonDocument.Parse(PlotlyFigure.Of(new("figure", "title", [new("", x, y, [series])])).ToJson()).RootElement;
        layout = root.GetProperty("layout");
        return [.. root.GetProperty("data").EnumerateArray()];
    }

    static double?[] Numbers(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(Number)];

    static double? Number(JsonElement json) => json.ValueKind == JsonValueKind.Null ? null : json.GetDouble();
}
