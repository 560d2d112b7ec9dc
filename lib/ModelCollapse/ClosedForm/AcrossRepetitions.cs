using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.ClosedForm;

/// <summary>A number of each repetition in a model that holds many: its mean over them and the standard error of that mean.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
/// <param name="name">Name of the number, such as <c>variance</c>.</param>
/// <param name="values">The number of each repetition.</param>
public sealed class AcrossRepetitions<TSample>(string name, Func<IGenerativeModel<TSample>, IEnumerable<double>> values) : IMetric<TSample>
{
    const string Source = "definition";

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IReadOnlyList<MetricNumber> Numbers =>
    [
        new("mean", $"{name}, mean over repetitions", "", UnderCollapse.Varies, Source),
        new("standard-error", $"{name}, standard error of the mean over repetitions", "", UnderCollapse.Varies, Source),
    ];

    /// <inheritdoc/>
    public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<TSample> c)
    {
        var (mean, error) = AcrossRepetitions.Of([.. values(c.Model)]);
        return new Dictionary<NumberKey, double> { ["mean"] = mean, ["standard-error"] = error };
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
