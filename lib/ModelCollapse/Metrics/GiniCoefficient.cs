namespace ModelCollapse.Metrics;

/// <summary>
/// Gini coefficient: 0 where all values are equal, towards 1 where one has everything. Of next-token probabilities it measures concentration
/// (Gambetta et al., arXiv 2410.12341) and rises under collapse, as a model grows sure of itself.
/// </summary>
public static class GiniCoefficient
{
    /// <summary>Mean absolute difference of all pairs over twice the mean.</summary>
    /// <param name="values">Values. Range: at least 0.</param>
    /// <returns>0 to 1 − 1/n; 0 where all values are 0.</returns>
    /// <exception cref="ArgumentException">There are no values, or one is below 0.</exception>
    public static double Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted is not [>= 0, ..]) throw new ArgumentException("A Gini coefficient needs one or more values, none below 0.", nameof(values));
        var (sum, weighted) = (sorted.Sum(), sorted.Select((v, i) => (2.0 * (i + 1) - sorted.Length - 1) * v).Sum());
        return sum == 0 ? 0 : weighted / (sorted.Length * sum);
    }
}
