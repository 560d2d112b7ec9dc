using System.ComponentModel.DataAnnotations;
using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Statistics;
using ModelCollapse.Store;

namespace ModelCollapse.Metrics;

/// <summary>
/// Texts against human test text, by features of both: MAUVE, Fréchet distance, precision and recall, and the Vendi score and effective rank of the texts
/// alone. Under collapse all fall but the Fréchet distance; recall falls before precision. Sources: see <see cref="Mauve"/>, <see cref="GaussianWasserstein"/>,
/// <see cref="PrecisionRecall"/>, <see cref="VendiScore"/>. Where the training set is measured, generation 0 compares human with human text and gives the
/// level to start from. A kind of it says what the features are.
/// </summary>
public abstract record FeatureComparison : TextMeasure
{
    const string Pillutla = "Pillutla et al., arXiv 2102.01454", Nearest = "Kynkäänniemi et al. 2019 (literature.md, Definitions of metrics)", Naeem = "Naeem et al. 2020";

    static readonly MetricNumber[] Described =
    [
        new("mauve", "MAUVE", "", UnderCollapse.Falls, Pillutla),
        new("mauve-star", "MAUVE*, smoothed", "", UnderCollapse.Falls, Pillutla),
        new("frontier-integral", "Frontier integral", "", UnderCollapse.Rises, Pillutla),
        new("frechet", "Fréchet distance", "", UnderCollapse.Rises, "Heusel et al. 2017"),
        new("precision", "Precision", "", UnderCollapse.Varies, Nearest),
        new("recall", "Recall", "", UnderCollapse.Falls, Nearest),
        new("density", "Density", "", UnderCollapse.Varies, Naeem),
        new("coverage", "Coverage", "", UnderCollapse.Falls, Naeem),
        new("vendi", "Vendi score", "texts", UnderCollapse.Falls, "Friedman and Dieng, arXiv 2210.02410"),
        new("effective-rank", "Effective rank", "dimensions", UnderCollapse.Falls, "Roy and Vetterli 2007"),
        new("blocks", "Texts measured", "texts", UnderCollapse.Varies, "definition"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<MetricNumber> Numbers => Described;

    /// <summary>Most texts that are compared, on either side: the number in the paper of MAUVE, 5,000, would take minutes. Range: at least 4.</summary>
    [Range(PrecisionRecall.DefaultNeighbours + 1, int.MaxValue)]
    public int MostBlocks { get; init; } = 1000;

    /// <summary>One vector for each text.</summary>
    protected abstract IFeatures<int[]> Features { get; }

    /// <inheritdoc/>
    public override void Check(LoopSetting setting)
    {
        base.Check(setting);
        const int Least = PrecisionRecall.DefaultNeighbours + 1;
        var texts = OfTrainingSet ? Math.Min(setting.PerGeneration, setting.Originals) : setting.EvaluationPrompts;
        var most = Math.Min(Math.Min(Blocks ?? texts, texts), setting.Get<TextSetting>().Test.Count);
        if (most < Least) throw new InputException($"The metric '{Name}' needs at least {Least} test blocks and as many of a generation, but there are {most}: ask for more, or leave it out.");
    }

    /// <inheritdoc/>
    protected override int Most(GenerationContext<int[]> c) => Math.Min(MostBlocks, c.Setting.Get<TextSetting>().Test.Count);

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<NumberKey, double> Measure(IReadOnlyCollection<int[]> texts, GenerationContext<int[]> c)
    {
        double[][] own = [.. c.Features(Features, [.. texts])], human = [.. c.Features(Features, [.. c.Setting.Get<TextSetting>().Test.Take(texts.Count)])];
        if (own.Length <= PrecisionRecall.DefaultNeighbours)
            throw new InputException($"The metric '{Name}' needs more than {PrecisionRecall.DefaultNeighbours} texts of a generation, but there are {own.Length}: keep more, or leave it out.");
        var (mauve, nearest) = (Mauve.OfFeatures(human, own, c.SeedFor($"{Measured} mauve")), PrecisionRecall.Of(human, own));
        return new Dictionary<NumberKey, double>
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
