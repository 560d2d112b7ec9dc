using System.Runtime.CompilerServices;
using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Text;

namespace ModelCollapse.Metrics;

/// <summary>The human test text of an experiment, evaluated once in a generation for all metrics that read it.</summary>
public static class TestText
{
    // A finished generation and what was found go together.
    static readonly ConditionalWeakTable<GenerationContext<int[]>, Evaluation> Found = [];

    /// <summary>What the model of a generation makes of the text.</summary>
    /// <param name="c">The generation.</param>
    /// <param name="metric">Name of the metric that asks.</param>
    /// <exception cref="InputException">The model is no <see cref="ITextModel"/>.</exception>
    public static Evaluation Under(GenerationContext<int[]> c, string metric) =>
        Found.GetValue(c, c => Evaluation.Of(c.TextModel(metric), c.Setting.Get<TextSetting>().Test, c.Progress, c.Cancellation));

    /// <summary>Checks that there is a text.</summary>
    /// <param name="setting">The experiment.</param>
    /// <param name="metric">Name of the metric that needs it.</param>
    /// <exception cref="InputException">There is none.</exception>
    internal static void Check(LoopSetting setting, string metric)
    {
        if (setting.Get<TextSetting>().Test.Count == 0) throw new InputException($"The metric '{metric}' needs human test text, but there is no block of it: give 'data.test' a wider range.");
    }
}
