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
        var (mean, error) = AcrossRepetitions.Of([.. values(c.Model)]);
        return new Dictionary<string, double> { ["mean"] = mean, ["standard-error"] = error };
    }
}

static class AcrossRepetitions
{
    /// <summary>The mean of repetitions and its standard error.</summary>
    public static (double Mean, double StandardError) Of(double[] values)
    {
        var mean = values.Average();
        var variance = values.Sum(x => (x - mean) * (x - mean)) / (values.Length - 1);
        return (mean, Math.Sqrt(variance / values.Length));
    }
}
