using System.Globalization;
using ModelCollapse.Data;
using ScottPlot;
using SkiaSharp;

namespace ModelCollapse.Reporting;

/// <summary>Draws figures as pictures with ScottPlot.</summary>
public static class ScottPlotRenderer
{
    const int Width = 1200, TitleHeight = 48, LegendHeight = 40, Margin = 16;
    const float TitleSize = 22, TextSize = 16;

    /// <summary>A line with more points is shown without markers, which would hide it.</summary>
    internal const int MostMarkers = 30;

    // Share of a position that its bars fill.
    const double BarShare = 0.8;

    // Without a known name Skia may choose a font with serifs, or one for another script.
    static readonly string FontName =
        ((string[])["DejaVu Sans", "Liberation Sans", "Noto Sans", "Helvetica", "Segoe UI", "Arial"]).FirstOrDefault(SKFontManager.Default.FontFamilies.Contains) ?? Fonts.Default;

    /// <summary>Writes a figure, about 1200 pixels wide.</summary>
    /// <param name="figure">What to draw.</param>
    /// <param name="path">A file that ends in <c>.png</c> or <c>.svg</c>; its folder is created where missing.</param>
    /// <exception cref="ArgumentException">The file has another ending.</exception>
    /// <exception cref="InputException">The machine has no font.</exception>
    public static void Write(Figure figure, string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        switch (Path.GetExtension(path))
        {
            case ".png":
                File.WriteAllBytes(path, Png(figure));
                break;
            case ".svg":
                File.WriteAllBytes(path, Svg(figure));
                break;
            default:
                throw new ArgumentException($"{path} must end in .png or .svg.", nameof(path));
        }
    }

