using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Metrics;
using ModelCollapse.Provenance;
using ModelCollapse.Text;

namespace ModelCollapse.Language;

/// <summary>The metrics of language models by the names that recipes use.</summary>
public static class TextMetrics
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        TestPerplexity.MetricName, TrainingPerplexity.MetricName, TextDiversity.MetricName, SampleTexts.MetricName,
        LexicalDiversity.MetricName, TextReadability.MetricName, TestLogProbabilities.MetricName, TestNextToken.MetricName,
        FeatureComparison.OfModel0, FeatureComparison.OfSentences, AlmanacText.MetricName, AlmanacCloze.MetricName, TrainingOrigins.MetricName,
    ];

    /// <summary>The metrics that a recipe names, in its order.</summary>
    /// <exception cref="InputException">A name is unknown, the recipe gives something that no metric consumes, the corpus has no known truth where one is needed, or the sentence encoder is missing.</exception>
    public static IReadOnlyList<IMetric<int[]>> Of(Recipe recipe, TextData data, BytePairTokenizer tokenizer, DataFolder folder)
    {
        if (recipe.Metrics.Contains(SampleTexts.MetricName) != recipe.SamplePrompts.Count > 0)
            throw new InputException($"Recipe {recipe.Name} must have both the metric '{SampleTexts.MetricName}' and 'samplePrompts', or neither.");
        var size = recipe.SamplesPerGeneration(data.Train.Count);
        var test = new TestText(data.Test);
        return [.. recipe.Metrics.Select<string, IMetric<int[]>>(name => name switch
        {
            TestPerplexity.MetricName => new TestPerplexity(test),
            TrainingPerplexity.MetricName => new TrainingPerplexity(),
            TextDiversity.MetricName => new TextDiversity(size),
            SampleTexts.MetricName => new SampleTexts(recipe.SamplePrompts, tokenizer),
            LexicalDiversity.MetricName => new LexicalDiversity(size, tokenizer),
            TextReadability.MetricName => new TextReadability(size, tokenizer),
            TestLogProbabilities.MetricName => new TestLogProbabilities(test),
            TestNextToken.MetricName => new TestNextToken(data.Test),
            FeatureComparison.OfModel0 => new FeatureComparison(name, data.Test, size, (c, blocks) => LastHiddenState.Of(Language(c.Model0).Network, blocks, progress: c.Progress, cancellation: c.Cancellation)),
            FeatureComparison.OfSentences => OfSentences(SentenceEmbedder.Open(folder.PathOf(SentenceEmbedder.FolderName), recipe.Threads)),
            AlmanacText.MetricName => AlmanacText.Of(recipe, tokenizer, data.Train.Count),
            AlmanacCloze.MetricName => AlmanacCloze.Of(recipe, tokenizer),
            TrainingOrigins.MetricName => new TrainingOrigins<int[]>(),
            _ => throw new InputException($"Recipe {recipe.Name} has no metric '{name}': did you mean '{NearestName.Of(name, Names)}'? The metrics are {string.Join(", ", Names)}."),
        })];

        FeatureComparison OfSentences(SentenceEmbedder embedder) =>
            new(FeatureComparison.OfSentences, data.Test, size, (c, blocks) => embedder.Features([.. blocks.Select(b => tokenizer.Decode(b))], c.Cancellation));
    }

    internal static LanguageModel Language(IGenerativeModel<int[]> model) => model as LanguageModel
        ?? throw new ArgumentException("This metric is for language models.", nameof(model));

    /// <summary>A random sample of a generation's training set, or all of it where it is smaller.</summary>
    internal static Dataset<int[]> Sample(GenerationContext<int[]> c, int size, string purpose) =>
        c.TrainingSet.Count <= size ? c.TrainingSet : c.TrainingSet.Draw(size, Seeds.NewRandom(c.SeedFor(purpose)));
}
