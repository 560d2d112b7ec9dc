using ModelCollapse.Provenance;

namespace ModelCollapse.Generations;

/// <summary>The real data of an experiment: the original samples that generation 0 is fitted to, and unseen ones for <see cref="FreshReal"/>.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
/// <param name="original">The original training samples.</param>
/// <param name="unseen">Real samples outside <paramref name="original"/>, handed out once each; null for none.</param>
public class RealData<TSample>(Dataset<TSample> original, Dataset<TSample>? unseen = null)
{
    /// <summary>The original training samples; also the prompts where prompts are original.</summary>
    public Dataset<TSample> Original => original;

    /// <summary>
    /// <paramref name="count"/> real samples for generation t ≥ 1 that are neither original nor handed to another generation. Depends
    /// on the arguments alone, so that a resumed run gets the same ones.
    /// </summary>
    /// <param name="generation">The generation t ≥ 1 that is to be trained.</param>
    /// <param name="count">Samples per generation, the same in every generation.</param>
    /// <exception cref="InputException">The unseen samples are used up.</exception>
    public virtual Dataset<TSample> Fresh(int generation, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(generation, 1);
        var available = unseen?.Count ?? 0;
        if ((long)generation * count > available)
            throw new InputException(
                $"Generation {generation} needs {(long)generation * count} unseen real samples in all ({count} per generation) but there are {available}: give more real data, or ask for fewer per generation.");
        return unseen!.Select([.. Enumerable.Range((generation - 1) * count, count)]);
    }
}

/// <summary>Real data whose original samples were curated; fresh ones are as they were.</summary>
sealed class CuratedRealData<TSample>(RealData<TSample> source, Dataset<TSample> curated) : RealData<TSample>(curated)
{
    /// <inheritdoc/>
    public override Dataset<TSample> Fresh(int generation, int count) => source.Fresh(generation, count);
}
