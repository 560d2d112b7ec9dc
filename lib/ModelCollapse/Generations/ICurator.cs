namespace ModelCollapse.Generations;

/// <summary>Decides which samples of a composed training set are used: a judge, a detector, clustering, deduplication, poisoning.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
public interface ICurator<TSample>
{
    /// <summary>Short name, for records and figures.</summary>
    string Name { get; }

    /// <summary>Curates <paramref name="set"/>.</summary>
    Curation<TSample> Curate(Dataset<TSample> set, CurationContext<TSample> c);
}

/// <summary>What a curator may look at beside the set.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
public sealed record CurationContext<TSample>
{
    /// <summary>The generation t ≥ 1 that is to be trained.</summary>
    public required int Generation { get; init; }

    /// <summary>The original real samples.</summary>
    public required Dataset<TSample> Real { get; init; }

    /// <summary>Decides every random choice of this curator.</summary>
    public required Random Random { get; init; }

    /// <summary>Stops the work between two steps.</summary>
    public CancellationToken Cancellation { get; init; }
}
