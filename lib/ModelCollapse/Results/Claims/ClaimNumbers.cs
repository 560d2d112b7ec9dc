using System.Globalization;
using ModelCollapse.Generations;
using ModelCollapse.Results.Stages;

namespace ModelCollapse.Results.Claims;

/// <summary>The numbers of one recipe's runs as rules ask for them.</summary>
sealed class ClaimNumbers
{
    readonly RunResults results;
    readonly string recipe;
    readonly IReadOnlyDictionary<(string Arm, string Metric, int Generation), Dictionary<long, double>> values;
    readonly HashSet<string> metrics, arms;

    public ClaimNumbers(RunResults results, string recipe)
    {
        MetricRow[] rows = [.. results.Metrics.Where(m => m.Recipe == recipe)];
        (this.results, this.recipe) = (results, recipe);
        values = rows.GroupBy(r => (r.Arm, r.Metric, r.Generation)).ToDictionary(g => g.Key, g => g.DistinctBy(r => r.Seed).ToDictionary(r => r.Seed, r => r.Value));
        (metrics, arms) = ([.. rows.Select(r => r.Metric)], [.. rows.Select(r => r.Arm)]);
        Last = rows.Max(r => r.Generation);
    }

    /// <summary>The last generation of any arm.</summary>
    public int Last { get; }

    /// <summary>A metric of an arm at a generation, by seed.</summary>
    /// <exception cref="NotMeasuredException">These runs have not got there, or did not take the metric.</exception>
    /// <exception cref="InputException">The metric was taken under another name.</exception>
    public IReadOnlyDictionary<long, double> At(string arm, string metric, int generation, bool logarithm = false)
    {
        if (!metrics.Contains(metric))
        {
            var group = metric.Split('.')[0] + ".";
            if (metrics.Where(m => m.StartsWith(group, StringComparison.Ordinal)).ToList() is { Count: > 0 } siblings)
                throw new InputException($"A claim reads the metric '{metric}', which the runs of {recipe} do not have: did you mean '{NearestName.Of(metric, siblings)}'?");
            throw new NotMeasuredException($"these runs did not measure {metric}");
        }

        if (!arms.Contains(arm)) throw new NotMeasuredException($"these runs have no arm {arm}");
        if (!values.TryGetValue((arm, metric, generation), out var found)) throw new NotMeasuredException(string.Create(CultureInfo.InvariantCulture, $"arm {arm} has no {metric} at generation {generation}"));
        if (found.Where(v => !double.IsFinite(logarithm ? Math.Log(v.Value) : v.Value)).ToList() is [var odd, ..])
            throw new NotMeasuredException(string.Create(CultureInfo.InvariantCulture, $"{Named(metric, logarithm)} of arm {arm}, seed {odd.Key}, generation {generation} is not a finite number"));
        return logarithm ? found.ToDictionary(v => v.Key, v => Math.Log(v.Value)) : found;
    }

    /// <summary>When each sign of collapse sets in.</summary>
    /// <exception cref="NotMeasuredException">An arm or a metric is missing.</exception>
    public ArmStages Stages(string arm, string control)
    {
        foreach (var name in (string[])[arm, control])
            if (!arms.Contains(name)) throw new NotMeasuredException($"these runs have no arm {name}");
        try
        {
            return CollapseStages.Of(results, recipe, arm, control);
        }
        catch (InputException e)
        {
            throw new NotMeasuredException(e.Message);
        }
    }

    /// <summary>First minus second, for the seeds that both have.</summary>
    public static IReadOnlyDictionary<long, double> Difference(IReadOnlyDictionary<long, double> first, IReadOnlyDictionary<long, double> second) =>
        first.Where(f => second.ContainsKey(f.Key)).ToDictionary(f => f.Key, f => f.Value - second[f.Key]);

    public static string Named(string metric, bool logarithm) => logarithm ? $"ln {metric}" : metric;
}

/// <summary>The runs at hand cannot decide a rule; the message says why, as the end of a sentence.</summary>
sealed class NotMeasuredException(string reason) : Exception(reason);
