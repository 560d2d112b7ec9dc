using ModelCollapse.Store;

namespace ModelCollapse.Generations;

/// <summary>Keeps something of some generations, such as the training set or the fitted distribution, for a figure. Gives no numbers.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
/// <typeparam name="TKept">What is kept.</typeparam>
/// <param name="generations">Which generations.</param>
/// <param name="take">What to keep of a generation; must not change afterwards.</param>
public sealed class Snapshots<TSample, TKept>(IReadOnlyCollection<int> generations, Func<GenerationContext<TSample>, TKept> take) : IMetric<TSample>
{
    readonly SortedDictionary<int, TKept> kept = [];

    /// <inheritdoc/>
    public string Name => "snapshots";

    /// <summary>What was kept so far, by generation.</summary>
    public IReadOnlyDictionary<int, TKept> Kept => kept;

    /// <inheritdoc/>
    public IReadOnlyList<MetricNumber> Numbers => [];

    /// <inheritdoc/>
    public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<TSample> c)
    {
        if (generations.Contains(c.Generation)) kept[c.Generation] = take(c);
        return new Dictionary<NumberKey, double>();
    }
}