    /// <summary>The figure as an SVG file.</summary>
    /// <param name="figure">What to draw.</param>
    /// <exception cref="InputException">The machine has no font.</exception>
    public static byte[] Svg(Figure figure)
    {
        RequireFont();
        var height = HeightOf(figure);
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(SKRect.Create(Width, height), stream)) Draw(figure, canvas, height);
        return stream.ToArray();
    }

    /// <summary>The figure as a PNG file.</summary>
    /// <param name="figure">What to draw.</param>
    /// <param name="width">Width in pixels; the letters shrink with it.</param>
    /// <exception cref="InputException">The machine has no font.</exception>
    public static byte[] Png(Figure figure, int width = Width)
    {
        using var image = Image(figure, width);
        using var pixels = image.PeekPixels()!;
        using var png = pixels.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 9));
        return png!.ToArray();
    }

    /// <summary>The figure as a WebP file, a quarter as large as PNG; fine lines lose a little.</summary>
    /// <param name="figure">What to draw.</param>
    /// <param name="width">Width in pixels; the letters shrink with it.</param>
    /// <exception cref="InputException">The machine has no font.</exception>
    public static byte[] WebP(Figure figure, int width = Width)
    {
        using var image = Image(figure, width);
        using var pixels = image.PeekPixels()!;
        using var webp = pixels.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossy, 80));
        return webp!.ToArray();
    }

    static SKImage Image(Figure figure, int width)
    {
        RequireFont();
        var (height, scale) = (HeightOf(figure), (float)width / Width);
        // Without transparency, which no figure has, a PNG is smaller.
        using var surface = SKSurface.Create(new SKImageInfo(width, (int)Math.Round(height * scale), SKImageInfo.PlatformColorType, SKAlphaType.Opaque));
        surface.Canvas.Scale(scale);
        Draw(figure, surface.Canvas, height);
        return surface.Snapshot();
    }

    static void RequireFont()
    {
        // Skia's fallback of last resort has no glyphs: a figure without a word would look finished.
        if (!Fonts.GetTypeface(FontName, bold: false, italic: false).ContainsGlyph('0'))
            throw new InputException("Figures need a font and this machine has none: run environment/setup, or install the package fonts-dejavu-core.");
    }

    internal static int HeightOf(Figure figure) => TitleHeight + LegendHeight + Grid(figure).Rows * (figure.Panels.Count == 1 ? 600 : 360) + Margin;

    internal static (int Columns, int Rows) Grid(Figure figure)
    {
        var panels = figure.Panels.Count;
        var columns = figure.Columns ?? (panels is 4 ? 2 : Math.Clamp(panels, 1, 3));
        return (columns, Math.Max(1, (panels + columns - 1) / columns));
    }

    static void Draw(Figure figure, SKCanvas canvas, int height)
    {
        var (columns, rows) = Grid(figure);
        canvas.Clear(SKColors.White);
        DrawTitleAndLegend(figure, canvas);
        var (width, top) = ((float)(Width - 2 * Margin) / columns, TitleHeight + LegendHeight);
        var panelHeight = (float)(height - top - Margin) / rows;
        var limits = PanelLimits.Of(figure);
        for (var i = 0; i < figure.Panels.Count; i++)
        {
            var (left, above) = (Margin + i % columns * width, top + i / columns * panelHeight);
            using var plot = PlotOf(figure, figure.Panels[i], limits[i]);
            plot.Render(canvas, new PixelRect(left, left + width, above + panelHeight, above));
        }
    }

    static void DrawTitleAndLegend(Figure figure, SKCanvas canvas)
    {
        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        using var title = new SKFont(Fonts.GetTypeface(FontName, bold: true, italic: false), TitleSize);
        using var text = new SKFont(Fonts.GetTypeface(FontName, bold: false, italic: false), TextSize);
        var wide = title.MeasureText(figure.Title);
        if (wide > Width - 2 * Margin) title.Size *= (Width - 2 * Margin) / wide;
        canvas.DrawText(figure.Title, Width / 2f, 34, SKTextAlign.Center, title, ink);

        const float Swatch = 32, Gap = 8, Space = 28;
        var entries = figure.Panels.SelectMany(p => p.Series).Where(s => s.Name != "").DistinctBy(s => s.Name).Select(s => (s.Name, s.Color, Length: Swatch + Gap + text.MeasureText(s.Name))).ToArray();
        var x = (Width - entries.Sum(e => e.Length + Space) + Space) / 2;
        foreach (var (name, color, length) in entries)
        {
            using var line = new SKPaint { Color = SKColor.Parse(color), StrokeWidth = 4, IsStroke = true, IsAntialias = true };
            canvas.DrawLine(x, TitleHeight + 16, x + Swatch, TitleHeight + 16, line);
            canvas.DrawText(name, x + Swatch + Gap, TitleHeight + 16 + TextSize * 0.35f, SKTextAlign.Left, text, ink);
            x += length + Space;
        }
    }

    static Plot PlotOf(Figure figure, Panel panel, PanelLimits limits)
    {
        var plot = new Plot();
        plot.RenderManager.ClearCanvasBeforeEachRender = false;
        plot.Font.Set(FontName);
        plot.FigureBackground.Color = Colors.White;
        plot.Grid.MajorLineColor = Colors.Black.WithAlpha(0.1);
        double X(double x) => PanelLimits.Scaled(panel.X, x);
        double Y(double y) => PanelLimits.Scaled(panel.Y, y);
        LinePoint At(LinePoint p) => new(X(p.X), Y(p.Y), Lowest(p.Low), Y(p.High));
        // All bands lie below all lines.
        foreach (var line in panel.Series.OfType<LineSeries>()) AddBand(plot, [.. line.Points.Select(At)], Color.FromHex(line.Color), limits);
        BarSeries[] groups = [.. panel.Series.OfType<BarSeries>()];
        foreach (var series in panel.Series)
        {
            var color = Color.FromHex(series.Color);
            switch (series)
            {
                case LineSeries line: AddLine(plot, [.. line.Points.Select(At)], color, line.Thin); break;
                case PointSeries points: AddPoints(plot, [.. points.Points.Select(At)], color, limits); break;
                case BarSeries bars: AddBars(plot, [.. bars.Bars.Select(At)], color, Array.IndexOf(groups, bars), groups.Length, limits); break;
                case StepSeries step: AddSteps(plot, [.. step.Edges.Select(X)], [.. step.Heights.Select(Y)], color, limits); break;
                case HeatMapSeries map: AddHeatMap(plot, [.. map.XEdges.Select(X)], [.. map.YEdges.Select(Y)], map, map.RangeIn(figure)); break;
            }
        }

        plot.Axes.SetLimits(limits.Left, limits.Right, limits.Bottom, limits.Top);
        if (panel.Title != "") plot.Title(panel.Title, TextSize);
        plot.XLabel(panel.X.Label, TextSize);
        plot.YLabel(panel.Y.Label, TextSize);
        plot.Axes.Bottom.Label.Bold = plot.Axes.Left.Label.Bold = false;
        plot.Axes.Bottom.TickLabelStyle.FontSize = plot.Axes.Left.TickLabelStyle.FontSize = TextSize - 2;
        plot.Axes.Bottom.TickGenerator = Ticks(panel.X, limits.Left, limits.Right);
        plot.Axes.Left.TickGenerator = Ticks(panel.Y, limits.Bottom, limits.Top);
        plot.Axes.Right.MinimumSize = 16;
        return plot;

        // On a logarithmic axis a band that reaches zero goes down to the edge of the panel.
        double Lowest(double low) => panel.Y.Logarithmic && low <= 0 ? limits.Bottom : Y(low);
    }

    static void AddBand(Plot plot, LinePoint[] points, Color color, PanelLimits limits)
    {
        foreach (var run in points.Runs(p => double.IsFinite(p.X) && double.IsFinite(p.Low) && double.IsFinite(p.High)))
        {
            var band = plot.Add.FillY([.. run.Select(p => (p.X, limits.Within(p.Low), limits.Within(p.High)))]);
            band.FillColor = color.WithAlpha(0.15);
            band.LineWidth = 0;
            band.MarkerSize = 0;
        }
    }

    static void AddLine(Plot plot, LinePoint[] points, Color color, bool thin)
    {
        foreach (var run in points.Runs(p => double.IsFinite(p.X) && double.IsFinite(p.Y)))
        {
            var line = plot.Add.Scatter(run.Select(p => p.X).ToArray(), run.Select(p => p.Y).ToArray());
            line.Color = thin ? color.WithAlpha(0.45) : color;
            line.LineWidth = thin ? 1 : 3;
            line.MarkerSize = run.Length > 1 && (thin || run.Length > MostMarkers) ? 0 : thin ? 4 : 8;
        }
    }

    static void AddSteps(Plot plot, double[] edges, double[] heights, Color color, PanelLimits limits)
    {
        var (xs, ys) = (new List<double> { edges[0] }, new List<double> { limits.Bottom });
        for (var i = 0; i < heights.Length; i++)
        {
            var height = double.IsFinite(heights[i]) ? heights[i] : limits.Bottom;
            xs.AddRange([edges[i], edges[i + 1]]);
            ys.AddRange([height, height]);
        }

        xs.Add(edges[^1]);
        ys.Add(limits.Bottom);
        var (first, last) = (xs.FindIndex(double.IsFinite), xs.FindLastIndex(double.IsFinite));
        if (first < 0) return;
        var line = plot.Add.Scatter(xs[first..(last + 1)].ToArray(), ys[first..(last + 1)].ToArray());
        line.Color = color;
        line.LineWidth = 2.5f;
        line.MarkerSize = 0;
    }

    static void AddPoints(Plot plot, LinePoint[] points, Color color, PanelLimits limits)
    {
        LinePoint[] shown = [.. points.Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y))];
        plot.Add.Markers(shown.Select(p => p.X).ToArray(), shown.Select(p => p.Y).ToArray(), MarkerShape.FilledCircle, 9, color);
        AddIntervals(plot, shown, color, limits);
    }

    static void AddBars(Plot plot, LinePoint[] bars, Color color, int group, int groups, PanelLimits limits)
    {
        var width = BarShare / groups;
        LinePoint[] shown = [.. bars.Where(b => double.IsFinite(b.X) && double.IsFinite(b.Y)).Select(b => b with { X = b.X + (group - (groups - 1) / 2.0) * width })];
        // On a logarithmic axis there is no zero: bars stand on the edge of the panel.
        foreach (var bar in shown)
            plot.Add.Bar(new Bar { Position = bar.X, Value = bar.Y, ValueBase = limits.Within(0), Size = width, FillColor = color, LineWidth = 0 });
        AddIntervals(plot, shown, Colors.Black, limits);
    }

    static void AddIntervals(Plot plot, LinePoint[] points, Color color, PanelLimits limits)
    {
        foreach (var p in points.Where(p => double.IsFinite(p.Low) && double.IsFinite(p.High)))
        {
            var line = plot.Add.Line(p.X, limits.Within(p.Low), p.X, limits.Within(p.High));
            line.Color = color;
            line.LineWidth = 2;
            line.MarkerSize = 0;
        }
    }

    static void AddHeatMap(Plot plot, double[] xs, double[] ys, HeatMapSeries map, (double Low, double High) range)
    {
        RequireEven(xs);
        RequireEven(ys);
        // ScottPlot draws nothing of a single row or column: twice the same looks as it should.
        var (rows, columns) = (Math.Max(2, ys.Length - 1), Math.Max(2, xs.Length - 1));
        var values = new double[rows, columns];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
            {
                var value = map.Values[Math.Min(row, ys.Length - 2)][Math.Min(column, xs.Length - 2)];
                values[rows - 1 - row, column] = double.IsFinite(value) ? value : double.NaN;
            }

        var heat = plot.Add.Heatmap(values);
        heat.Colormap = new ScottPlot.Colormaps.Viridis();
        heat.ManualRange = new ScottPlot.Range(range.Low, range.High);
        heat.Rectangle = new CoordinateRect(xs[0], xs[^1], ys[0], ys[^1]);
        var bar = plot.Add.ColorBar(heat);
        bar.Label = map.ValueLabel;
        bar.LabelStyle.FontName = FontName;
        // Without it the label reaches into the next panel.
        bar.MinimumSize = 96;

        static void RequireEven(double[] edges)
        {
            var step = (edges[^1] - edges[0]) / (edges.Length - 1);
            for (var i = 1; i < edges.Length; i++)
                if (!(Math.Abs(edges[i] - edges[i - 1] - step) < 1e-6 * Math.Abs(step))) throw new ArgumentException("The edges of a heat map must be evenly spaced on their axis.");
        }
    }

    static ITickGenerator Ticks(Axis axis, double low, double high)
    {
        if (axis.Categories.Count > 0)
            return new ScottPlot.TickGenerators.NumericManual([.. Enumerable.Range(0, axis.Categories.Count).Select(i => (double)i)], [.. axis.Categories]);
        if (!axis.Logarithmic && !axis.Integers) return new ScottPlot.TickGenerators.NumericAutomatic();
        var ticks = new ScottPlot.TickGenerators.NumericManual();
        if (!axis.Logarithmic)
        {
            var step = IntegerStep(low, high);
            for (var at = Math.Ceiling(low / step) * step + 0.0; at <= high; at += step) ticks.AddMajor(at, at.ToString(CultureInfo.InvariantCulture));
            return ticks;
        }

        // A few decades leave room for labels between powers of ten, many do not even for each power.
        var decades = high - low;
        int[] labelled = decades < 0.8 ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : decades < 2.5 ? [1, 2, 5] : [1];
        var every = Math.Max(1, (int)(decades / 8));
        for (var decade = (int)Math.Floor(low); decade <= high; decade++)
            for (var digit = 1; digit < 10; digit++)
            {
                var at = decade + Math.Log10(digit);
                if (at < low || at > high) continue;
                if (labelled.Contains(digit) && decade % every == 0) ticks.AddMajor(at, Power(decade, digit));
                else if (every == 1) ticks.AddMinor(at);
            }

        return ticks;
    }

    /// <summary>Distance of the ticks on an axis of whole numbers, so that there are about a dozen at most.</summary>
    internal static double IntegerStep(double low, double high)
    {
        var least = Math.Max(1, (high - low) / 12);
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return power * ((double[])[1, 2, 5, 10]).First(digit => digit * power >= least * (1 - 1e-9));
    }

    static string Power(int decade, int digit) => decade is >= -3 and <= 6
        ? (digit * Math.Pow(10, decade)).ToString("#,0.####", CultureInfo.InvariantCulture)
        : $"{digit}e{decade}";
}
