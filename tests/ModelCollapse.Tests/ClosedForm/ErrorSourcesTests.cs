using ModelCollapse.ClosedForm;

namespace ModelCollapse.Tests.ClosedForm;

public class ErrorSourcesTests
{
    [Fact]
    public async Task Each_error_does_what_the_paper_says_of_it()
    {
        var (none, few, narrow, hasty) = (await Distances(ErrorSource.None), await Distances(ErrorSource.Statistical), await Distances(ErrorSource.Expressivity), await Distances(ErrorSource.Approximation));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join("\n", new[] { none, few, narrow, hasty }.Select(d => string.Join(" ", d.Select(x => x.ToString("F4"))))));

        // Statistical: far above the control from the first fit on, and growing.
        Assert.True(few[0] > 3 * none[0] && few[^1] > few[0], string.Join(" ", few));
        // Expressivity: there in the first fit, and little is added later.
        Assert.True(narrow[0] > 3 * none[0], $"{narrow[0]} {none[0]}");
        Assert.InRange(narrow[^1] / narrow[0], 0.8, 1.4);
        // Approximation: small in the first fit, and each fit adds to it.
        Assert.True(hasty[0] < narrow[0] && hasty[^1] > 2 * hasty[0], string.Join(" ", hasty));
        // The control stays near the truth.
        Assert.True(none[^1] < few[^1] && none[^1] < narrow[^1] && none[^1] < hasty[^1], string.Join(" ", none));
    }

    /// <summary>Mean over seeds, by generation.</summary>
    static async Task<double[]> Distances(ErrorSource source)
    {
        const int Seeds = 3, Generations = 5;
        var sum = new double[Generations + 1];
        for (var seed = 0; seed < Seeds; seed++)
            await foreach (var generation in ErrorSources.Experiment(source, Generations, seed).RunAsync(TestContext.Current.CancellationToken))
                sum[generation.Number] += generation.Metrics["mixture.distance"] / Seeds;
        return sum;
    }
}
