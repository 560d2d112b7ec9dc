namespace ModelCollapse.Generations;

/// <summary>A measurement of one generation. It may yield many numbers, and may write files beside them.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
public interface IMetric<TSample>
{
    /// <summary>Name, the first part of the name of every number: <c>perplexity</c> gives <c>perplexity.mean</c>.</summary>
    string Name { get; }

    /// <summary>Whether it reads <see cref="GenerationContext{TSample}.Written"/>. If any metric of an experiment does, each model writes as soon as it is made.</summary>
    bool ReadsWritten => false;

    /// <summary>Measures one generation. The same generation always gives the same numbers, bit for bit.</summary>
    /// <returns>Numbers by the second part of their name; the empty name stands for <see cref="Name"/> alone.</returns>
    IReadOnlyDictionary<string, double> Measure(GenerationContext<TSample> c);
}
