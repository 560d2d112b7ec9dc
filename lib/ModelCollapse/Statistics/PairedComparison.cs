namespace ModelCollapse.Statistics;

/// <summary>
/// Two arms compared seed by seed. Arms that share seeds share generation 0 and every draw that they have in common, so the difference
/// within a seed varies far less than the arms do.
/// </summary>
/// <param name="Test">Paired t test of the differences, arm minus control.</param>
/// <param name="EffectSize">Cohen's d_z: mean over standard deviation of the differences; 0 where nothing differs.</param>
/// <param name="SignFlipP">Two-sided p value of <see cref="PermutationTest.SignFlip"/>, which assumes only that the sign of a difference is arbitrary under the null.</param>
public sealed record PairedComparison(TTest Test, double EffectSize, double SignFlipP)
{
    /// <summary>Compares values that stand at the same place.</summary>
    /// <param name="arm">One value per seed.</param>
    /// <param name="control">The control's value for the same seeds, in the same order.</param>
    /// <param name="confidence">Confidence of the interval. Range: above 0, below 1.</param>
    /// <exception cref="ArgumentException">There are no pairs, or the lists differ in length.</exception>
    public static PairedComparison Of(IReadOnlyList<double> arm, IReadOnlyList<double> control, double confidence = 0.95)
    {
        if (arm.Count == 0 || arm.Count != control.Count)
            throw new ArgumentException($"Pairs need as many values on both sides, at least one: there are {arm.Count} and {control.Count}.", nameof(control));
        double[] differences = [.. arm.Zip(control, (a, c) => a - c)];
        var found = MeanInterval.Of(differences);
        return new(
            TTest.Of(found.Mean, found.StandardDeviation / Math.Sqrt(found.Count), found.Count - 1, confidence),
            found.Mean == 0 ? 0 : found.Mean / found.StandardDeviation,
            PermutationTest.SignFlip(differences).TwoSided);
    }

    /// <summary>Compares two arms over the seeds that both have.</summary>
    /// <param name="arm">Values by seed.</param>
    /// <param name="control">The control's values by seed.</param>
    /// <param name="confidence">Confidence of the interval. Range: above 0, below 1.</param>
    /// <exception cref="ArgumentException">They have no seed in common.</exception>
    public static PairedComparison BySeed(IReadOnlyDictionary<long, double> arm, IReadOnlyDictionary<long, double> control, double confidence = 0.95)
    {
        long[] common = [.. arm.Keys.Where(control.ContainsKey).Order()];
        return Of([.. common.Select(s => arm[s])], [.. common.Select(s => control[s])], confidence);
    }
}
