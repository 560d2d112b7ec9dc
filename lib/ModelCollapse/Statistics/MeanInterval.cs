using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace ModelCollapse.Statistics;

/// <summary>
/// A mean with its confidence interval from Student's t distribution. It assumes values that are independent and about normal; for few
/// skewed values take <see cref="Bootstrap"/> as well. The values are means over seeds, never over the texts of one seed: those share a model.
/// </summary>
/// <param name="Count">Number of values.</param>
/// <param name="Mean">Their mean; NaN for none.</param>
/// <param name="StandardDeviation">Standard deviation (n − 1); NaN for fewer than two.</param>
/// <param name="HalfWidth">Half the width of the interval; NaN for fewer than two values.</param>
public sealed record MeanInterval(int Count, double Mean, double StandardDeviation, double HalfWidth)
{
    /// <summary>Lower end of the interval.</summary>
    public double Low => Mean - HalfWidth;

    /// <summary>Upper end of the interval.</summary>
    public double High => Mean + HalfWidth;

    /// <summary>The interval of some values.</summary>
    /// <param name="values">Independent values, one per seed.</param>
    /// <param name="confidence">Share of such intervals that hold the true mean. Range: above 0, below 1.</param>
    public static MeanInterval Of(IReadOnlyCollection<double> values, double confidence = 0.95)
    {
        var (mean, deviation) = (values.Mean(), values.StandardDeviation());
        var half = values.Count < 2 ? double.NaN : StudentT.InvCDF(0, 1, values.Count - 1, UpperLevel(confidence)) * deviation / Math.Sqrt(values.Count);
        return new(values.Count, mean, deviation, half);
    }

    /// <summary>The level of the upper limit of a two-sided interval: 0.975 for 0.95.</summary>
    internal static double UpperLevel(double confidence) =>
        confidence is > 0 and < 1 ? 1 - (1 - confidence) / 2 : throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence lies between 0 and 1.");
}
