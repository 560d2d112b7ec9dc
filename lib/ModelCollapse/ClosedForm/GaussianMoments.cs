using ModelCollapse.ClosedForm.Laws;
using ModelCollapse.Generations;
using ModelCollapse.Store;

namespace ModelCollapse.ClosedForm;

/// <summary>
/// Where a fitted Gaussian stands: its mean, which wanders, its standard deviation, which falls to 0 under collapse, and the logarithm of that
/// (Shumailov et al. 2024, theorem 3.1).
/// </summary>
public sealed class GaussianMoments : IMetric<double>
{
    const string Source = "Shumailov et al. 2024, theorem 3.1";

    /// <summary>Full name of the mean μ.</summary>
    public const string Mean = "gaussian.mean";

    /// <summary>Full name of the standard deviation σ.</summary>
    public const string Deviation = "gaussian.deviation";

    /// <summary>Full name of ln σ, whose mean over runs is known exactly: see <see cref="GaussianLaws"/>.</summary>
    public const string LogDeviation = "gaussian.logDeviation";

    /// <inheritdoc/>
    public string Name => "gaussian";

    /// <inheritdoc/>
    public IReadOnlyList<MetricNumber> Numbers =>
    [
        new("mean", "Mean", "", UnderCollapse.Departs, Source),
        new("deviation", "Standard deviation", "", UnderCollapse.Falls, Source),
        new("logDeviation", "Logarithm of the standard deviation", "", UnderCollapse.Falls, Source),
    ];

    /// <inheritdoc/>
    public IReadOnlyDictionary<NumberKey, double> Measure(GenerationContext<double> c)
    {
        var model = c.Model as Gaussian ?? throw new ArgumentException("This metric is for Gaussians.", nameof(c));
        return new Dictionary<NumberKey, double> { ["mean"] = model.Mean, ["deviation"] = model.StandardDeviation, ["logDeviation"] = Math.Log(model.StandardDeviation) };
    }
}
