using System.Globalization;
using ModelCollapse.Data.Almanac;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using XPlot.Plotly;
using Layout = XPlot.Plotly.Layout.Layout;

namespace ModelCollapse.Reporting;

/// <summary>
/// A figure as an XPlot.Plotly chart: traces and layout, which may be changed before <see cref="ToJson"/> gives what JupyterLab and VS
/// Code draw. The same description, ranges and colours as <see cref="ScottPlotRenderer"/>.
/// </summary>
public sealed class PlotlyFigure
{
    /// <summary>The MIME type under which front ends draw <see cref="ToJson"/>.</summary>
    public const string MimeType = "application/vnd.plotly.v1+json";

    const double TextSize = 13, HeightShare = 0.72, LegendRoom = 90, PanelGap = 0.075;

    readonly List<Trace> traces = [];
    readonly GridLayout layout;
    readonly List<Annotation> titles = [];
    readonly HashSet<string> named = [];

    PlotlyFigure(Figure figure) => layout = new()
    {
        title = figure.Title,
        height = Math.Round(ScottPlotRenderer.HeightOf(figure) * HeightShare),
        margin = new() { l = 70, r = 30, t = LegendRoom, b = 60 },
        font = new() { size = TextSize, color = "#000000" },
        paper_bgcolor = "#ffffff",
        plot_bgcolor = "#ffffff",
        hovermode = "closest",
        barmode = "group",
        bargap = 0.2,
        legend = new() { orientation = "h", x = 0.5, xanchor = "center", y = 1 + (figure.Panels.Count > 1 ? 0.08 : 0.02), yanchor = "bottom" },
        showlegend = figure.Panels.SelectMany(p => p.Series).Any(s => s.Name != ""),
    };

    /// <summary>What is drawn: for each series its trace, before it those of its band.</summary>
    public IReadOnlyList<Trace> Traces => traces;

    /// <summary>Axes, titles, legend.</summary>
    public Layout Layout => layout;

    /// <summary>The chart of a figure.</summary>
    public static PlotlyFigure Of(Figure figure)
    {
        var chart = new PlotlyFigure(figure);
        var (columns, rows) = ScottPlotRenderer.Grid(figure);
        var limits = PanelLimits.Of(figure);
        for (var i = 0; i < figure.Panels.Count; i++) chart.Add(figure, i, limits[i], columns, rows);
        chart.layout.annotations = chart.titles;
        return chart;
    }

    /// <summary>The chart as plotly.js wants it: an object with <c>data</c> and <c>layout</c>.</summary>
    public string ToJson()
    {
        var json = new JObject { ["data"] = JToken.FromObject(traces), ["layout"] = JToken.FromObject(layout) };
        // XPlot writes a title as a text; from plotly.js 3 on it must be an object.
        foreach (var title in json.Descendants().OfType<JProperty>().Where(p => p is { Name: "title", Value.Type: JTokenType.String }).ToList())
            title.Value = new JObject { ["text"] = title.Value };
        return json.ToString(Formatting.None);
    }

    void Add(Figure figure, int index, PanelLimits limits, int columns, int rows)
    {
        var panel = figure.Panels[index];
        var (column, row, number) = (index % columns, index / columns, index == 0 ? "" : $"{index + 1}");
        var (x, y) = (Domain(column, columns), Domain(rows - 1 - row, rows));
        layout.Axes[$"xaxis{number}"] = AxisOf(panel.X, limits.Left, limits.Right, x, $"y{number}");
        layout.Axes[$"yaxis{number}"] = AxisOf(panel.Y, limits.Bottom, limits.Top, y, $"x{number}");
        if (panel.Title != "")
            titles.Add(new() { text = panel.Title, xref = "paper", yref = "paper", x = (x[0] + x[1]) / 2, y = y[1], xanchor = "center", yanchor = "bottom", showarrow = false });
        // All bands lie below all lines.
        foreach (var line in panel.Series.OfType<LineSeries>())
            foreach (var band in Bands(line, panel, limits)) traces.Add(On(band));
        foreach (var series in panel.Series)
            traces.Add(series switch
            {
                LineSeries line => On(LineOf(line, panel)),
                PointSeries points => On(PointsOf(points, panel)),
                BarSeries bars => BarsOf(bars),
                StepSeries step => On(StepsOf(step, panel)),
                HeatMapSeries map => MapOf(map),
                _ => throw new ArgumentException($"There is no chart for a {series.GetType().Name}.", nameof(panel)),
            });

        Scatter On(Scatter trace)
        {
            (trace.xaxis, trace.yaxis) = ($"x{number}", $"y{number}");
            return trace;
        }

        Bar BarsOf(BarSeries bars) => WithErrors(new Bar
        {
            x = Values(bars.Bars.Select(b => b.X), panel.X),
            y = Values(bars.Bars.Select(b => b.Y), panel.Y),
            marker = new() { color = bars.Color },
            xaxis = $"x{number}",
            yaxis = $"y{number}",
            name = bars.Name,
            legendgroup = bars.Name,
            showlegend = First(bars),
        }, bars.Bars, (trace, errors) => trace.error_y = errors, "#000000");

        Heatmap MapOf(HeatMapSeries map) => new()
        {
            zmin = Short(map.RangeIn(figure).Low),
            zmax = Short(map.RangeIn(figure).High),
            x = map.XEdges.Select(Short).ToArray(),
            y = map.YEdges.Select(Short).ToArray(),
            z = map.Values.Select(r => Values(r, new(""))).ToArray(),
            colorscale = "Viridis",
            colorbar = new() { title = map.ValueLabel, titleside = "right", x = x[1] + 0.01, y = (y[0] + y[1]) / 2, len = y[1] - y[0], thickness = 12 },
            xaxis = $"x{number}",
            yaxis = $"y{number}",
            name = "",
            showscale = true,
        };
    }

