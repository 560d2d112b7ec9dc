using ModelCollapse.Provenance;
using ModelCollapse.Store;

namespace ModelCollapse.Generations;

/// <summary>What curators and metrics both see of the generation that is being made.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
public abstract class LoopContext<TSample>
{
    readonly Func<IGenerativeModel<TSample>>? model0;
    readonly string artifactFolder;

    internal LoopContext(Func<IGenerativeModel<TSample>>? model0, string artifactFolder) => (this.model0, this.artifactFolder) = (model0, artifactFolder);

    /// <summary>The generation: 0 is the fit to real data.</summary>
    public required int Generation { get; init; }

    /// <summary>Seed of the run.</summary>
    public required long Seed { get; init; }

    /// <summary>The original real samples, after curators of the real data.</summary>
    public required Dataset<TSample> Real { get; init; }

    /// <summary>What the last generation's model wrote for this one, before any mixing; empty at generation 0 and where the policy needs none.</summary>
    public required Dataset<TSample> Synthetic { get; init; }

    /// <summary>What the experiment works with.</summary>
    public LoopSetting Setting { get; init; } = new();

    /// <summary>The numbers of the generations before, from generation 0 on: an alarm can change what is kept.</summary>
    public IReadOnlyList<IReadOnlyDictionary<MetricKey, double>> Earlier { get; init; } = [];

    /// <summary>Counts what the work consumes beside time; goes into the cost of the generation.</summary>
    public Meter Meter => Counting();

    /// <summary>Told how the work goes on; may be null.</summary>
    public IProgress<WorkProgress>? Progress { get; init; }

    /// <summary>Stops the work between two steps.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Gives the meter of the work that is being done.</summary>
    internal Func<Meter> Counting { get; init; } = MeterOfNobody();

    /// <summary>Shared with all that look at the same generation.</summary>
    internal FeatureMemo<TSample> Memo { get; init; } = new();

    /// <summary>The model fitted to real data, which scores later generations.</summary>
    /// <exception cref="InvalidOperationException">It is not fitted yet: the real data are being curated.</exception>
    public IGenerativeModel<TSample> Model0 => model0?.Invoke() ?? throw new InvalidOperationException("There is no model 0 yet.");

    /// <summary>A vector for each sample, computed once in a generation however many ask for it.</summary>
    /// <param name="source">What the vectors are; equal sources share them.</param>
    /// <param name="samples">The samples.</param>
    public IReadOnlyList<double[]> Features(IFeatures<TSample> source, IReadOnlyList<TSample> samples) => Memo.Of(source, samples, this);

    /// <summary>A seed for a random choice, the same in every arm and after every resume.</summary>
    /// <param name="purpose">What is drawn.</param>
    public virtual long SeedFor(string purpose) => Seeds.Derive(Seed, Generation, purpose);

    /// <summary>Path for a file, such as a histogram or decoded text, inside the generation's folder. Its content must be deterministic.</summary>
    /// <param name="fileName">File name without folder.</param>
    public string ArtifactPath(string fileName)
    {
        if (Path.GetFileName(fileName) != fileName) throw new ArgumentException($"'{fileName}' is not a plain file name.", nameof(fileName));
        Directory.CreateDirectory(artifactFolder);
        return Path.Combine(artifactFolder, fileName);
    }

    static Func<Meter> MeterOfNobody()
    {
        var meter = new Meter();
        return () => meter;
    }
}
