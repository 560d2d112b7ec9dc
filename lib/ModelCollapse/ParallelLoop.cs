using System.Globalization;

namespace ModelCollapse;

/// <summary>Loops over rows that do not depend on each other, in one contiguous piece per thread.</summary>
public static class ParallelLoop
{
    /// <summary>Threads of a loop: <c>OMP_NUM_THREADS</c> where that is set, else the processors of the machine. Range: at least 1.</summary>
    public static int Threads { get; set; } =
        int.TryParse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS"), CultureInfo.InvariantCulture, out var set) && set >= 1 ? set : Environment.ProcessorCount;

    /// <summary>
    /// Runs <paramref name="work"/> over [0, count). The pieces depend on the number of threads alone, so that sums that are kept per piece do not
    /// change from run to run.
    /// </summary>
    /// <param name="count">Rows.</param>
    /// <param name="work">Works on the rows from its first argument to before its second.</param>
    public static void Run(int count, Action<int, int> work) => Run(count, Threads, work);

    /// <summary>As the other, with a number of threads.</summary>
    /// <param name="count">Rows.</param>
    /// <param name="threads">Threads. Range: at least 1.</param>
    /// <param name="work">Works on the rows from its first argument to before its second.</param>
    public static void Run(int count, int threads, Action<int, int> work)
    {
        var pieces = Math.Min(threads, count);
        if (pieces <= 1)
        {
            work(0, count);
            return;
        }

        Parallel.For(0, pieces, piece => work((int)((long)count * piece / pieces), (int)((long)count * (piece + 1) / pieces)));
    }
}
