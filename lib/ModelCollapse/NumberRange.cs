using System.Globalization;

namespace ModelCollapse;

/// <summary>The numbers that a setting may have.</summary>
/// <param name="Least">The least; <c>int.MinValue</c> and <c>double.MinValue</c> stand for none.</param>
/// <param name="Most">The most; <c>int.MaxValue</c> and <c>double.MaxValue</c> stand for none.</param>
/// <param name="Above">Whether the least itself is left out.</param>
/// <param name="Below">Whether the most itself is left out.</param>
sealed record NumberRange(double Least, double Most, bool Above, bool Below)
{
    public bool HasLeast => Least is not (double.MinValue or int.MinValue or long.MinValue);

    public bool HasMost => Most is not (double.MaxValue or int.MaxValue or long.MaxValue);

    public bool Contains(double value) => (Above ? value > Least : value >= Least) && (Below ? value < Most : value <= Most);

    /// <summary>As the end of "must be …": <c>at least 1</c>, <c>above 0 and at most 1</c>.</summary>
    public override string ToString()
    {
        List<string> ends = [];
        if (HasLeast) ends.Add(string.Create(CultureInfo.InvariantCulture, $"{(Above ? "above" : "at least")} {Least}"));
        if (HasMost) ends.Add(string.Create(CultureInfo.InvariantCulture, $"{(Below ? "below" : "at most")} {Most}"));
        return string.Join(" and ", ends);
    }
}
