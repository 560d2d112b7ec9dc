namespace ModelCollapse;

/// <summary>Counts what a piece of work consumes, by unit: <c>tokens</c>, <c>steps</c>, <c>FLOPs</c>, <c>calls</c>, <c>USD</c>. Safe for use by several threads.</summary>
public sealed class Meter
{
    readonly Lock gate = new();
    readonly SortedDictionary<string, double> amounts = new(StringComparer.Ordinal);

    /// <summary>Adds an amount.</summary>
    /// <param name="unit">What is counted, in the plural.</param>
    /// <param name="amount">How much.</param>
    public void Add(string unit, double amount)
    {
        lock (gate) amounts[unit] = amounts.GetValueOrDefault(unit) + amount;
    }

    /// <summary>What was counted so far, sorted by unit.</summary>
    public IReadOnlyDictionary<string, double> Amounts
    {
        get
        {
            lock (gate) return new SortedDictionary<string, double>(amounts, StringComparer.Ordinal);
        }
    }
}
