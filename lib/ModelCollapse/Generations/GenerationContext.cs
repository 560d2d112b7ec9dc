namespace ModelCollapse.Generations;

/// <summary>One finished generation as a metric sees it.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
/// <param name="model0">Gives model 0 when it is first asked for.</param>
/// <param name="artifactFolder">The folder for files of metrics.</param>
public sealed class GenerationContext<TSample>(Func<IGenerativeModel<TSample>> model0, string artifactFolder)
{
    /// <summary>The generation: 0 is the fit to real data.</summary>
    public required int Generation { get; init; }

    /// <summary>Seed of the run.</summary>
    public required long Seed { get; init; }

    /// <summary>The model of this generation.</summary>
    public required IGenerativeModel<TSample> Model { get; init; }

    /// <summary>The model fitted to real data, which scores later generations; <see cref="Model"/> itself at generation 0.</summary>
    public IGenerativeModel<TSample> Model0 => model0();

    /// <summary>What this generation was trained on, after policy and curators.</summary>
    public required Dataset<TSample> TrainingSet { get; init; }

    /// <summary>What the last generation's model wrote for this one; empty at generation 0 and where the policy needs none.</summary>
    public required Dataset<TSample> Synthetic { get; init; }

    /// <summary>
    /// What this generation's own model writes, which the next one is trained on as far as its policy needs it: n samples or more, in every arm and
    /// after the last generation too. Empty where no metric <see cref="IMetric{TSample}.ReadsWritten">reads it</see>.
    /// </summary>
    public Dataset<TSample> Written { get; init; } = Dataset<TSample>.Empty;

    /// <summary>The set that the prompts of <see cref="Written"/> were chosen from: <see cref="Provenance.Origin.Synthetic"/> counts in it. Empty for a model that takes none.</summary>
    public Dataset<TSample> WrittenPrompts { get; init; } = Dataset<TSample>.Empty;

    /// <summary>The original real samples.</summary>
    public required Dataset<TSample> Real { get; init; }

    /// <summary>Told how the measurement goes on; may be null.</summary>
    public IProgress<WorkProgress>? Progress { get; init; }

    /// <summary>Stops the measurement between two steps.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>A seed for a random choice of a metric, the same in every arm and after every resume.</summary>
    /// <param name="purpose">The metric and what it draws.</param>
    public long SeedFor(string purpose) => Seeds.Derive(Seed, Generation, purpose);

    /// <summary>Path for a file of a metric, such as a histogram or decoded text, inside the generation's folder. Its content must be deterministic.</summary>
    /// <param name="fileName">File name without folder.</param>
    public string ArtifactPath(string fileName)
    {
        if (Path.GetFileName(fileName) != fileName) throw new ArgumentException($"'{fileName}' is not a plain file name.", nameof(fileName));
        Directory.CreateDirectory(artifactFolder);
        return Path.Combine(artifactFolder, fileName);
    }
}
