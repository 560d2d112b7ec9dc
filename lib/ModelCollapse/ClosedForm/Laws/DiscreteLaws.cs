using MathNet.Numerics.Distributions;

namespace ModelCollapse.ClosedForm.Laws;

/// <summary>Exact laws of the recursion of a discrete distribution: each fit is on M draws from the one before. Fits are counted from 1.</summary>
public static class DiscreteLaws
{
    /// <summary>
    /// E S_m with S = Σ p², the probability that two draws are equal: S_m = 1 − (1 − 1/M)^m (1 − S_0). Seddik et al. 2024 state it for
    /// language models of next tokens; 1 − S is the heterozygosity of the Wright-Fisher model.
    /// </summary>
    /// <param name="start">S_0 of the true distribution. Range: 0 to 1.</param>
    /// <param name="samples">Number M of draws per fit.</param>
    /// <param name="fits">Number m of fits.</param>
    public static double Concentration(double start, int samples, int fits) => 1 - Math.Pow(1 - 1.0 / samples, fits) * (1 - start);

    /// <summary>
    /// Probability of each state to be still there after a number of fits, from the exact Markov chain of its count. The first fit alone
    /// loses it with (1 − p)^M; states with p ≤ 1/M are expected less than once (Shumailov et al. 2024, "discrete distributions").
    /// </summary>
    /// <param name="probabilities">The true distribution.</param>
    /// <param name="samples">Number M of draws per fit.</param>
    /// <param name="fits">Number of fits. Range: at least 1.</param>
    /// <returns>One probability per state.</returns>
    public static double[] Survival(IReadOnlyList<double> probabilities, int samples, int fits)
    {
        // there[k]: probability that a state with count k now is there after the remaining fits.
        var there = Enumerable.Range(0, samples + 1).Select(k => k > 0 ? 1.0 : 0).ToArray();
        double[][] transitions = fits == 1 ? [] : [.. Enumerable.Range(0, samples + 1).Select(k => Draws((double)k / samples, samples))];
        for (var fit = 1; fit < fits; fit++) there = [.. transitions.Select(row => Sum(row, there))];
        return [.. probabilities.Select(p => Sum(Draws(p, samples), there))];
    }

    /// <summary>Expected number of states that are still there.</summary>
    /// <param name="probabilities">The true distribution.</param>
    /// <param name="samples">Number M of draws per fit.</param>
    /// <param name="fits">Number of fits. Range: at least 1.</param>
    public static double ExpectedSupport(IReadOnlyList<double> probabilities, int samples, int fits) => Survival(probabilities, samples, fits).Sum();

    /// <summary>
    /// Risk R_t = E |p_t − p*|² where each training set is drawn from α p* + (1 − α) p_{t−1}:
    /// R_t = (n_0/n_t) R_0 + ((n_t − 1)/n_t)(1 − α)² R_{t−1} (Bakshi and Chakraborty 2026), with R_0 = (1 − Σp*²)/n_0.
    /// </summary>
    /// <param name="start">S_0 = Σ p*².</param>
    /// <param name="sizes">n_0, n_1, …: draws of each fit.</param>
    /// <param name="fresh">α: share of draws from the true distribution after the first fit. Range: 0 to 1.</param>
    /// <returns>R after the last fit.</returns>
    public static double RiskWithFreshData(double start, IReadOnlyList<int> sizes, double fresh)
    {
        var first = (1 - start) / sizes[0];
        var risk = first;
        foreach (var n in sizes.Skip(1)) risk = (double)sizes[0] / n * first + (n - 1.0) / n * (1 - fresh) * (1 - fresh) * risk;
        return risk;
    }

    /// <summary>
    /// The same where the share is exact instead of drawn, as the policy <c>FreshReal</c> composes it: αn draws from p* and (1 − α)n from
    /// p_{t−1}. Then R_t = (1 − Σp*²)/n + ((1 − α)² − (1 − α)/n) R_{t−1}: the mixing itself no longer varies.
    /// </summary>
    /// <param name="start">S_0 = Σ p*².</param>
    /// <param name="original">n_0: draws of the first fit.</param>
    /// <param name="synthetic">Draws from the model in each later fit.</param>
    /// <param name="fresh">Draws from the true distribution in each later fit.</param>
    /// <param name="fits">Number of fits. Range: at least 1.</param>
    public static double RiskWithFixedShares(double start, int original, int synthetic, int fresh, int fits)
    {
        double n = synthetic + fresh, share = synthetic / n;
        var risk = (1 - start) / original;
        for (var t = 1; t < fits; t++) risk = (1 - start) / n + (share * share - share / n) * risk;
        return risk;
    }

    /// <summary>Mass of a Zipf distribution p_i ∝ i^−β beyond rank k: the floor of the error of a model that never sees the tail, about k^−(β−1) (A Tale of Tails, theorem 2.1).</summary>
    /// <param name="exponent">β. Range: above 1.</param>
    /// <param name="rank">k: the last rank that is seen.</param>
    /// <param name="states">Number of ranks in all.</param>
    public static double TailBeyond(double exponent, int rank, int states)
    {
        var (tail, all) = (0.0, 0.0);
        for (var i = states; i >= 1; i--) // small terms first
        {
            all += Math.Pow(i, -exponent);
            if (i == rank + 1) tail = all;
        }

        return tail / all;
    }

    static double[] Draws(double p, int samples) => [.. Enumerable.Range(0, samples + 1).Select(k => Binomial.PMF(p, samples, k))];

    static double Sum(double[] weights, double[] values)
    {
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++) sum += weights[i] * values[i];
        return sum;
    }
}
