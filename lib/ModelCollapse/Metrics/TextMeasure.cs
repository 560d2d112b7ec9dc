using System.ComponentModel.DataAnnotations;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;
using ModelCollapse.Store;

namespace ModelCollapse.Metrics;

/// <summary>
/// A measure of a set of texts. Each has two kinds: one measures the model's own text, which it writes from the same held-out prompts in every arm, seed and
/// generation, so that the models alone differ; the other, with <c>training-</c> before its name, measures what the generation was trained on, which is the
/// choice of policy and curators too.
/// </summary>
public abstract record TextMeasure : IMetric<int[]>
{
    /// <summary>What the names of measures of training sets begin with.</summary>
    public const string TrainingPrefix = "training-";

    /// <inheritdoc/>
    public string Name => OfTrainingSet ? TrainingPrefix + Measured : Measured;

    /// <inheritdoc/>
    public abstract IReadOnlyList<MetricNumber> Numbers { get; }

    /// <summary>
    /// Texts that are measured, because most numbers depend on how many there are: of the own text the first, of a training set a random sample, or all where it is
    /// smaller. Null for all of the own text, and for as many blocks as a generation works with. Range: at least 1.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int? Blocks { get; init; }

    /// <summary>Name of the measure of the model's own text; also decides random samples.</summary>
    protected abstract string Measured { get; }

    /// <summary>Whether the training set is measured, instead of the model's own text.</summary>
    protected abstract bool OfTrainingSet { get; }

    /// <inheritdoc/>
    public virtual void Check(LoopSetting setting)
    {
        var (most, what) = OfTrainingSet ? (setting.PerGeneration, "blocks in a generation") : (setting.EvaluationPrompts, "evaluation prompts");
        if (!OfTrainingSet) setting.CheckOwnText(Name);
        if (Blocks > most) throw new InputException($"The metric '{Name}' asks for {Blocks} blocks, but there are {most} {what}: ask for fewer, or leave 'blocks' out.");
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<int[]> c) => Measure(Texts(c), c);

    /// <summary>Measures texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="c">The generation that they belong to.</param>
    protected abstract IReadOnlyDictionary<NumberKey, double> Measure(IReadOnlyCollection<int[]> texts, GenerationContext<int[]> c);

    /// <summary>Most blocks that are taken, whatever <see cref="Blocks"/> says.</summary>
    /// <param name="c">The generation.</param>
    protected virtual int Most(GenerationContext<int[]> c) => int.MaxValue;

    Dataset<int[]> Texts(GenerationContext<int[]> c)
    {
        if (!OfTrainingSet) return c.OwnText.Take(Math.Min(Blocks ?? c.OwnText.Count, Most(c)));
        var size = Math.Min(Blocks ?? c.Setting.PerGeneration, Most(c));
        return c.TrainingSet.Count <= size ? c.TrainingSet : c.TrainingSet.Draw(size, Seeds.NewRandom(c.SeedFor(Measured)));
    }
}
