using ModelCollapse.Generations;
using ModelCollapse.Metrics;
using ModelCollapse.Statistics;

namespace ModelCollapse.Language;

/// <summary>
/// A generation's training text against human test text, by features of both: MAUVE, Fréchet distance, precision and recall, and the Vendi score
/// and effective rank of the generation alone. Under collapse all fall but the Fréchet distance; recall falls before precision. Sources: see
/// <see cref="Mauve"/>, <see cref="GaussianWasserstein"/>, <see cref="PrecisionRecall"/>, <see cref="VendiScore"/>. Generation 0 compares human with
/// human text and gives the level to start from.
/// </summary>
/// <param name="name">Its name in recipes: <see cref="OfModel0"/> or <see cref="OfSentences"/>.</param>
/// <param name="test">The human test text.</param>
/// <param name="size">Blocks in each of the two samples.</param>
/// <param name="features">One vector for each block.</param>
public sealed class FeatureComparison(string name, IReadOnlyList<int[]> test, int size, Func<GenerationContext<int[]>, IReadOnlyList<int[]>, double[][]> features) : IMetric<int[]>
{
    /// <summary>With <see cref="LastHiddenState"/> of model 0.</summary>
    public const string OfModel0 = "features";

    /// <summary>With <see cref="Text.SentenceEmbedder"/>.</summary>
    public const string OfSentences = "embeddings";

    /// <summary>Most blocks that are compared: the number of texts in the paper of MAUVE would take minutes.</summary>
    public const int MostBlocks = 1000;

    double[][]? allHuman;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Measure(GenerationContext<int[]> c)
    {
        var most = Math.Min(Math.Min(size, MostBlocks), test.Count);
        if (Math.Min(most, c.TrainingSet.Count) <= PrecisionRecall.DefaultNeighbours)
            throw new InputException($"The metric '{name}' needs more than {PrecisionRecall.DefaultNeighbours} test blocks and as many of a generation: ask for more, or leave it out.");
        allHuman ??= features(c, [.. test.Take(most)]);
        var own = features(c, TextMetrics.Sample(c, most, name));
        double[][] human = [.. allHuman.Take(own.Length)];
        var (mauve, nearest) = (Mauve.OfFeatures(human, own, c.SeedFor($"{name} mauve")), PrecisionRecall.Of(human, own));
        return new Dictionary<string, double>
        {
            ["mauve"] = mauve.Score,
            ["mauve-star"] = mauve.SmoothedScore,
            ["frontier-integral"] = mauve.FrontierIntegral,
            ["frechet"] = GaussianWasserstein.Frechet(human, own),
            ["precision"] = nearest.Precision,
            ["recall"] = nearest.Recall,
            ["density"] = nearest.Density,
            ["coverage"] = nearest.Coverage,
            ["vendi"] = VendiScore.OfVectors(own),
            ["effective-rank"] = PrincipalComponents.Of(own).EffectiveRank,
            ["blocks"] = own.Length,
        };
    }
}
