using ModelCollapse.Generations;

namespace ModelCollapse.ClosedForm;

/// <summary>A number of each repetition in a model that holds many: its mean over them and the standard error of that mean.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
/// <param name="name">Name of the number, such as <c>variance</c>.</param>
/// <param name="values">The number of each repetition.</param>
public sealed class AcrossRepetitions<TSample>(string name, Func<IGenerativeModel<TSample>, IEnumerable<double>> values) : IMetric<TSample>
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Measure(GenerationContext<TSample> c)
    {
        double[] all = [.. values(c.Model)];
        var mean = all.Average();
        var variance = all.Sum(x => (x - mean) * (x - mean)) / (all.Length - 1);
        return new Dictionary<string, double> { ["mean"] = mean, ["standard-error"] = Math.Sqrt(variance / all.Length) };
    }
}
