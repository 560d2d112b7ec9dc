using ModelCollapse.Recipes;
using ModelCollapse.Results;

namespace ModelCollapse.Reporting;

/// <summary>
/// Which arms of a recipe are drawn together: one panel of all, or, where the arms differ in the factor <c>decoding</c>, a panel for each decoding with the
/// controls of its arms. In such a panel an arm is called by its other factors, and has the colour of that name in every figure.
/// </summary>
public sealed class ArmPanels
{
    ArmPanels(IReadOnlyList<ArmPanel> panels) => Panels = panels;

    /// <summary>The panels, in the order in which their arms began.</summary>
    public IReadOnlyList<ArmPanel> Panels { get; }

    /// <summary>The panels of a recipe.</summary>
    /// <param name="results">Results of one recipe.</param>
    public static ArmPanels Of(RunResults results)
    {
        var arms = results.Recipes is [var recipe, ..] ? results.Arms(recipe) : [];
        return new(arms.Count > 0 && arms.All(a => a[ArmInfo.Decoding] is not null) ? ByDecoding(arms) : [Together("", arms, a => a.Label, ArmColors.Of(arms.Select(a => a.Label)))]);
    }

    /// <summary>A number over generations: in each panel every arm as its mean with the 95 % interval.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <param name="label">The number.</param>
    /// <param name="title">Title of the panels; those of a decoding get its name after it.</param>
    /// <param name="seeds">Whether each seed is a thin line behind.</param>
    /// <param name="behind">What else is drawn in a panel, behind; null for nothing.</param>
    /// <returns>The panels in which there is something to draw.</returns>
    public IReadOnlyList<Panel> OverGenerations(RunResults results, MetricLabel label, string title, bool seeds, Func<ArmPanel, IEnumerable<Series>>? behind = null)
    {
        var rows = results.Metrics.Where(m => m.Metric == label.Metric).ToLookup(m => m.Arm);
        return
        [
            .. from panel in Panels
               where panel.Arms.Any(a => rows.Contains(a.Arm.Name))
               let lines = panel.Arms.Where(a => rows.Contains(a.Arm.Name)).ToArray()
               select new Panel(Titled(title, panel.Title), new("generation", Integers: true), new(label.Axis),
               [
                   .. behind?.Invoke(panel) ?? [],
                   .. seeds ? lines.SelectMany(a => Seeds(a, rows[a.Arm.Name])) : [],
                   .. lines.Select(a => Mean(a, rows[a.Arm.Name], label)),
               ]),
        ];
    }

    /// <summary>What is said in a title of how seeds are drawn; nothing where each arm has one.</summary>
    /// <param name="rows">What is drawn.</param>
    internal static string SeedsInWords(IEnumerable<MetricRow> rows) => rows.GroupBy(m => m.Arm).Any(arm => arm.Select(m => m.Seed).Distinct().Count() > 1) ? " (mean, 95 % interval, single seeds)" : "";

    static IReadOnlyList<ArmPanel> ByDecoding(IReadOnlyList<ArmInfo> arms)
    {
        var names = arms.ToDictionary(a => a.Name, a => a.Without(ArmInfo.Decoding) is { Length: > 0 } others ? others : a.Label);
        // Where other factors do not tell arms of one decoding apart, their labels do.
        if (arms.GroupBy(a => (a[ArmInfo.Decoding], names[a.Name])).Any(g => g.Count() > 1)) names = arms.ToDictionary(a => a.Name, a => a.Label);
        var colors = ArmColors.Of(names.Values.Order(StringComparer.Ordinal));
        string[] decodings = [.. arms.Select(a => a[ArmInfo.Decoding]!).Distinct()];
        return
        [
            .. from decoding in decodings
               let own = arms.Where(a => a[ArmInfo.Decoding] == decoding).ToArray()
               let controls = own.Select(a => a.Control).OfType<string>().ToHashSet()
               select Together(decodings.Length == 1 ? "" : own[0].LabelOf(ArmInfo.Decoding)!, arms.Where(a => own.Contains(a) || controls.Contains(a.Name)), a => names[a.Name], colors),
        ];
    }

    static ArmPanel Together(string title, IEnumerable<ArmInfo> arms, Func<ArmInfo, string> name, IReadOnlyDictionary<string, string> colors) =>
        new(title, [.. arms.Select(a => new DrawnArm(a, name(a), colors[name(a)]))]);

    static IEnumerable<LineSeries> Seeds(DrawnArm arm, IEnumerable<MetricRow> rows)
    {
        var seeds = rows.GroupBy(m => m.Seed).ToArray();
        return seeds.Length < 2 ? [] : seeds.Select(seed => new LineSeries("", arm.Color, [.. seed.OrderBy(m => m.Generation).Select(m => new LinePoint(m.Generation, m.Value))], Thin: true));
    }

    static LineSeries Mean(DrawnArm arm, IEnumerable<MetricRow> rows, MetricLabel label) => new(arm.Name, arm.Color,
        [.. Summary.Of(rows).OrderBy(s => s.Generation).Select(s => new LinePoint(s.Generation, s.Mean, Math.Max(label.Range.Least, s.Low), Math.Min(label.Range.Most, s.High)))]);

    static string Titled(string title, string panel) => string.Join(", ", ((string[])[title, panel]).Where(t => t != ""));
}

/// <summary>Arms that are drawn together.</summary>
/// <param name="Title">The decoding that they share; empty where all arms are in one panel.</param>
/// <param name="Arms">The arms.</param>
public sealed record ArmPanel(string Title, IReadOnlyList<DrawnArm> Arms);

/// <summary>An arm in a panel.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Name">What it is called there.</param>
/// <param name="Color">Its colour.</param>
public sealed record DrawnArm(ArmInfo Arm, string Name, string Color);
