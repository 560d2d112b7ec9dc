using ModelCollapse.Results.Claims;

namespace ModelCollapse.Reporting;

/// <summary>Range of a panel in axis units: powers of ten where an axis is logarithmic. Both renderings use it.</summary>
readonly record struct PanelLimits(double Left, double Right, double Bottom, double Top)
{
    // A wide band of few seeds must not flatten the lines: it is cut where it leaves them by this share of their range.
    const double BandShare = 0.5, Padding = 0.04;

    /// <summary>The limits of each panel: one for all where the figure shares its axes.</summary>
    public static IReadOnlyList<PanelLimits> Of(Figure figure)
    {
        PanelLimits[] limits = [.. figure.Panels.Select(Of)];
        if (figure.SharedAxes && limits.Length > 0) Array.Fill(limits, limits.Aggregate((a, b) => a.With(b)));
        return limits;
    }

    /// <summary>A value in the units of its axis; not finite where the axis cannot show it.</summary>
    public static double Scaled(Axis axis, double value) => axis.Logarithmic ? Math.Log10(value) : value;

    public double Within(double y) => Math.Clamp(y, Bottom, Top);

    PanelLimits With(PanelLimits other) =>
        new(Math.Min(Left, other.Left), Math.Max(Right, other.Right), Math.Min(Bottom, other.Bottom), Math.Max(Top, other.Top));

    static PanelLimits Of(Panel panel)
    {
        var (xs, ys, bands) = (new List<double>(), new List<double>(), new List<double>());
        foreach (var series in panel.Series)
            switch (series)
            {
                case LineSeries line: Add(line.Points); break;
                case PointSeries points: Add(points.Points); break;
                case BarSeries bars:
                    Add(bars.Bars);
                    xs.AddRange(bars.Bars.SelectMany(b => (double[])[b.X - 0.5, b.X + 0.5]));
                    ys.Add(0);
                    break;
                case StepSeries step: Cells(step.Edges, step.Heights); break;
                case HeatMapSeries map: Cells(map.XEdges, map.YEdges); break;
            }

        var (left, right) = Range(xs, panel.X.Logarithmic);
        var (low, high) = Range(ys, panel.Y.Logarithmic);
        if (bands.Any(double.IsFinite))
        {
            var (lowest, highest) = Range(bands, panel.Y.Logarithmic);
            var room = BandShare * (high - low);
            (low, high) = (Math.Min(low, Math.Max(lowest, low - room)), Math.Max(high, Math.Min(highest, high + room)));
        }

        // A map fills its panel.
        if (panel.Series.Any(s => s is HeatMapSeries)) return new(left, right, low, high);
        var (x, y) = (panel.X.Categories.Count > 0 ? 0 : Padding * (right - left), Padding * (high - low));
        // Shares and bars stand on the axis.
        var standing = !panel.Y.Logarithmic && low >= 0 && panel.Series.Count > 0 && panel.Series.All(s => s is StepSeries or BarSeries);
        return new(left - x, right + x, standing ? 0 : low - y, high + y);

        void Add(IReadOnlyList<LinePoint> points)
        {
            xs.AddRange(points.Select(p => p.X));
            ys.AddRange(points.Select(p => p.Y));
            bands.AddRange(points.SelectMany(p => (double[])[p.Low, p.High]));
        }

        void Cells(IReadOnlyList<double> x, IReadOnlyList<double> y)
        {
            xs.AddRange(x);
            ys.AddRange(y);
        }
    }

    static (double Low, double High) Range(List<double> values, bool logarithmic)
    {
        double[] finite = [.. values.Where(v => !logarithmic || v > 0).Select(v => logarithmic ? Math.Log10(v) : v).Where(double.IsFinite)];
        if (finite.Length == 0) return (0, 1);
        var (low, high) = (finite.Min(), finite.Max());
        return high - low > 1e-9 * Math.Max(1, Math.Abs(high)) ? (low, high) : (low - 0.5, high + 0.5);
    }
}