    Scatter LineOf(LineSeries line, Panel panel) => new()
    {
        x = Values(line.Points.Select(p => p.X), panel.X),
        y = Values(line.Points.Select(p => p.Y), panel.Y),
        mode = line.Thin || line.Points.Count > ScottPlotRenderer.MostMarkers ? "lines" : "lines+markers",
        line = new() { color = line.Color, width = line.Thin ? 1 : 2.5 },
        opacity = line.Thin ? 0.45 : 1,
        hoverinfo = line.Thin ? "skip" : "all",
        name = line.Name,
        legendgroup = line.Name,
        showlegend = First(line),
    };

    Scatter PointsOf(PointSeries points, Panel panel) => WithErrors(new Scatter
    {
        x = Values(points.Points.Select(p => p.X), panel.X),
        y = Values(points.Points.Select(p => p.Y), panel.Y),
        mode = "markers",
        marker = new() { color = points.Color, size = 8 },
        name = points.Name,
        legendgroup = points.Name,
        showlegend = First(points),
    }, points.Points, (trace, errors) => trace.error_y = errors, points.Color);

    /// <summary>The outline rises from zero at the first edge and returns to it at the last.</summary>
    Scatter StepsOf(StepSeries step, Panel panel) => new()
    {
        x = Values([step.Edges[0], .. step.Edges], panel.X),
        y = Values([0, .. step.Heights, 0], panel.Y),
        mode = "lines",
        line = new() { color = step.Color, width = 2, shape = "hv" },
        name = step.Name,
        legendgroup = step.Name,
        showlegend = First(step),
    };

    /// <summary>A polygon for each stretch of points with an interval: along its upper ends, and back along the lower ones.</summary>
    static IEnumerable<Scatter> Bands(LineSeries line, Panel panel, PanelLimits limits)
    {
        foreach (var run in line.Points.Runs(p => double.IsFinite(PanelLimits.Scaled(panel.X, p.X)) && double.IsFinite(p.Low) && double.IsFinite(PanelLimits.Scaled(panel.Y, p.High))))
            yield return new()
            {
                x = Values(run.Select(p => p.X).Concat(run.Reverse().Select(p => p.X)), panel.X),
                y = Values(run.Select(p => p.High).Concat(run.Reverse().Select(p => Lowest(p.Low))), panel.Y),
                mode = "lines",
                fill = "toself",
                fillcolor = Transparent(line.Color),
                line = new() { width = 0, color = line.Color },
                hoverinfo = "skip",
                name = line.Name,
                legendgroup = line.Name,
                showlegend = false,
            };

        // On a logarithmic axis a band that reaches zero goes down to the edge of the panel.
        double Lowest(double low) => panel.Y.Logarithmic && low <= 0 ? Math.Pow(10, limits.Bottom) : low;
    }

    static TTrace WithErrors<TTrace>(TTrace trace, IReadOnlyList<LinePoint> points, Action<TTrace, Error_y> set, string color)
    {
        if (points.Any(p => double.IsFinite(p.Low) && double.IsFinite(p.High)))
            set(trace, new()
            {
                type = "data",
                symmetric = false,
                array = Values(points.Select(p => p.High - p.Y), new("")),
                arrayminus = Values(points.Select(p => p.Y - p.Low), new("")),
                color = color,
                width = 0,
                visible = true,
            });
        return trace;
    }

    // Both axes of plotly have the same fields; XPlot has a type for each.
    static Xaxis AxisOf(Axis axis, double low, double high, double[] domain, string anchor)
    {
        var xaxis = new Xaxis
        {
            title = axis.Label,
            type = axis.Logarithmic ? "log" : "linear",
            range = new[] { Short(low), Short(high) },
            domain = domain,
            anchor = anchor,
            showline = true,
            mirror = true,
            linecolor = "#000000",
            gridcolor = "#e5e5e5",
            zeroline = false,
            ticks = "outside",
        };
        if (axis.Categories.Count > 0) (xaxis.tickvals, xaxis.ticktext) = (Enumerable.Range(0, axis.Categories.Count).ToArray(), axis.Categories);
        else if (axis.Integers && !axis.Logarithmic) (xaxis.tick0, xaxis.dtick) = (0, ScottPlotRenderer.IntegerStep(low, high));
        return xaxis;
    }

    bool First(Series series) => series.Name != "" && named.Add(series.Name);

    static double[] Domain(int place, int places)
    {
        var size = (1 - PanelGap * (places - 1)) / places;
        var start = place * (size + PanelGap);
        return [Math.Round(start, 4), Math.Round(start + size, 4)];
    }

    /// <summary>Numbers for JSON; null where there is a gap.</summary>
    static double?[] Values(IEnumerable<double> values, Axis axis) =>
        [.. values.Select(v => double.IsFinite(PanelLimits.Scaled(axis, v)) ? Short(v) : (double?)null)];

    /// <summary>Six significant digits are more than anyone sees, and a third of the bytes.</summary>
    static double Short(double value) => value == 0 || !double.IsFinite(value) ? value : double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    static string Transparent(string color) =>
        $"rgba({Convert.ToInt32(color[1..3], 16)},{Convert.ToInt32(color[3..5], 16)},{Convert.ToInt32(color[5..7], 16)},0.15)";

    /// <summary>XPlot's layout knows two axes of each kind; small multiples need more.</summary>
    sealed class GridLayout : Layout
    {
        [JsonExtensionData]
        public IDictionary<string, object> Axes { get; } = new Dictionary<string, object>();
    }
}
