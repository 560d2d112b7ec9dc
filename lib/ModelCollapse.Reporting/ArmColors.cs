namespace ModelCollapse.Reporting;

/// <summary>
/// Colours that people with any kind of colour vision tell apart: the palette of Okabe and Ito (2008) for arms, and dark to light for
/// generations. The same arm has the same colour in every figure.
/// </summary>
public static class ArmColors
{
    static readonly Dictionary<string, string> Fixed = new(StringComparer.Ordinal)
    {
        ["A"] = "#0072B2",
        ["B"] = "#D55E00",
        ["control"] = "#000000",
    };

    static readonly string[] Palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];

    static readonly string[] Steps = ["#000000", "#46039F", "#9C179E", "#D8576B", "#ED7953", "#FDB42F"];

    /// <summary>The colour of each arm: its own where it has one, else the first of the palette that no arm has yet.</summary>
    /// <param name="arms">The arms of a recipe, in order.</param>
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<string> arms)
    {
        string[] all = [.. arms.Distinct()];
        var colors = all.Where(Fixed.ContainsKey).ToDictionary(arm => arm, arm => Fixed[arm]);
        string[] free = [.. Palette.Except(colors.Values)];
        if (free.Length == 0) free = Palette;
        foreach (var (i, arm) in all.Where(arm => !Fixed.ContainsKey(arm)).Index()) colors[arm] = free[i % free.Length];
        return colors;
    }

    /// <summary>The colour of a step in an ordered sequence such as generations.</summary>
    /// <param name="step">Index of the step, from 0; those past the last colour share it.</param>
    public static string OfStep(int step) => Steps[Math.Min(step, Steps.Length - 1)];
}
