namespace ModelCollapse.ClosedForm;

/// <summary>What the sum of squared deviations of M samples is divided by.</summary>
public enum VarianceEstimator
{
    /// <summary>M: maximum likelihood, biased. What the code of Shumailov et al. 2024 does (<c>np.std</c>; literature.md, Shumailov et al. 2024, Toy experiments).</summary>
    MaximumLikelihood,

    /// <summary>M − 1: unbiased. What theorem 3.1 of Shumailov et al. 2024 assumes.</summary>
    Unbiased,
}

static class VarianceEstimators
{
    /// <summary>The divisor for <paramref name="count"/> samples.</summary>
    /// <exception cref="ArgumentException">There are too few samples.</exception>
    public static double Divisor(this VarianceEstimator estimator, int count)
    {
        var divisor = estimator == VarianceEstimator.Unbiased ? count - 1 : count;
        return divisor > 0 ? divisor : throw new ArgumentException($"A variance cannot be estimated ({estimator}) from {count} samples.", nameof(count));
    }
}
