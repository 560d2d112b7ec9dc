namespace ModelCollapse.Monitoring;

/// <summary>Watches a stream of numbers, one per generation or per text, for a change of its distribution.</summary>
public interface IChangeDetector
{
    /// <summary>Takes the next value.</summary>
    /// <param name="value">A finite number.</param>
    /// <returns>Whether this value raises the alarm.</returns>
    bool Update(double value);
}

/// <summary>Whole streams.</summary>
public static class ChangeDetectorExtensions
{
    /// <summary>The indices, from 0, of the values that raise the alarm.</summary>
    /// <param name="detector">A detector; it goes on from what it has seen.</param>
    /// <param name="values">The stream.</param>
    public static IEnumerable<int> Alarms(this IChangeDetector detector, IEnumerable<double> values) => values.Index().Where(v => detector.Update(v.Item)).Select(v => v.Index);

    /// <summary>A value that is finite; a detector would carry anything else along for good.</summary>
    internal static double Finite(this double value) =>
        double.IsFinite(value) ? value : throw new ArgumentException($"A detector needs finite numbers, not {value}: leave out what was not measured.", nameof(value));
}
