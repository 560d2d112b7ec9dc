using ModelCollapse.Provenance;

namespace ModelCollapse.Generations;

/// <summary>One finished generation as a metric sees it.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
/// <param name="model0">Gives model 0 when it is first asked for.</param>
/// <param name="artifactFolder">The folder for files of metrics.</param>
public sealed class GenerationContext<TSample>(Func<IGenerativeModel<TSample>> model0, string artifactFolder) : LoopContext<TSample>(model0, artifactFolder)
{
    Dataset<TSample>? written;

    /// <summary>The model of this generation.</summary>
    public required IGenerativeModel<TSample> Model { get; init; }

    /// <summary>What this generation was trained on, after policy and curators.</summary>
    public required Dataset<TSample> TrainingSet { get; init; }

    /// <summary>
    /// The model's own text: what it writes from held-out real prompts, the same ones in every arm, seed and generation. What differs between two of these is
    /// the models alone. Empty where the experiment has no such prompts.
    /// </summary>
    public Dataset<TSample> OwnText { get; init; } = Dataset<TSample>.Empty;

    /// <summary>The prompts of <see cref="OwnText"/>: <see cref="Origin.Synthetic"/> counts in it.</summary>
    public Dataset<TSample> OwnPrompts { get; init; } = Dataset<TSample>.Empty;

    /// <summary>What the model writes for the next generation, from the recipe's prompts; empty where the policy needs nothing.</summary>
    public Dataset<TSample> Written { get => written ??= Write?.Invoke() ?? Dataset<TSample>.Empty; init => written = value; }

    /// <summary>Gives <see cref="Written"/> when it is first asked for: in memory nobody but a metric needs what the last model writes.</summary>
    internal Func<Dataset<TSample>>? Write { get; init; }
}
