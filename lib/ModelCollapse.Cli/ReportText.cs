using ModelCollapse.Language;
using ModelCollapse.Metrics;
using ModelCollapse.Reporting;
using ModelCollapse.Results;
using ModelCollapse.Results.Claims;
using Spectre.Console;

namespace ModelCollapse.Cli;

/// <summary>Results as text: tables with 95 % intervals over seeds (Student's t), and sentences that compare.</summary>
static class ReportText
{
    /// <summary>Test perplexity of each generation and arm.</summary>
    public static void Headline(RunResults results) => Table(results, MetricLabel.Perplexity, MetricLabel.Perplexity.Title);

    /// <summary>Headline, last generation against generation 0, arms against the first, and diversity.</summary>
    public static void All(RunResults results)
    {
        results = results.ByStart();
        foreach (var recipe in results.Metrics.Select(m => m.Recipe).Distinct())
        {
            var part = results.OfRecipe(recipe);
            Console.WriteLine($"\n{recipe}: mean over seeds, 95 % interval (Student's t) where there are several seeds.");
            Headline(part);
            Degradation(part);
            foreach (var label in MetricLabel.Diversity) Table(part, label, $"Own text of each generation: {label.Metric.Number}");
            foreach (var label in MetricLabel.TrainingDiversity) Table(part, label, $"Training text of each generation: {label.Metric.Number}");
            if (CostTables.ByPhase(part) is { Rows.Count: > 0 } phases) Table(phases);
        }

        Claims(results);
    }

    static void Claims(RunResults results)
    {
        var verdicts = ClaimTable.Of(ClaimFile.OfProject().Claims, results);
        Table(ClaimTables.Tested(verdicts));
        if (ClaimTables.NotTested(verdicts).Rows.Count is > 0 and var others) Console.WriteLine($"{others} more claims are not testable with these runs; --html FILE lists them with the reasons.");
    }

    /// <summary>This run's perplexities beside those of a reference: of the last generation, and whatever lies outside.</summary>
    public static void Compare(RunResults results, RunResults reference, string name)
    {
        var other = reference.Metrics.Where(m => m.Metric == TestPerplexity.Headline).ToLookup(m => (m.Recipe, m.Arm, m.Generation));
        var table = new Spectre.Console.Table().RoundedBorder().AddColumns("arm", "generation", "here", "reference, mean and interval", "range of its seeds", "");
        var (inside, all) = (0, 0);
        var last = results.Metrics.Select(m => m.Generation).DefaultIfEmpty().Max();
        var format = MetricLabel.Perplexity.FormatFor(other.SelectMany(g => g.Select(m => m.Value)));
        foreach (var mine in results.Metrics.Where(m => m.Metric == TestPerplexity.Headline).GroupBy(m => (m.Recipe, m.Arm, m.Generation)))
        {
            double[] values = [.. other[mine.Key].Select(m => m.Value)];
            if (values.Length == 0) continue;
            var (value, least, most) = (mine.Average(m => m.Value), values.Min(), values.Max());
            var within = value >= least - 1e-9 && value <= most + 1e-9;
            (inside, all) = (inside + (within ? 1 : 0), all + 1);
            if (within && mine.Key.Generation < last) continue;
            table.AddRow(mine.Key.Arm, $"{mine.Key.Generation}", IntervalText.Number(value, format), IntervalText.Of(values, format), $"{IntervalText.Number(least, format)} – {IntervalText.Number(most, format)}", within ? "inside" : "outside");
        }

        if (all == 0)
        {
            Console.WriteLine($"\n{name} has no generation of the same recipe and arm to compare with.");
            return;
        }

        Console.WriteLine($"\nCompared with {name}: {inside} of {all} values lie within the range of the reference's seeds.");
        // A run with a seed of the reference is in that range by itself; only other seeds are a second opinion.
        var own = results.Metrics.Where(m => m.Metric == TestPerplexity.Headline)
            .Join(other.SelectMany(g => g), m => (m.Recipe, m.Arm, m.Generation, m.Seed), r => (r.Recipe, r.Arm, r.Generation, r.Seed), (m, r) => m.Value == r.Value).ToList();
        if (own.Count > 0)
            Console.WriteLine($"{own.Count} of the values here share a seed with the reference: {own.Count(same => same)} of them are identical to the last bit. For an independent check use other --seeds.");
        AnsiConsole.Write(table);
        foreach (var difference in Differences(results, reference)) Console.WriteLine($"Settings differ: {difference}");
    }

    static void Degradation(RunResults results)
    {
        var arms = ArmChange.Of(results.Metrics.Where(m => m.Metric == TestPerplexity.Headline));
        if (arms.Count == 0) return;
        var format = MetricLabel.Perplexity.FormatFor(arms.SelectMany(a => a.Seeds.Values).SelectMany(v => (double[])[v.First, v.Last]));
        Console.WriteLine($"Generation {arms[0].Generation} against generation 0, by seed (the interval of the ratio is that of the mean of its logarithm):");
        var labels = results.Recipes.SelectMany(results.Arms).ToDictionary(a => a.Name, a => a.Label);
        foreach (var arm in arms) Console.WriteLine($"  {labels[arm.Arm]}: {IntervalText.Of(arm.Differences, format)} points, ratio {IntervalText.OfRatio(arm.Ratios)}");
        if (arms.Count < 2) return;
        Console.WriteLine($"Generation {arms[0].Generation}, other arms minus {labels[arms[0].Arm]}, paired by seed:");
        foreach (var arm in arms.Skip(1))
            if (arm.Minus(arms[0]) is { Count: > 0 } differences)
                Console.WriteLine($"  {labels[arm.Arm]}: {IntervalText.Of(differences, format)} points over {differences.Count} seeds");
    }

    static void Table(RunResults results, MetricLabel label, string title) => Table(RunTables.OverGenerations(results, label) with { Title = title });

    static void Table(Reporting.Table cells)
    {
        if (cells.Rows.Count == 0) return;
        var table = new Spectre.Console.Table().RoundedBorder().Title(Markup.Escape(cells.Title)).AddColumns([.. cells.Columns.Select(c => Markup.Escape(Broken(c)))]);
        foreach (var row in cells.Rows) table.AddRow([.. row.Select(Markup.Escape)]);
        AnsiConsole.Write(table);
    }

    /// <summary>A name that may be broken at its hyphen: the console cuts words that are too long for their column, and the names of arms would be the same.</summary>
    static string Broken(string heading) => heading.Replace("-", "-\n", StringComparison.Ordinal);

    static IEnumerable<string> Differences(RunResults results, RunResults reference) =>
        from mine in results.Runs
        from other in reference.Runs.Where(r => r.Recipe == mine.Recipe && r.Arm == mine.Arm).Take(1)
        from difference in other.DifferencesTo(mine)
        group mine.Arm by difference into g
        select $"{g.Key} ({string.Join(", ", g.Distinct())}).";
}
