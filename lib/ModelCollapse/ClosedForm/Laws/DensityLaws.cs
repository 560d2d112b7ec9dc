namespace ModelCollapse.ClosedForm.Laws;

/// <summary>Exact laws of density estimates that are refitted to M samples of their own. Fits are counted from 1.</summary>
public static class DensityLaws
{
    /// <summary>
    /// Expected variance, in each direction, of a kernel density with kernels of width h on M samples, from a truth of variance 1. Derived here:
    /// the samples of a fit have (1 − 1/M) times the variance they were drawn from, and the kernel adds h². So each refit widens the estimate
    /// until it has lost by sampling what the kernel adds, at a variance of M h².
    /// </summary>
    /// <param name="samples">M. Range: at least 1.</param>
    /// <param name="bandwidth">h. Range: above 0.</param>
    /// <param name="fits">Number of fits. Range: at least 1.</param>
    public static double KernelVariance(int samples, double bandwidth, int fits)
    {
        var (limit, kept) = (samples * bandwidth * bandwidth, 1 - 1.0 / samples);
        return limit + (1 - limit) * Math.Pow(kept, fits);
    }
}
