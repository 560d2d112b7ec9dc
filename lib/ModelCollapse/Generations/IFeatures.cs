using System.Runtime.CompilerServices;

namespace ModelCollapse.Generations;

/// <summary>Turns samples into vectors, for curators and metrics: embeddings, hidden states, log-probabilities, TF-IDF. Equal instances give equal vectors: make it a record.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
public interface IFeatures<TSample>
{
    /// <summary>One vector per sample, in the same order.</summary>
    /// <param name="samples">The samples.</param>
    /// <param name="context">The generation that asks.</param>
    IReadOnlyList<double[]> Of(IReadOnlyList<TSample> samples, LoopContext<TSample> context);
}

/// <summary>The vectors that were asked for in a generation, by source and sample.</summary>
sealed class FeatureMemo<TSample>
{
    readonly Dictionary<IFeatures<TSample>, ConditionalWeakTable<object, double[]>> known = [];

    public IReadOnlyList<double[]> Of(IFeatures<TSample> source, IReadOnlyList<TSample> samples, LoopContext<TSample> context)
    {
        // Numbers have no identity to remember them by.
        if (typeof(TSample).IsValueType) return source.Of(samples, context);
        if (!known.TryGetValue(source, out var table)) known[source] = table = [];
        return RememberedFeatures.Of(table, samples, unknown => source.Of(unknown, context));
    }
}
