using ModelCollapse.Metrics;
using ModelCollapse.Reporting.Figures;
using ModelCollapse.Results;

namespace ModelCollapse.Reporting;

/// <summary>
/// The figures of an Almanac run: what each generation knows of the world by frequency, what it writes, and how varied that is. Arms with the factor
/// <c>decoding</c> are drawn with a panel for each decoding.
/// </summary>
public static class AlmanacFigures
{
    const string Cloze = AlmanacCloze.MetricName, Text = AlmanacText.MetricName;

    /// <summary>Every figure whose data exist.</summary>
    /// <param name="results">Results of one recipe.</param>
    public static IReadOnlyList<Figure> Of(RunResults results) =>
    [
        .. ((IRunFigure[])[new AlmanacKnowledgeFigure(), new AlmanacFadingFigure(), new AlmanacSentencesFigure(), new AlmanacRecallFigure(), new AlmanacVarietyFigure()]).SelectMany(figure => figure.Of(results)),
    ];

    /// <summary>How sure each generation is of the correct answer, by deciles of the facts: a map for each arm, generations from left to right, the rarest facts on top.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <param name="arms">Which arms; all if none is given.</param>
    /// <exception cref="InputException">The results have no cloze probes.</exception>
    public static Figure Knowledge(RunResults results, params IReadOnlyList<string> arms) =>
        Only(new AlmanacKnowledgeFigure(), arms.Count == 0 ? results : results with { Metrics = [.. results.Metrics.Where(m => arms.Contains(m.Arm))] }, Cloze);

    /// <summary>The same over generations for the most frequent decile and for the others, with intervals: which of both goes first.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <exception cref="InputException">The results have no cloze probes.</exception>
    public static Figure Fading(RunResults results) => Only(new AlmanacFadingFigure(), results, Cloze);

    /// <summary>Shares of the statements that are false and of the sentences that are broken or uninformative.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <exception cref="InputException">The results have no readings of text.</exception>
    public static Figure Sentences(RunResults results) => Only(new AlmanacSentencesFigure(), results, Text);

    /// <summary>How much of the world is stated in free generation, and how much of it is the rare half.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <exception cref="InputException">The results have no readings of text.</exception>
    public static Figure Recall(RunResults results) => Only(new AlmanacRecallFigure(), results, Text);

    /// <summary>Effective numbers of facts and phrases, and how far the facts stated are from their true distribution.</summary>
    /// <param name="results">Results of one recipe.</param>
    /// <exception cref="InputException">The results have no readings of text.</exception>
    public static Figure Variety(RunResults results) => Only(new AlmanacVarietyFigure(), results, Text);

    static Figure Only(IRunFigure figure, RunResults results, string metric) =>
        figure.Of(results).FirstOrDefault() ?? throw new InputException($"The results have no metric '{metric}': give those of a recipe on the corpus almanac that names it.");
}
