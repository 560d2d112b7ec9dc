using ModelCollapse.Generations;
using ModelCollapse.Models;
using ModelCollapse.Runs;
using ModelCollapse.Text;

namespace ModelCollapse.Metrics;

/// <summary>The metrics of language models by the names that recipes use.</summary>
public static class TextMetrics
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [TestPerplexity.MetricName, TrainingPerplexity.MetricName, TextDiversity.MetricName, SampleTexts.MetricName];

    /// <summary>The metrics that a recipe names, in its order.</summary>
    /// <exception cref="InputException">A name is unknown, or the recipe gives something that no metric consumes.</exception>
    public static IReadOnlyList<IMetric<int[]>> Of(Recipe recipe, TextData data, BytePairTokenizer tokenizer)
    {
        if (recipe.Metrics.Contains(SampleTexts.MetricName) != recipe.SamplePrompts.Count > 0)
            throw new InputException($"Recipe {recipe.Name} must have both the metric '{SampleTexts.MetricName}' and 'samplePrompts', or neither.");
        return [.. recipe.Metrics.Select<string, IMetric<int[]>>(name => name switch
        {
            TestPerplexity.MetricName => new TestPerplexity(data.Test),
            TrainingPerplexity.MetricName => new TrainingPerplexity(),
            TextDiversity.MetricName => new TextDiversity(recipe.SamplesPerGeneration(data.Train.Count)),
            SampleTexts.MetricName => new SampleTexts(recipe.SamplePrompts, tokenizer),
            _ => throw new InputException($"Recipe {recipe.Name} has no metric '{name}': did you mean '{NearestName.Of(name, Names)}'? The metrics are {string.Join(", ", Names)}."),
        })];
    }

    internal static LanguageModel Language(IGenerativeModel<int[]> model) => model as LanguageModel
        ?? throw new ArgumentException("This metric is for language models.", nameof(model));
}
