using System.Globalization;
using ModelCollapse.Statistics;

namespace ModelCollapse.Reporting;

/// <summary>Numbers over seeds as text, with the 95 % interval of Student's t where there are several.</summary>
public static class IntervalText
{
    /// <summary>Mean and half the width of the interval: <c>31.2 ± 0.2</c>; the number alone for one seed, empty for none.</summary>
    /// <param name="values">The number of each seed.</param>
    /// <param name="format">Numeric format, <c>F1</c> for example.</param>
    public static string Of(IReadOnlyCollection<double> values, string format)
    {
        if (values.Count == 0) return "";
        var (_, mean, _, half) = MeanInterval.Of([.. values]);
        return values.Count == 1 ? Number(mean, format) : $"{Number(mean, format)} ± {Number(half, format)}";
    }

    /// <summary>As <see cref="Of"/>, with a minus sign in place of the hyphen: for differences.</summary>
    /// <param name="values">The number of each seed.</param>
    /// <param name="format">Numeric format, <c>F1</c> for example.</param>
    public static string OfSigned(IReadOnlyCollection<double> values, string format) => Of(values, format).Replace('-', '−');

    /// <summary>A mean and the ends of its interval, three digits each: <c>1.00 (−1.48 to 3.48)</c>; the mean alone where there is no interval.</summary>
    /// <param name="mean">The mean.</param>
    /// <param name="low">Lower end; NaN for none.</param>
    /// <param name="high">Upper end.</param>
    public static string Between(double mean, double low, double high) => double.IsNaN(low) ? Signed(mean) : $"{Signed(mean)} ({Signed(low)} to {Signed(high)})";

    /// <summary>Geometric mean and the interval of the mean of the logarithm: <c>1.28 (1.17 to 1.39)</c>.</summary>
    /// <param name="ratios">The ratio of each seed, above 0.</param>
    public static string OfRatio(IReadOnlyCollection<double> ratios)
    {
        if (ratios.Count == 0) return "";
        var (_, mean, _, half) = MeanInterval.Of([.. ratios.Select(r => Math.Log(r))]);
        return ratios.Count == 1 ? Number(Math.Exp(mean), "F2") : $"{Number(Math.Exp(mean), "F2")} ({Number(Math.Exp(mean - half), "F2")} to {Number(Math.Exp(mean + half), "F2")})";
    }

    /// <summary>A number to three digits, with a minus sign in place of the hyphen.</summary>
    public static string Signed(double value)
    {
        var magnitude = Math.Abs(value);
        var digits = magnitude == 0 || !double.IsFinite(value) ? 0 : Math.Clamp(2 - (int)Math.Floor(Math.Log10(magnitude)), 0, 6);
        var text = Number(magnitude, digits == 0 ? "#,0" : $"F{digits}");
        return value < 0 && text.Any(c => c is > '0' and <= '9') ? $"−{text}" : text;
    }

    /// <summary>A number with a point, on any machine.</summary>
    public static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
