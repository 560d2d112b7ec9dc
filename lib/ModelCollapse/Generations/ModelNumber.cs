using ModelCollapse.Store;

namespace ModelCollapse.Generations;

/// <summary>One number of each generation's model, such as a parameter.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
/// <param name="name">Its name.</param>
/// <param name="number">Reads it.</param>
public sealed class ModelNumber<TSample>(string name, Func<IGenerativeModel<TSample>, double> number) : IMetric<TSample>
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyList<MetricNumber> Numbers => [new("", name, "", UnderCollapse.Varies, "")];

    /// <inheritdoc/>
    public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<TSample> c) => new Dictionary<NumberKey, double> { [""] = number(c.Model) };
}
