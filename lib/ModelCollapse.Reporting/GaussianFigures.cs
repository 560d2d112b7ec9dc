using ModelCollapse.ClosedForm;
using ModelCollapse.ClosedForm.Laws;
using ModelCollapse.Generations;
using ModelCollapse.Results;

namespace ModelCollapse.Reporting;

/// <summary>Figures of the smallest model that collapses.</summary>
public static class GaussianFigures
{
    // The range that is shown, and the points of a curve: enough of them where it is not flat, however narrow it is.
    const double Reach = 3.5, Deviations = 4;
    const int Points = 81;

    /// <summary>The densities that one run fitted in some generations, each as a share of its peak, one panel for each arm.</summary>
    /// <param name="results">Results with <see cref="GaussianMoments"/>.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="generations">Which generations.</param>
    public static Figure Densities(RunResults results, long seed, params IReadOnlyList<int> generations)
    {
        var name = results.Metrics[0].Recipe;
        return new($"{name}-densities", $"What each generation believes, seed {seed}",
            [.. results.Metrics.Select(m => m.Arm).Distinct().Select(arm => new Panel(arm, new("number"), new("density, share of its peak"), [.. generations.Index().Select(g => Density(arm, g.Item, g.Index))]))])
        { SharedAxes = true };

        LineSeries Density(string arm, int generation, int step)
        {
            var (mean, deviation) = (Value(arm, generation, GaussianMoments.Mean), Value(arm, generation, GaussianMoments.Deviation));
            var xs = Enumerable.Range(0, Points).Select(i => mean + deviation * Deviations * (2.0 * i / (Points - 1) - 1)).Append(-Reach).Append(Reach).Where(x => Math.Abs(x) <= Reach);
            return new($"generation {generation}", ArmColors.OfStep(step), [.. xs.Order().Select(x => new LinePoint(x, Math.Exp(-0.5 * Math.Pow((x - mean) / deviation, 2))))]);
        }

        double Value(string arm, int generation, string metric) =>
            results.Metrics.FirstOrDefault(m => m.Arm == arm && m.Seed == seed && m.Generation == generation && m.Metric == metric)?.Value
            ?? throw new InputException($"There is no {metric} of arm {arm}, seed {seed}, generation {generation}: choose from those that were run.");
    }

    /// <summary>ln σ over generations, with the exact mean under <see cref="Replace"/> as a line.</summary>
    /// <param name="results">Results with <see cref="GaussianMoments"/>.</param>
    /// <param name="samples">M, the numbers that each generation is fitted to.</param>
    public static Figure LogDeviation(RunResults results, int samples)
    {
        LinePoint[] law = [.. Enumerable.Range(0, results.Metrics.Max(m => m.Generation) + 1).Select(t => new LinePoint(t, GaussianLaws.Replace(VarianceEstimator.MaximumLikelihood, samples, fits: t + 1).LogVariance / 2))];
        return RunFigures.OverGenerations(results, new(GaussianMoments.LogDeviation, "Width of what each generation believes", "ln σ", "F2"),
            new LineSeries("exact mean under replace", "#666666", law));
    }
}
