using ModelCollapse.ClosedForm;
using ModelCollapse.Generations;
using ModelCollapse.Reporting;
using ModelCollapse.Results;

namespace ModelCollapse.Tests.ClosedForm;

public class GaussianCollapseTests
{
    [Fact]
    public async Task Replace_narrows_and_accumulate_does_not()
    {
        var results = await Run.LiveAsync("gaussian", new Dictionary<string, DataPolicy> { ["replace"] = new Replace(), ["accumulate"] = new Accumulate() }, seeds: 3,
            (policy, seed) => GaussianCollapse.Experiment(samples: 5, generations: 25, policy, seed));
        Assert.Equal(2 * 3 * 26 * 3, results.Metrics.Count);
        var changes = ArmChange.Of(results.Metrics.Where(m => m.Metric == GaussianMoments.LogDeviation)).ToDictionary(c => c.Arm);
        Assert.All(changes["replace"].Differences, d => Assert.True(d < -1));
        Assert.All(changes["accumulate"].Differences, d => Assert.InRange(d, -0.7, 0.7));
        Assert.All(changes["replace"].Seeds, s => Assert.Equal(s.Value.First, changes["accumulate"].Seeds[s.Key].First)); // the same real numbers

        var densities = GaussianFigures.Densities(results, seed: 1, 0, 25);
        Assert.Equal(["replace", "accumulate"], densities.Panels.Select(p => p.Title));
        Assert.All(densities.Panels, p => Assert.Equal(2, p.Series.Count));
        Assert.Equal("exact mean under replace", GaussianFigures.LogDeviation(results, 5).Panels[0].Series[^1].Name);
        Assert.Contains("generation 26", Assert.Throws<InputException>(() => GaussianFigures.Densities(results, 1, 26)).Message);
    }
}
