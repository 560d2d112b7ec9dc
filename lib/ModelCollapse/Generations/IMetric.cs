using ModelCollapse.Store;

namespace ModelCollapse.Generations;

/// <summary>
/// A measurement of one generation. It may yield many numbers, and may write files beside them. In recipes it is an object with its <see cref="KindAttribute"/>
/// and its settings.
/// </summary>
/// <typeparam name="TSample">One sample.</typeparam>
[KindFamily]
public interface IMetric<TSample>
{
    /// <summary>Name, the first part of the name of every number: <c>perplexity</c> gives <c>perplexity.mean</c>. Without dots.</summary>
    string Name { get; }

    /// <summary>What its numbers mean; those that it gives must be among them. Their deciles and parts need no entry of their own.</summary>
    IReadOnlyList<MetricNumber> Numbers { get; }

    /// <summary>Checks before anything is run that it can measure.</summary>
    /// <param name="setting">The experiment.</param>
    /// <exception cref="InputException">It cannot; the message says why and what to do.</exception>
    void Check(LoopSetting setting)
    {
    }

    /// <summary>Measures one generation. The same generation always gives the same numbers, bit for bit.</summary>
    /// <returns>Numbers by the second part of their name; the empty name stands for <see cref="Name"/> alone.</returns>
    IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<TSample> c);
}
