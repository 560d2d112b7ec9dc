using ModelCollapse.Generations;

namespace ModelCollapse.Metrics;

/// <summary>One number of each generation's model, such as a parameter.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
/// <param name="name">Its name.</param>
/// <param name="number">Reads it.</param>
public sealed class ModelNumber<TSample>(string name, Func<IGenerativeModel<TSample>, double> number) : IMetric<TSample>
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Measure(GenerationContext<TSample> c) => new Dictionary<string, double> { [""] = number(c.Model) };
}
