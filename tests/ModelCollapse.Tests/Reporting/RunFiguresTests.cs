using ModelCollapse.Metrics;
using ModelCollapse.Recipes;
using ModelCollapse.Reporting;
using ModelCollapse.Results;
using ModelCollapse.Store;

namespace ModelCollapse.Tests.Reporting;

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
        Assert.Equal(["small-perplexity", "small-diversity"], RunFigures.Of(results with { Artifacts = [] }).Select(f => f.Name));
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

    /// <summary>The text that generations wrote and the text that they were trained on are two figures.</summary>
    [Fact]
    public void Diversity_of_training_sets_has_a_figure_of_its_own()
    {
        var results = Results(seeds: 2);
        results = results with { Metrics = [.. results.Metrics, .. results.Metrics.Where(m => m.Metric.Metric == "diversity").Select(m => m with { Metric = m.Metric with { Metric = "training-diversity" } })] };
        Assert.Equal(["small-perplexity", "small-histograms", "small-diversity", "small-training-diversity"], RunFigures.Of(results).Select(f => f.Name));
        Assert.Contains("own text", RunFigures.Diversity(results).Title);
        Assert.Contains("training text", RunFigures.TrainingDiversity(results).Title);
    }

    [Fact]
    public void A_panel_has_the_arms_of_a_decoding_and_their_control_whichever_decoding_that_has()
    {
        var figure = RunFigures.Perplexity(RunResults.Read(Path.Combine(ModelCollapse.Data.ProjectData.Require("results"), "wikitext2-mini")));
        Assert.Equal(["five beams", "sampling"], figure.Panels.Select(p => p.Title));
        Assert.All(figure.Panels, p => Assert.Equal(["replace", "10 % real", "control"], p.Series.Select(s => s.Name).Where(n => n != "")));
        var colors = figure.Panels.SelectMany(p => p.Series).Where(s => s.Name != "").GroupBy(s => s.Name).Select(g => Assert.Single(g.Select(s => s.Color).Distinct()));
        Assert.Equal(3, colors.Distinct().Count());
    }

    [Fact]
    public void Arms_are_called_by_their_labels_where_factors_do_not_tell_them_apart()
    {
        var results = Results(seeds: 1) with { Runs = [Described("A", "ours", 1), Described("control", null, 2)] };
        Assert.Equal(["ours", "control"], RunFigures.Perplexity(results).Panels[0].Series.Select(s => s.Name));
        var alike = new Dictionary<string, string> { ["decoding"] = "beams" };
        results = results with { Runs = [.. results.Runs.Select(r => r with { Factors = alike })] };
        var panel = Assert.Single(RunFigures.Perplexity(results).Panels);
        Assert.Equal(("", "ours", "control"), (panel.Title, panel.Series[0].Name, panel.Series[1].Name));

        static RunDescription Described(string arm, string? label, int day) => new() { Recipe = "small", Arm = arm, Seed = 0, Label = label, Settings = [], Started = DateTime.UnixEpoch.AddDays(day) };
    }

    /// <summary>One file: a figure of this assembly is drawn with all others, at its place.</summary>
    [Fact]
    public void A_figure_of_another_assembly_is_drawn_with_the_others()
    {
        Kinds.Register(typeof(Extensions.OwnFigure).Assembly);
        var results = Results(seeds: 2);
        results = results with { Metrics = [.. results.Metrics, .. results.Metrics.Where(m => m.Metric == "perplexity.ofMeanLoss").Select(m => m with { Metric = "own.share" })] };
        Assert.Equal(["small-perplexity", "small-own", "small-histograms", "small-diversity"], RunFigures.Of(results).Select(f => f.Name));
        Assert.DoesNotContain("small-own", RunFigures.Of(Results(seeds: 2)).Select(f => f.Name));
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
        Artifacts =
        [
            .. from arm in (string[])["A", "control"]
               from seed in Enumerable.Range(0, seeds)
               from generation in Enumerable.Range(0, 5)
               select ArtifactRow.Of("small", arm, seed, generation, TrainingPerplexity.HistogramFile, PerplexityHistogram.Of([3 + seed, 20, 30 + 50 * generation])),
        ],
    };
}
