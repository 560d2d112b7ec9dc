using ModelCollapse.Data.Almanac;
using ModelCollapse.Metrics;
using ModelCollapse.Reporting;
using ModelCollapse.Results;

namespace ModelCollapse.Tests.Figures;

public class RunFiguresTests
{
    [Fact]
    public void Every_figure_is_written_as_png_and_svg()
    {
        using TemporaryFolder folder = new();
        var paths = RunFigures.Write(Results(seeds: 3), Path.Combine(folder.Path, "figures"));
        Assert.Equal(
            from name in (string[])["perplexity", "histograms", "diversity"]
            from extension in (string[])["png", "svg"]
            select $"small-{name}.{extension}", paths.Select(p => Path.GetFileName(p)));
        Assert.All(paths, path => Assert.True(new FileInfo(path).Length > 1000, path));
    }

    [Fact]
    public void Svg_shows_labels_and_arms_as_text()
    {
        using TemporaryFolder folder = new();
        var paths = RunFigures.Write(Results(seeds: 2), folder.Path);
        Assert.All((string[])["generation", "perplexity", "A", "control"], label => Assert.Contains($"{label}</text>", Squeezed(paths[1]), StringComparison.Ordinal));
        Assert.Contains("perplexity under model 0</text>", Squeezed(paths[3]), StringComparison.Ordinal);
        Assert.Contains("share of blocks</text>", Squeezed(paths[3]), StringComparison.Ordinal);

        static string Squeezed(string path) => File.ReadAllText(path).ReplaceLineEndings("").Replace("\t", "", StringComparison.Ordinal);
    }

    [Fact]
    public void One_seed_gives_a_line_without_band()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(6, RunFigures.Write(Results(seeds: 1), folder.Path).Count);
        var lines = RunFigures.Of(Results(seeds: 1))[0].Panels[0].Series.Cast<LineSeries>().ToArray();
        Assert.Equal(["A", "control"], lines.Select(l => l.Name));
        Assert.All(lines.SelectMany(l => l.Points), p => Assert.True(double.IsNaN(p.Low) && double.IsNaN(p.High)));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(0)]
    [InlineData(1e300)]
    public void Odd_values_do_no_harm(double odd)
    {
        using TemporaryFolder folder = new();
        var results = Results(seeds: 2);
        results = results with { Metrics = [.. results.Metrics.Select(m => m.Generation == 2 ? m with { Value = odd } : m)] };
        Assert.Equal(6, RunFigures.Write(results, folder.Path).Count);
    }

    [Fact]
    public void Figures_without_data_are_left_out()
    {
        using TemporaryFolder folder = new();
        Assert.Empty(RunFigures.Write(new() { Metrics = [] }, folder.Path));
        var results = Results(seeds: 2);
        Assert.Equal(["small-perplexity", "small-diversity"], RunFigures.Of(results with { Histograms = [] }).Select(f => f.Name));
        Assert.Empty(RunFigures.Of(new() { Metrics = [.. results.Metrics.Select(m => m with { Value = double.NaN })] }));
    }

    [Fact]
    public void Perplexity_over_more_than_a_decade_is_logarithmic()
    {
        Assert.True(RunFigures.Of(Results(seeds: 2, growth: 5))[0].Panels[0].Y.Logarithmic);
        Assert.False(RunFigures.Of(Results(seeds: 2, growth: 1.1))[0].Panels[0].Y.Logarithmic);
    }

    [Fact]
    public void Seeds_of_a_histogram_are_pooled_to_shares()
    {
        var panels = RunFigures.Of(Results(seeds: 3))[1].Panels;
        Assert.Equal(["A", "control"], panels.Select(p => p.Title));
        var steps = panels[0].Series.Cast<StepSeries>().ToArray();
        Assert.Equal(["generation 0", "generation 1", "generation 2", "generation 3"], steps.Select(s => s.Name));
        Assert.All(steps, s => Assert.Equal(1, s.Heights.Sum(), 12));
    }

    [Fact]
    public void Arms_keep_their_colours()
    {
        var (few, many) = (ArmColors.Of(["A", "x"]), ArmColors.Of(["x", "B", "A", "y", "control"]));
        Assert.Equal(few["A"], many["A"]);
        Assert.Equal(5, many.Values.Distinct().Count());
    }

    static RunResults Results(int seeds, double growth = 3) => new()
    {
        Metrics =
        [
            .. from arm in (string[])["A", "control"]
               from seed in Enumerable.Range(0, seeds)
               from generation in Enumerable.Range(0, 5)
               from metric in (string[])["perplexity.ofMeanLoss", "diversity.distinct-2", "diversity.seq-rep-4", "diversity.types", "diversity.entropy"]
               select new MetricRow("small", arm, seed, generation, metric, (20 + seed) * (arm == "A" ? Math.Pow(growth, generation) : 1)),
        ],
        Histograms =
        [
            .. from arm in (string[])["A", "control"]
               from seed in Enumerable.Range(0, seeds)
               from generation in Enumerable.Range(0, 5)
               select new HistogramRow("small", arm, seed, generation, PerplexityHistogram.Of([3 + seed, 20, 30 + 50 * generation])),
        ],
    };
}
