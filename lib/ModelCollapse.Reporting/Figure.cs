using Microsoft.DotNet.Interactive.Formatting;

namespace ModelCollapse.Reporting;

/// <summary>What a figure shows, whoever draws it: panels as small multiples under one title and one legend.</summary>
/// <param name="Name">Short name, fit for a file name.</param>
/// <param name="Title">Title above all panels.</param>
/// <param name="Panels">The panels, in reading order.</param>
[TypeFormatterSource(typeof(FigureFormatters), PreferredMimeTypes = [PlotlyFigure.MimeType, MimeTypes.Html, MimeTypes.Png, MimeTypes.Text])]
public sealed record Figure(string Name, string Title, IReadOnlyList<Panel> Panels)
{
    /// <summary>Whether all panels show the same range of values and colours, so that they compare by eye.</summary>
    public bool SharedAxes { get; init; }

    /// <summary>Panels side by side; null for what suits their number. Set where the columns mean something.</summary>
    public int? Columns { get; init; }

    /// <summary>What a reader has to know to read it, in sentences; shown below it in a report.</summary>
    public string Caption { get; init; } = "";
}

/// <summary>One panel of a figure.</summary>
/// <param name="Title">Title above the panel; may be empty.</param>
/// <param name="X">The horizontal axis.</param>
/// <param name="Y">The vertical axis.</param>
/// <param name="Series">What is drawn, later above earlier.</param>
public sealed record Panel(string Title, Axis X, Axis Y, IReadOnlyList<Series> Series);

/// <summary>An axis of a panel.</summary>
/// <param name="Label">What it measures, with the unit.</param>
/// <param name="Logarithmic">Whether it is logarithmic; values that are not positive are then left out.</param>
/// <param name="Integers">Whether only whole numbers get ticks.</param>
public sealed record Axis(string Label, bool Logarithmic = false, bool Integers = false)
{
    /// <summary>Names of the positions 0, 1, 2, …, shown as ticks; empty for numbers. Not on a logarithmic axis.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];
}

/// <summary>Something drawn in a panel. Values that are not finite leave a gap.</summary>
/// <param name="Name">Text in the legend, where series of the same name appear once; empty for no entry.</param>
/// <param name="Color">Colour as <c>#RRGGBB</c>.</param>
public abstract record Series(string Name, string Color);

/// <summary>A line, with a band where its points have one.</summary>
/// <param name="Name">Text in the legend; empty for no entry.</param>
/// <param name="Color">Colour as <c>#RRGGBB</c>.</param>
/// <param name="Points">The points, by ascending x.</param>
/// <param name="Thin">Whether it is a thin line in the background, as a single seed is.</param>
public sealed record LineSeries(string Name, string Color, IReadOnlyList<LinePoint> Points, bool Thin = false) : Series(Name, Color);

/// <summary>A point, with an interval where it has one.</summary>
/// <param name="X">Where.</param>
/// <param name="Y">The value.</param>
/// <param name="Low">Lower end of the interval; NaN for none.</param>
/// <param name="High">Upper end of the interval; NaN for none.</param>
public readonly record struct LinePoint(double X, double Y, double Low = double.NaN, double High = double.NaN);

/// <summary>A histogram as an outline in steps.</summary>
/// <param name="Name">Text in the legend; empty for no entry.</param>
/// <param name="Color">Colour as <c>#RRGGBB</c>.</param>
/// <param name="Edges">Edges of the bins, ascending, one more than heights.</param>
/// <param name="Heights">Height of each bin.</param>
public sealed record StepSeries(string Name, string Color, IReadOnlyList<double> Edges, IReadOnlyList<double> Heights) : Series(Name, Color);

/// <summary>Separate points, with an error bar where they have an interval.</summary>
/// <param name="Name">Text in the legend; empty for no entry.</param>
/// <param name="Color">Colour as <c>#RRGGBB</c>.</param>
/// <param name="Points">The points, in any order.</param>
public sealed record PointSeries(string Name, string Color, IReadOnlyList<LinePoint> Points) : Series(Name, Color);

/// <summary>Bars from zero, with an error bar where they have an interval. Several series in a panel stand side by side.</summary>
/// <param name="Name">Text in the legend; empty for no entry.</param>
/// <param name="Color">Colour as <c>#RRGGBB</c>.</param>
/// <param name="Bars">Position and height of each bar; positions are whole numbers, named by <see cref="Axis.Categories"/>.</param>
public sealed record BarSeries(string Name, string Color, IReadOnlyList<LinePoint> Bars) : Series(Name, Color);

/// <summary>A map of colours, from dark (low) to bright (high), with a colour bar. Cells that are not finite stay empty.</summary>
/// <param name="ValueLabel">What the colours measure, with the unit.</param>
/// <param name="XEdges">Edges of the columns, ascending, one more than columns, evenly spaced on the axis.</param>
/// <param name="YEdges">Edges of the rows, ascending, one more than rows, evenly spaced on the axis.</param>
/// <param name="Values">Value of each cell by [row][column], the first row at the bottom.</param>
public sealed record HeatMapSeries(string ValueLabel, IReadOnlyList<double> XEdges, IReadOnlyList<double> YEdges, IReadOnlyList<IReadOnlyList<double>> Values) : Series("", "#000000")
{
    /// <summary>The values at both ends of the colours: those of this map, or of all maps where the figure shares its axes.</summary>
    internal (double Low, double High) RangeIn(Figure figure)
    {
        HeatMapSeries[] maps = figure.SharedAxes ? [.. figure.Panels.SelectMany(p => p.Series).OfType<HeatMapSeries>()] : [this];
        double[] finite = [.. maps.SelectMany(m => m.Values).SelectMany(row => row).Where(double.IsFinite)];
        return finite.Length == 0 ? (0, 1) : (finite.Min(), finite.Max());
    }
}
