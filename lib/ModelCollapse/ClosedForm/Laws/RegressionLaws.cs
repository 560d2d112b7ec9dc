using ModelCollapse.Generations;

namespace ModelCollapse.ClosedForm.Laws;

/// <summary>
/// Exact test errors of linear regression on labels of its predecessors, beyond the noise of the label itself: E |w_n − w*|² for features
/// N(0, I_d), T rows per generation and label noise σ. Fits are counted from 1.
/// </summary>
public static class RegressionLaws
{
    /// <summary>Only the last generation's rows: σ²d/(T − d − 1) · n, for the same and for fresh features (Gerstgrasser et al. 2024, theorem 1).</summary>
    /// <param name="noise">σ.</param>
    /// <param name="dimensions">d.</param>
    /// <param name="rows">T. Range: at least d + 2.</param>
    /// <param name="fits">n.</param>
    public static double Replace(double noise, int dimensions, int rows, int fits) => OneFit(noise, dimensions, rows) * fits;

    /// <summary>All rows so far, with the same features in every generation: σ²d/(T − d − 1) · Σ 1/i² (Gerstgrasser et al. 2024, theorem 2).</summary>
    /// <inheritdoc cref="Replace"/>
    public static double Accumulate(double noise, int dimensions, int rows, int fits) =>
        OneFit(noise, dimensions, rows) * Enumerable.Range(1, fits).Sum(i => 1.0 / ((double)i * i));

    /// <summary>All rows so far, with fresh features in every generation: σ² Σ d/(i(iT − d − 1)), a little less.</summary>
    /// <inheritdoc cref="Replace"/>
    public static double AccumulateFreshFeatures(double noise, int dimensions, int rows, int fits) =>
        noise * noise * Enumerable.Range(1, fits).Sum(i => dimensions / (i * ((double)i * rows - dimensions - 1)));

    /// <summary>Only the last generation's rows, but as many as accumulating gives, with fresh features: σ² Σ d/(iT − d − 1), which grows as ln n (Gerstgrasser et al. 2024, footnote 1).</summary>
    /// <inheritdoc cref="Replace"/>
    public static double GrowingReplace(double noise, int dimensions, int rows, int fits) =>
        Enumerable.Range(1, fits).Sum(i => OneFit(noise, dimensions, i * rows));

    /// <summary>The bound of <see cref="Accumulate"/> for any number of fits: σ²d/(T − d − 1) · π²/6.</summary>
    /// <param name="noise">σ.</param>
    /// <param name="dimensions">d.</param>
    /// <param name="rows">T. Range: at least d + 2.</param>
    public static double AccumulateBound(double noise, int dimensions, int rows) => OneFit(noise, dimensions, rows) * Math.PI * Math.PI / 6;

    /// <summary>
    /// Strong model collapse: with a share p₂ of rows whose labels come from other weights, E ≃ σ²d/n + p₂²c² to first order in d/n, where
    /// c² is the squared distance of the two weights (Strong Model Collapse, ICLR 2025, corollary 1). More rows do not bring it below p₂²c².
    /// </summary>
    /// <param name="noise">σ.</param>
    /// <param name="dimensions">d.</param>
    /// <param name="rows">n.</param>
    /// <param name="share">p₂. Range: 0 to 1.</param>
    /// <param name="distanceSquared">c².</param>
    public static double StrongModelCollapse(double noise, int dimensions, int rows, double share, double distanceSquared) =>
        noise * noise * dimensions / rows + share * share * distanceSquared;

    static double OneFit(double noise, int dimensions, int rows) => rows >= dimensions + 2
        ? noise * noise * dimensions / (rows - dimensions - 1)
        : throw new ArgumentOutOfRangeException(nameof(rows), $"{rows} rows for {dimensions} dimensions: the expected error is finite from {dimensions + 2} rows on.");
}
