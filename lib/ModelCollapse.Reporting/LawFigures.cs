using System.Globalization;
using ModelCollapse.ClosedForm.Laws;

namespace ModelCollapse.Reporting;

/// <summary>Every law beside its measurement: a table of all, and curves of those that notebooks do not show elsewhere.</summary>
public static class LawFigures
{
    /// <summary>Measures every law.</summary>
    /// <param name="seed">Decides every number.</param>
    public static async Task<IReadOnlyList<LawRow>> MeasureAsync(long seed)
    {
        var bar = ProgressBar.Show("laws");
        List<LawRow> rows = [];
        await foreach (var row in LawTable.MeasureAsync(seed))
        {
            rows.Add(row);
            bar.Report(rows.Count, rows.Count, "laws");
        }

        return rows;
    }

    /// <summary>All laws, each at its last place.</summary>
    /// <param name="rows">What <see cref="MeasureAsync"/> gave.</param>
    public static Table Table(IEnumerable<LawRow> rows)
    {
        return new("Laws, predicted and measured (± is the 95 % interval)", ["law", "claims", "setting", "predicted", "measured", "relative error", "runs", "source"],
        [
            .. rows.Select(row => (IReadOnlyList<string>)[
                row.Law, row.Kind switch { LawKind.Exact => "exact", LawKind.FirstOrder => "first order", _ => "conjecture" }, row.Setting, Number(row.Predicted),
                $"{Number(row.Measured)} ± {Number(1.96 * row.StandardError)}", row.RelativeError.ToString("P1", CultureInfo.InvariantCulture), row.Repetitions.ToString("N0", CultureInfo.InvariantCulture), row.Source,
            ]),
        ]);

        static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
    }

    /// <summary>Theory over simulation, a panel for each law.</summary>
    /// <param name="rows">What <see cref="MeasureAsync"/> gave.</param>
    public static Figure Curves(IReadOnlyList<LawRow> rows)
    {
        Axis fits = new("fits");
        return new("law-curves", "Laws (lines) and their measurements (dots, with 95 % intervals)",
        [
            Of("sampling bias λ = 0.9", fits, new("E σ²"), "E σ² = λ^(n−1)"),
            Of("fresh data: three starts", fits, new("E σ²"), "fresh data: E σ²"),
            Of("fresh data: three starts", fits, new("E μ²", Logarithmic: true), "fresh data: E μ²"),
            Of("all real data kept", fits, new("E σ²"), "fixed real data: E σ²"),
            Of("kernel density", fits, new("E σ²"), "kernel density"),
            Of("Zipf and trigrams", fits, new("S_m"), "S_m"),
            Of("states and bins left", fits, new("number left"), "states left", "bins left"),
            Of("20 % from the truth", fits, new("R_t"), "R_t"),
            Of("regression", new("fits", Integers: true), new("excess error"), "σ²d/(T − d − 1)", "σ² Σ d"),
            Of("labels by other weights", new("their share p₂"), new("excess error"), "σ²d/n + p₂²c²"),
            Of("Zipf, β = 1.5", new("rank k", Logarithmic: true), new("mass beyond k", Logarithmic: true), "mass beyond"),
            Of("a verifier, φ = 0.9, ψ = 0.3", new("share of wrong labels p"), new("share right"), "half right"),
        ])
        {
            Caption = "Fresh data, three starts: n_ini = 20 and 2,000 end at one limit, λ = 0.9 at another.",
        };

        Panel Of(string title, Axis x, Axis y, params string[] laws)
        {
            List<Series> series = [];
            foreach (var (step, row) in rows.Where(r => laws.Any(l => r.Law.StartsWith(l, StringComparison.Ordinal))).Index())
            {
                series.Add(new LineSeries("", ArmColors.OfStep(step), [.. row.Points.Select(p => new LinePoint(p.X, p.Predicted))], Thin: true));
                var every = Math.Max(1, row.Points.Count / 10);
                series.Add(new PointSeries("", ArmColors.OfStep(step),
                    [.. row.Points.Where((_, i) => i % every == 0).Select(p => new LinePoint(p.X, p.Measured, p.Measured - 1.96 * p.StandardError, p.Measured + 1.96 * p.StandardError))]));
            }

            return new(title, x, y, series);
        }
    }
}
