using MathNet.Numerics.Distributions;
using ModelCollapse.ClosedForm;
using ModelCollapse.Generations;
using ModelCollapse.Runs;

namespace ModelCollapse.Notebooks;

/// <summary>Figures of the smallest model that collapses.</summary>
public static class GaussianFigures
{
    const int Points = 241;
    const double Reach = 3.5;

    /// <summary>The densities that one run fitted in some generations, one panel for each arm.</summary>
    /// <param name="results">Results with <see cref="GaussianMoments"/>.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="generations">Which generations.</param>
    public static Figure Densities(RunResults results, long seed, params IReadOnlyList<int> generations)
    {
        var name = results.Metrics[0].Recipe;
        return new($"{name}-densities", $"What each generation believes, seed {seed}",
            [.. results.Metrics.Select(m => m.Arm).Distinct().Select(arm => new Panel(arm, new("number"), new("density"), [.. generations.Index().Select(g => Density(arm, g.Item, g.Index))]))])
        { SharedAxes = true };

        LineSeries Density(string arm, int generation, int step)
        {
            var normal = new Normal(Value(arm, generation, GaussianMoments.Mean), Value(arm, generation, GaussianMoments.Deviation));
            return new($"generation {generation}", ArmColors.OfStep(step),
                [.. Enumerable.Range(0, Points).Select(i => -Reach + 2 * Reach * i / (Points - 1)).Select(x => new LinePoint(x, normal.Density(x)))]);
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
        LinePoint[] law = [.. Enumerable.Range(0, results.Metrics.Max(m => m.Generation) + 1).Select(t => new LinePoint(t, GaussianCollapse.ExpectedLogDeviation(samples, t)))];
        return RunFigures.OverGenerations(results, new(GaussianMoments.LogDeviation, "Width of what each generation believes", "ln σ", "F2"),
            new LineSeries("exact mean under replace", "#666666", law));
    }
}
