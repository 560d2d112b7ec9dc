using System.Text.Json.Serialization;
using ModelCollapse.Provenance;

namespace ModelCollapse.Generations;

/// <summary>
/// Decides what a set becomes: a judge, a detector, clustering, deduplication, editing, poisoning. In recipes it is an object with its <see cref="KindAttribute"/>
/// and its settings.
/// </summary>
/// <typeparam name="TSample">One sample.</typeparam>
[KindFamily]
public interface ICurator<TSample>
{
    /// <summary>Short name, for records and figures: letters, digits and hyphens.</summary>
    string Name { get; }

    /// <summary>Which set it acts on.</summary>
    CurationPlace At => CurationPlace.Composed;

    /// <summary>What it may see of the origins.</summary>
    Sight Sees => Sight.Nothing;

    /// <summary>Checks before anything is run that it can do its work.</summary>
    /// <param name="setting">The experiment.</param>
    /// <exception cref="InputException">It cannot; the message says why and what to do.</exception>
    void Check(LoopSetting setting)
    {
    }

    /// <summary>Decides. The same set, seed and models always give the same decisions where the curator itself is deterministic.</summary>
    /// <param name="set">The set, with as much of its origins as <see cref="Sees"/> allows.</param>
    /// <param name="context">What else it may look at.</param>
    ValueTask<Curation<TSample>> CurateAsync(Dataset<TSample> set, CurationContext<TSample> context);
}

/// <summary>Which set a curator acts on.</summary>
public enum CurationPlace
{
    /// <summary>The real data, once, before generation 0 is fitted: poisoning at the source, cleaning of the corpus.</summary>
    [JsonStringEnumMemberName("real")] Real,

    /// <summary>What the last model wrote, before it is mixed with anything; it enters the history as it was left.</summary>
    [JsonStringEnumMemberName("synthetic")] Synthetic,

    /// <summary>The training set that the policy composed.</summary>
    [JsonStringEnumMemberName("composed")] Composed,
}

/// <summary>What a curator may see of where samples come from. The loop hides the rest, and scores the decisions against the truth.</summary>
public enum Sight
{
    /// <summary>Nothing: the samples alone.</summary>
    [JsonStringEnumMemberName("nothing")] Nothing,

    /// <summary>The marks that are in the text itself: it is told the keys, and has to find the marks.</summary>
    [JsonStringEnumMemberName("marks")] Marks,

    /// <summary>The true origin of every sample.</summary>
    [JsonStringEnumMemberName("origins")] Origins,
}

/// <summary>What a curator may look at beside the set.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
public sealed class CurationContext<TSample> : LoopContext<TSample>
{
    readonly Func<IGenerativeModel<TSample>>? previous;
    readonly string curator;

    /// <summary>Makes a context.</summary>
    /// <param name="previous">Gives model t − 1 when it is first asked for; null at generation 0.</param>
    /// <param name="model0">Gives model 0 when it is first asked for; null at generation 0.</param>
    /// <param name="artifactFolder">The folder for files of curators.</param>
    /// <param name="curator">What tells this curator from the others of the experiment.</param>
    public CurationContext(Func<IGenerativeModel<TSample>>? previous, Func<IGenerativeModel<TSample>>? model0, string artifactFolder, string curator)
        : base(model0, artifactFolder) => (this.previous, this.curator) = (previous, curator);

    /// <summary>Model t − 1, which wrote the synthetic samples.</summary>
    /// <exception cref="InvalidOperationException">There is none: the real data are being curated.</exception>
    public IGenerativeModel<TSample> Previous => previous?.Invoke() ?? throw new InvalidOperationException("No model has been fitted yet.");

    /// <summary>Samples that should be left for the next step: n where the curator chooses from a surplus; the size of the set where it does not.</summary>
    public required int Wanted { get; init; }

    /// <summary>Keys of the marks that may be in the text, for a curator that sees <see cref="Sight.Marks"/>.</summary>
    public IReadOnlyList<string> MarkKeys { get; internal set; } = [];

    /// <inheritdoc/>
    public override long SeedFor(string purpose) => Seeds.Derive(Seed, Generation, $"curator {curator} {purpose}");
}
