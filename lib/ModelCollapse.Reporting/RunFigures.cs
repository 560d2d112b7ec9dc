using ModelCollapse.Metrics;
using ModelCollapse.Reporting.Figures;
using ModelCollapse.Results;

namespace ModelCollapse.Reporting;

/// <summary>The figures of recipes: every <see cref="IRunFigure"/>, and those of them that notebooks ask for by name.</summary>
public static class RunFigures
{
    /// <summary>Draws every figure whose data exist, as PNG and SVG.</summary>
    /// <param name="results">The results, of one recipe or several.</param>
    /// <param name="folder">Where to; created where missing. Files of the same names are replaced.</param>
    /// <returns>The paths written.</returns>
    public static IReadOnlyList<string> Write(RunResults results, string folder)
    {
        var paths = new List<string>();
        foreach (var figure in Of(results))
            foreach (var extension in (string[])[".png", ".svg"])
            {
                var path = Path.Combine(folder, figure.Name + extension);
                ScottPlotRenderer.Write(figure, path);
                paths.Add(path);
            }

        return paths;
    }

    /// <summary>The figures whose data exist, recipe by recipe.</summary>
    public static IReadOnlyList<Figure> Of(RunResults results)
    {
        results = results.ByStart();
        IRunFigure[] figures = [.. Kinds.Of(typeof(IRunFigure)).Values.Select(type => (IRunFigure)Activator.CreateInstance(type)!).OrderBy(f => f.Order)];
        return [.. results.Recipes.Select(results.OfRecipe).SelectMany(part => figures.SelectMany(figure => figure.Of(part)))];
    }

    /// <summary>Perplexity of real test text over generations, one line for each arm.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <exception cref="InputException">The results have none.</exception>
    public static Figure Perplexity(RunResults results) => Only(new PerplexityFigure(), results, "test perplexity");

    /// <summary>Perplexity of each generation's training set under model 0, one panel for each arm: figure 1b of Shumailov et al. (2024), left.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <exception cref="InputException">The results have none.</exception>
    public static Figure Histograms(RunResults results) => Only(new HistogramsFigure(), results, "histograms");

    /// <summary>The same as <see cref="Histograms"/> as maps of all generations, where a small tail shows as well as the bulk.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <exception cref="InputException">The results have none.</exception>
    public static Figure HistogramMaps(RunResults results) => HistogramsFigure.Maps(results) ?? throw Nothing("histograms");

    /// <summary>Four measures of diversity of each generation's own text.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <exception cref="InputException">The results have none.</exception>
    public static Figure Diversity(RunResults results) => Only(new DiversityFigure(), results, "diversity of the model's own text");

    /// <summary>Four measures of diversity of each generation's training text.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <exception cref="InputException">The results have none.</exception>
    public static Figure TrainingDiversity(RunResults results) => Only(new TrainingDiversityFigure(), results, "diversity of training sets");

    /// <summary>Any number over generations, each arm as its mean with the 95 % interval.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <param name="label">The number.</param>
    /// <param name="extra">Lines to draw with it, a law for example.</param>
    /// <exception cref="InputException">The results have none.</exception>
    public static Figure OverGenerations(RunResults results, MetricLabel label, params IReadOnlyList<LineSeries> extra) =>
        MetricFigure.Of(results, label, extra) ?? throw Nothing(label.Metric.ToString());

    static Figure Only(IRunFigure figure, RunResults results, string what) => figure.Of(results).FirstOrDefault() ?? throw Nothing(what);

    static InputException Nothing(string what) => new($"The results have no {what}: give those of a recipe with that metric.");
}
