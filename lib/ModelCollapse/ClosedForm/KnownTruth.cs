using ModelCollapse.Generations;
using ModelCollapse.Provenance;

namespace ModelCollapse.ClosedForm;

/// <summary>Real data that come from a known distribution: as many original and fresh samples as are asked for.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
/// <param name="truth">The distribution, as a model that is never fitted.</param>
/// <param name="count">Number N of original samples.</param>
/// <param name="seed">Decides every sample.</param>
public sealed class KnownTruth<TSample>(IGenerativeModel<TSample> truth, int count, long seed) : RealData<TSample>(Draw(truth, count, seed, 0))
{
    /// <inheritdoc/>
    public override Dataset<TSample> Fresh(int generation, int count) => Draw(truth, count, seed, generation);

    static Dataset<TSample> Draw(IGenerativeModel<TSample> truth, int count, long seed, int generation) =>
        Dataset<TSample>.WithOrigin([.. truth.Sample(count, new(generation, Seeds.Derive(seed, generation, "real"))).Samples], new Origin.Human("known truth", -1));
}
