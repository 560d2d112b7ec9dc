using System.Runtime.CompilerServices;
using ModelCollapse.Generations;
using ModelCollapse.Training;

namespace ModelCollapse.Language;

/// <summary>The human test text of a run, evaluated once in a generation for all metrics that read it.</summary>
/// <param name="blocks">Blocks of two or more tokens.</param>
public sealed class TestText(IReadOnlyList<int[]> blocks)
{
    // A finished generation and what was found go together.
    readonly ConditionalWeakTable<GenerationContext<int[]>, Evaluation> found = [];

    /// <summary>What the model of a generation makes of the text.</summary>
    public Evaluation Under(GenerationContext<int[]> c) => found.GetValue(c, c => TextMetrics.Language(c.Model).Evaluate(blocks, c.Progress, c.Cancellation));
}
