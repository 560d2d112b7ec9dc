using System.Globalization;
using ModelCollapse.Metrics;
using ModelCollapse.Runs;
using ModelCollapse.Statistics;
using Spectre.Console;

namespace ModelCollapse.Cli;

/// <summary>Results as text: tables with 95 % intervals over seeds (Student's t), and sentences that compare.</summary>
static class ReportText
{
    static readonly (string Metric, string Format)[] Diversity = [("diversity.distinct-2", "F3"), ("diversity.seq-rep-4", "F3"), ("diversity.types", "F0"), ("diversity.entropy", "F2")];

    /// <summary>Test perplexity of each generation and arm.</summary>
    public static void Headline(RunResults results) => Table(results, TestPerplexity.Headline, "F1", "Test perplexity (exponential of the mean loss)");

    /// <summary>Headline, last generation against generation 0, arms against the first, and diversity.</summary>
    public static void All(RunResults results)
    {
        foreach (var recipe in results.Metrics.GroupBy(m => m.Recipe))
        {
            var part = results with { Metrics = [.. recipe] };
            Console.WriteLine($"\n{recipe.Key}: mean over seeds, 95 % interval (Student's t) where there are several seeds.");
            Headline(part);
            Degradation(part);
            foreach (var (metric, format) in Diversity) Table(part, metric, format, $"Training text of each generation: {metric["diversity.".Length..]}");
        }
    }

    /// <summary>This run's perplexities beside those of a reference.</summary>
    public static void Compare(RunResults results, RunResults reference, string name)
    {
        var other = reference.Metrics.Where(m => m.Metric == TestPerplexity.Headline).ToLookup(m => (m.Recipe, m.Arm, m.Generation));
        var table = new Table().RoundedBorder().AddColumns("arm", "generation", "here", "reference, mean and interval", "range of its seeds", "");
        var (inside, all) = (0, 0);
        foreach (var mine in results.Metrics.Where(m => m.Metric == TestPerplexity.Headline).GroupBy(m => (m.Recipe, m.Arm, m.Generation)))
        {
            double[] values = [.. other[mine.Key].Select(m => m.Value)];
            if (values.Length == 0) continue;
            var (value, least, most) = (mine.Average(m => m.Value), values.Min(), values.Max());
            var within = value >= least - 1e-9 && value <= most + 1e-9;
            (inside, all) = (inside + (within ? 1 : 0), all + 1);
            table.AddRow(mine.Key.Arm, $"{mine.Key.Generation}", Number(value, "F1"), Cell(values, "F1"), $"{Number(least, "F1")} – {Number(most, "F1")}", within ? "inside" : "outside");
        }

        if (all == 0)
        {
            Console.WriteLine($"\n{name} has no generation of the same recipe and arm to compare with.");
            return;
        }

        Console.WriteLine($"\nCompared with {name}: {inside} of {all} values lie inside the range of the reference's seeds.");
        // A run with a seed of the reference is in that range by itself; only other seeds are a second opinion.
        var own = results.Metrics.Where(m => m.Metric == TestPerplexity.Headline)
            .Join(other.SelectMany(g => g), m => (m.Recipe, m.Arm, m.Generation, m.Seed), r => (r.Recipe, r.Arm, r.Generation, r.Seed), (m, r) => m.Value == r.Value).ToList();
        if (own.Count > 0)
            Console.WriteLine($"{own.Count} of the values here have a seed that is among the reference's: {own.Count(same => same)} of them are equal to its own to the last bit. For an independent check take other --seeds.");
        AnsiConsole.Write(table);
        foreach (var difference in Differences(results, reference)) Console.WriteLine($"Settings differ: {difference}");
    }

    static void Degradation(RunResults results)
    {
        var rows = results.Metrics.Where(m => m.Metric == TestPerplexity.Headline).ToList();
        if (rows.Count == 0) return;
        var last = rows.Max(r => r.Generation);
        var arms = rows.Select(r => r.Arm).Distinct().Select(arm => (Arm: arm, BySeed: rows.Where(r => r.Arm == arm)
            .GroupBy(r => r.Seed).Where(g => g.Any(r => r.Generation == last) && g.Any(r => r.Generation == 0))
            .ToDictionary(g => g.Key, g => (First: g.First(r => r.Generation == 0).Value, Last: g.First(r => r.Generation == last).Value)))).Where(a => a.BySeed.Count > 0).ToList();
        if (last == 0) return;
        Console.WriteLine($"Generation {last} against generation 0, by seed (the interval of the ratio is that of the mean of its logarithm):");
        foreach (var (arm, seeds) in arms)
            Console.WriteLine($"  {arm}: {Cell([.. seeds.Values.Select(v => v.Last - v.First)], "F1")} points, ratio {Ratio([.. seeds.Values.Select(v => v.Last / v.First)])}");
        if (arms.Count < 2) return;
        Console.WriteLine($"Generation {last}, other arms minus {arms[0].Arm}, paired by seed:");
        foreach (var (arm, seeds) in arms.Skip(1))
            if (seeds.Keys.Where(arms[0].BySeed.ContainsKey).ToList() is { Count: > 0 } common)
                Console.WriteLine($"  {arm}: {Cell([.. common.Select(s => seeds[s].Last - arms[0].BySeed[s].Last)], "F1")} points over {common.Count} seeds");
    }

    static void Table(RunResults results, string metric, string format, string title)
    {
        var rows = results.Metrics.Where(m => m.Metric == metric).ToList();
        if (rows.Count == 0) return;
        string[] arms = [.. rows.Select(r => r.Arm).Distinct()];
        var table = new Table().RoundedBorder().Title(title).AddColumn("generation").AddColumns(arms);
        foreach (var generation in rows.Select(r => r.Generation).Distinct().Order())
            table.AddRow([$"{generation}", .. arms.Select(arm => Cell([.. rows.Where(r => r.Arm == arm && r.Generation == generation).Select(r => r.Value)], format))]);
        AnsiConsole.Write(table);
    }

    static string Cell(double[] values, string format)
    {
        if (values.Length == 0) return "";
        var (_, mean, _, half) = MeanInterval.Of(values);
        return values.Length == 1 ? Number(mean, format) : $"{Number(mean, format)} ± {Number(half, format)}";
    }

    static string Ratio(double[] ratios)
    {
        var (_, mean, _, half) = MeanInterval.Of([.. ratios.Select(r => Math.Log(r))]);
        return ratios.Length == 1 ? Number(Math.Exp(mean), "F2") : $"{Number(Math.Exp(mean), "F2")} ({Number(Math.Exp(mean - half), "F2")} to {Number(Math.Exp(mean + half), "F2")})";
    }

    static IEnumerable<string> Differences(RunResults results, RunResults reference) =>
        from mine in results.Runs
        from other in reference.Runs.Where(r => r.Recipe == mine.Recipe && r.Arm == mine.Arm).Take(1)
        from difference in other.DifferencesTo(mine)
        group mine.Arm by difference into g
        select $"{g.Key} ({string.Join(", ", g.Distinct())}).";

    static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
