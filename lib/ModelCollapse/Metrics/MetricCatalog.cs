using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.Metrics;

/// <summary>What the numbers of all registered kinds of metrics mean, for results whose runs do not say it themselves.</summary>
public static class MetricCatalog
{
    static readonly Lock Gate = new();
    static (int Version, Dictionary<MetricKey, MetricNumber> Numbers)? made;

    /// <summary>Every number that is described, by the key that it has without decile and part.</summary>
    public static IReadOnlyDictionary<MetricKey, MetricNumber> All
    {
        get
        {
            lock (Gate)
            {
                if (made is not { } now || now.Version != Kinds.Version) made = now = (Kinds.Version, Make());
                return now.Numbers;
            }
        }
    }

    /// <summary>What a number means; its decile and part do not matter. Null where no registered metric describes it.</summary>
    /// <param name="key">The number.</param>
    public static MetricNumber? Find(MetricKey key) => All.GetValueOrDefault(new(key.Metric, new NumberKey(key.Number.Name)));

    static Dictionary<MetricKey, MetricNumber> Make()
    {
        Dictionary<MetricKey, MetricNumber> numbers = [];
        Add<int[]>(numbers);
        Add<float[]>(numbers);
        return numbers;
    }

    static void Add<TSample>(Dictionary<MetricKey, MetricNumber> numbers)
    {
        // A metric that is not made without arguments is described in the runs that use it.
        foreach (var type in Kinds.Of(typeof(IMetric<TSample>)).Values.Where(t => t.GetConstructor(Type.EmptyTypes) is not null))
        {
            var metric = (IMetric<TSample>)Activator.CreateInstance(type)!;
            foreach (var number in metric.Numbers) numbers[new(metric.Name, new NumberKey(number.Name))] = number;
        }
    }
}
