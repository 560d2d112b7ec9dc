using System.Globalization;
using ScottPlot;
using SkiaSharp;

namespace ModelCollapse.Notebooks;

/// <summary>Draws figures into files with ScottPlot.</summary>
public static class ScottPlotRenderer
{
    const int Width = 1200, TitleHeight = 48, LegendHeight = 40, Margin = 16;
    const float TitleSize = 22, TextSize = 16;

    // A wide band of few seeds must not flatten the lines: it is cut where it leaves them by this share of their range.
    const double BandShare = 0.5, Padding = 0.04;

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
        // Skia's fallback of last resort has no glyphs: a figure without a word would look finished.
        if (!Fonts.GetTypeface(FontName, bold: false, italic: false).ContainsGlyph('0'))
            throw new InputException("Figures need a font and this machine has none: run environment/setup, or install the package fonts-dejavu-core.");
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        var (columns, rows) = Grid(figure.Panels.Count);
        var height = TitleHeight + LegendHeight + rows * (figure.Panels.Count == 1 ? 600 : 360) + Margin;
        switch (Path.GetExtension(path))
        {
            case ".png":
                using (var surface = SKSurface.Create(new SKImageInfo(Width, height)))
                {
                    Draw(figure, surface.Canvas, columns, rows, height);
                    using var image = surface.Snapshot();
                    using var png = image.Encode(SKEncodedImageFormat.Png, 100);
                    File.WriteAllBytes(path, png.ToArray());
                }

                break;
            case ".svg":
                using (var stream = File.Create(path))
                using (var canvas = SKSvgCanvas.Create(SKRect.Create(Width, height), stream))
                    Draw(figure, canvas, columns, rows, height);
                break;
            default:
                throw new ArgumentException($"{path} must end in .png or .svg.", nameof(path));
        }
    }

    static (int Columns, int Rows) Grid(int panels)
    {
        var columns = panels is 4 ? 2 : Math.Clamp(panels, 1, 3);
        return (columns, Math.Max(1, (panels + columns - 1) / columns));
    }

    static void Draw(Figure figure, SKCanvas canvas, int columns, int rows, int height)
    {
        canvas.Clear(SKColors.White);
        DrawTitleAndLegend(figure, canvas);
        var (width, top) = ((float)(Width - 2 * Margin) / columns, TitleHeight + LegendHeight);
        var panelHeight = (float)(height - top - Margin) / rows;
        Limits[] limits = [.. figure.Panels.Select(Limits.Of)];
        if (figure.SharedAxes && limits.Length > 0) Array.Fill(limits, limits.Aggregate((a, b) => a.With(b)));
        for (var i = 0; i < figure.Panels.Count; i++)
        {
            var (left, above) = (Margin + i % columns * width, top + i / columns * panelHeight);
            using var plot = PlotOf(figure.Panels[i], limits[i]);
            plot.Render(canvas, new PixelRect(left, left + width, above + panelHeight, above));
        }
    }

    static void DrawTitleAndLegend(Figure figure, SKCanvas canvas)
    {
        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        using var title = new SKFont(Fonts.GetTypeface(FontName, bold: true, italic: false), TitleSize);
        using var text = new SKFont(Fonts.GetTypeface(FontName, bold: false, italic: false), TextSize);
        if (title.MeasureText(figure.Title) is var wide && wide > Width - 2 * Margin) title.Size *= (Width - 2 * Margin) / wide;
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

    static Plot PlotOf(Panel panel, Limits limits)
    {
        var plot = new Plot();
        plot.RenderManager.ClearCanvasBeforeEachRender = false;
        plot.Font.Set(FontName);
        plot.FigureBackground.Color = Colors.White;
        plot.Grid.MajorLineColor = Colors.Black.WithAlpha(0.1);
        double X(double x) => panel.X.Logarithmic ? Math.Log10(x) : x;
        double Y(double y) => panel.Y.Logarithmic ? Math.Log10(y) : y;
        LinePoint At(LinePoint p) => new(X(p.X), Y(p.Y), Lowest(p.Low), Y(p.High));
        // All bands lie below all lines.
        foreach (var line in panel.Series.OfType<LineSeries>()) AddBand(plot, [.. line.Points.Select(At)], Color.FromHex(line.Color), limits);
        foreach (var series in panel.Series)
            if (series is LineSeries line) AddLine(plot, [.. line.Points.Select(At)], Color.FromHex(line.Color), line.Thin);
            else if (series is StepSeries step) AddSteps(plot, [.. step.Edges.Select(X)], [.. step.Heights.Select(Y)], Color.FromHex(step.Color), limits);

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

    static void AddBand(Plot plot, LinePoint[] points, Color color, Limits limits)
    {
        foreach (var run in Runs(points, p => double.IsFinite(p.X) && double.IsFinite(p.Low) && double.IsFinite(p.High)))
        {
            var band = plot.Add.FillY([.. run.Select(p => (p.X, limits.Within(p.Low), limits.Within(p.High)))]);
            band.FillColor = color.WithAlpha(0.15);
            band.LineWidth = 0;
            band.MarkerSize = 0;
        }
    }

    static void AddLine(Plot plot, LinePoint[] points, Color color, bool thin)
    {
        foreach (var run in Runs(points, p => double.IsFinite(p.X) && double.IsFinite(p.Y)))
        {
            var line = plot.Add.Scatter(run.Select(p => p.X).ToArray(), run.Select(p => p.Y).ToArray());
            line.Color = thin ? color.WithAlpha(0.45) : color;
            line.LineWidth = thin ? 1 : 3;
            line.MarkerSize = thin && run.Length > 1 ? 0 : thin ? 4 : 8;
        }
    }

    static void AddSteps(Plot plot, double[] edges, double[] heights, Color color, Limits limits)
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

    static IEnumerable<T[]> Runs<T>(T[] items, Func<T, bool> keep)
    {
        for (var i = 0; i < items.Length; i++)
        {
            T[] run = [.. items.Skip(i).TakeWhile(keep)];
            if (run.Length > 0) yield return run;
            i += run.Length;
        }
    }

    static ITickGenerator Ticks(Axis axis, double low, double high)
    {
        if (!axis.Logarithmic && !axis.Integers) return new ScottPlot.TickGenerators.NumericAutomatic();
        var ticks = new ScottPlot.TickGenerators.NumericManual();
        if (!axis.Logarithmic)
        {
            var step = Math.Max(1, Math.Ceiling((high - low) / 12));
            for (var at = Math.Ceiling(low / step) * step + 0.0; at <= high; at += step) ticks.AddMajor(at, at.ToString(CultureInfo.InvariantCulture));
            return ticks;
        }

        // A few decades leave room for labels between powers of ten, many do not even for each power.
        var decades = high - low;
        int[] labelled = decades < 0.8 ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : decades < 2.5 ? [1, 2, 5] : [1];
        var every = Math.Max(1, (int)(decades / 8));
        for (var decade = (int)Math.Floor(low); decade <= high; decade++)
            for (var digit = 1; digit < 10; digit++)
                if (decade + Math.Log10(digit) is var at && at >= low && at <= high)
                    if (labelled.Contains(digit) && decade % every == 0) ticks.AddMajor(at, Power(decade, digit));
                    else if (every == 1) ticks.AddMinor(at);
        return ticks;
    }

    static string Power(int decade, int digit) => decade is >= -3 and <= 6
        ? (digit * Math.Pow(10, decade)).ToString("#,0.####", CultureInfo.InvariantCulture)
        : $"{digit}e{decade}";

    /// <summary>Range of a panel in axis units: powers of ten where an axis is logarithmic.</summary>
    readonly record struct Limits(double Left, double Right, double Bottom, double Top)
    {
        public Limits With(Limits other) =>
            new(Math.Min(Left, other.Left), Math.Max(Right, other.Right), Math.Min(Bottom, other.Bottom), Math.Max(Top, other.Top));

        public double Within(double y) => Math.Clamp(y, Bottom, Top);

        public static Limits Of(Panel panel)
        {
            var (xs, ys, bands) = (new List<double>(), new List<double>(), new List<double>());
            foreach (var series in panel.Series)
                if (series is LineSeries line)
                {
                    xs.AddRange(line.Points.Select(p => p.X));
                    ys.AddRange(line.Points.Select(p => p.Y));
                    bands.AddRange(line.Points.SelectMany(p => (double[])[p.Low, p.High]));
                }
                else if (series is StepSeries step)
                {
                    xs.AddRange(step.Edges);
                    ys.AddRange(step.Heights);
                }

            var (left, right) = Range(xs, panel.X.Logarithmic);
            var (low, high) = Range(ys, panel.Y.Logarithmic);
            if (bands.Any(double.IsFinite))
            {
                var (lowest, highest) = Range(bands, panel.Y.Logarithmic);
                var room = BandShare * (high - low);
                (low, high) = (Math.Min(low, Math.Max(lowest, low - room)), Math.Max(high, Math.Min(highest, high + room)));
            }

            var (x, y) = (Padding * (right - left), Padding * (high - low));
            // Shares stand on the axis.
            var histogram = panel.Series.All(s => s is StepSeries) && !panel.Y.Logarithmic;
            return new(left - x, right + x, histogram ? 0 : low - y, high + y);
        }

        static (double Low, double High) Range(List<double> values, bool logarithmic)
        {
            double[] finite = [.. values.Where(v => !logarithmic || v > 0).Select(v => logarithmic ? Math.Log10(v) : v).Where(double.IsFinite)];
            if (finite.Length == 0) return (0, 1);
            var (low, high) = (finite.Min(), finite.Max());
            return high - low > 1e-9 * Math.Max(1, Math.Abs(high)) ? (low, high) : (low - 0.5, high + 0.5);
        }
    }
}
