using System.Globalization;
using ModelCollapse.Generations;
using ModelCollapse.Metrics;
using ModelCollapse.Results.Stages;
using ModelCollapse.Store;

namespace ModelCollapse.Results.Claims;

/// <summary>The numbers of one recipe's runs as rules ask for them.</summary>
public sealed class ClaimNumbers
{
    readonly RunResults results;
    readonly string recipe;
    readonly IReadOnlyDictionary<(string Arm, MetricKey Metric, int Generation), Dictionary<long, double>> values;
    readonly HashSet<MetricKey> metrics;
    readonly HashSet<string> arms;

    /// <summary>Takes the numbers of a recipe.</summary>
    /// <param name="results">Results with runs of it.</param>
    /// <param name="recipe">Its name.</param>
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

    /// <summary>A number of an arm at a generation, by seed.</summary>
    /// <param name="arm">Name of the arm.</param>
    /// <param name="metric">The number.</param>
    /// <param name="generation">The generation.</param>
    /// <param name="logarithm">Whether its natural logarithm is asked for.</param>
    /// <exception cref="NotMeasuredException">These runs have not got there, or did not take the metric.</exception>
    /// <exception cref="InputException">The metric was taken under another name.</exception>
    public IReadOnlyDictionary<long, double> At(string arm, MetricKey metric, int generation, bool logarithm = false)
    {
        if (!metrics.Contains(metric)) throw Missing(metric);
        RequireArm(arm);
        if (!values.TryGetValue((arm, metric, generation), out var found)) throw new NotMeasuredException(string.Create(CultureInfo.InvariantCulture, $"arm {arm} has no {metric} at generation {generation}"));
        if (found.Where(v => !double.IsFinite(logarithm ? Math.Log(v.Value) : v.Value)).ToList() is [var odd, ..])
            throw new NotMeasuredException(string.Create(CultureInfo.InvariantCulture, $"{Named(metric, logarithm)} of arm {arm}, seed {odd.Key}, generation {generation} is not a finite number"));
        return logarithm ? found.ToDictionary(v => v.Key, v => Math.Log(v.Value)) : found;
    }

    /// <summary>When each sign of collapse begins in an arm, held against its control.</summary>
    /// <param name="arm">Name of the arm.</param>
    /// <exception cref="NotMeasuredException">An arm or a metric is missing, or the arm has no control.</exception>
    public ArmStages Stages(string arm)
    {
        RequireArm(arm);
        var control = results.Arms(recipe).First(a => a.Name == arm).Control ?? throw new NotMeasuredException($"arm {arm} has no control");
        RequireArm(control);
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
    /// <param name="first">By seed.</param>
    /// <param name="second">By seed.</param>
    public static IReadOnlyDictionary<long, double> Difference(IReadOnlyDictionary<long, double> first, IReadOnlyDictionary<long, double> second) =>
        first.Where(f => second.ContainsKey(f.Key)).ToDictionary(f => f.Key, f => f.Value - second[f.Key]);

    /// <summary>What a number is called where its logarithm may be meant: <c>ln perplexity.mean</c>.</summary>
    /// <param name="metric">The number.</param>
    /// <param name="logarithm">Whether its logarithm is meant.</param>
    public static string Named(MetricKey metric, bool logarithm) => logarithm ? $"ln {metric}" : metric.ToString();

    void RequireArm(string arm)
    {
        if (!arms.Contains(arm)) throw new NotMeasuredException($"these runs have no arm {arm}");
    }

    Exception Missing(MetricKey metric)
    {
        string[] siblings = [.. metrics.Where(m => m.Metric == metric.Metric).Select(m => m.ToString())];
        string[] known = [.. MetricCatalog.All.Keys.Concat(metrics).Select(k => k.Metric).Distinct()];
        if (siblings.Length == 0 && known.Contains(metric.Metric)) return new NotMeasuredException($"these runs did not measure {metric}");
        return siblings.Length == 0
            ? new InputException($"A claim reads '{metric}', but neither the runs of {recipe} nor a registered assembly have the metric '{metric.Metric}': did you mean '{NearestName.Of(metric.Metric, known)}'?")
            : new InputException($"A claim reads the metric '{metric}', which the runs of {recipe} do not have: did you mean '{NearestName.Of(metric.ToString(), siblings)}'?");
    }
}

/// <summary>The runs at hand cannot decide a rule; the message says why, as the end of a sentence.</summary>
/// <param name="reason">Why.</param>
public sealed class NotMeasuredException(string reason) : Exception(reason);
