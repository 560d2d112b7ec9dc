using ModelCollapse.Statistics;

namespace ModelCollapse.Metrics;

/// <summary>
/// Exact optimal transport between two weighted sets of points: the least cost of turning one into the other. With squared distances its root is the
/// Wasserstein-2 distance. Rises under collapse, and may go on when other measures stop (Borji, arXiv 2410.12954). Time grows about with the cube of
/// the size: use it for hundreds of points, and <see cref="Sinkhorn"/> beyond.
/// </summary>
public static class OptimalTransport
{
    /// <summary>Mass below this is rounding.</summary>
    const double Nothing = 1e-15;

    /// <summary>The least cost, by shortest augmenting paths (Ahuja, Magnanti and Orlin, Network Flows, 9.7).</summary>
    /// <param name="a">Mass at each source, at least 0.</param>
    /// <param name="b">Mass at each target, with the same sum.</param>
    /// <param name="cost">Cost of a unit of mass from each source to each target, at least 0.</param>
    public static double Cost(double[] a, double[] b, double[,] cost)
    {
        var (n, m) = (a.Length, b.Length);
        if (n == 0 || m == 0 || cost.GetLength(0) != n || cost.GetLength(1) != m || Math.Abs(a.Sum() - b.Sum()) > 1e-9)
            throw new ArgumentException("A transport needs masses of the same sum on both sides, and a cost for each pair.", nameof(cost));
        var (supply, demand, plan, u, v) = ((double[])a.Clone(), (double[])b.Clone(), new double[n, m], new double[n], new double[m]);
        double[] toSource = new double[n], toTarget = new double[m];
        int[] viaTarget = new int[n], viaSource = new int[m];
        bool[] sourceDone = new bool[n], targetDone = new bool[m];
        while (true)
        {
            // Dijkstra from all sources with mass left, on reduced costs; back along edges that carry mass.
            for (var i = 0; i < n; i++) (toSource[i], viaTarget[i], sourceDone[i]) = (supply[i] > Nothing ? 0 : double.PositiveInfinity, -1, false);
            for (var j = 0; j < m; j++) (toTarget[j], targetDone[j]) = (double.PositiveInfinity, false);
            var reached = -1;
            while (reached < 0)
            {
                var (best, source, target) = (double.PositiveInfinity, -1, -1);
                for (var i = 0; i < n; i++)
                    if (!sourceDone[i] && toSource[i] < best) (best, source) = (toSource[i], i);
                for (var j = 0; j < m; j++)
                    if (!targetDone[j] && toTarget[j] < best) (best, source, target) = (toTarget[j], -1, j);
                if (double.IsInfinity(best)) return Total(plan, cost);
                if (source >= 0)
                {
                    sourceDone[source] = true;
                    for (var j = 0; j < m; j++)
                    {
                        if (targetDone[j]) continue;
                        var distance = best + Math.Max(0, cost[source, j] - u[source] - v[j]);
                        if (distance < toTarget[j]) (toTarget[j], viaSource[j]) = (distance, source);
                    }

                    continue;
                }

                targetDone[target] = true;
                if (demand[target] > Nothing) reached = target;
                for (var i = 0; i < n; i++)
                    if (plan[i, target] > Nothing && !sourceDone[i] && best < toSource[i]) (toSource[i], viaTarget[i]) = (best, target);
            }

            var length = toTarget[reached];
            for (var i = 0; i < n; i++) if (sourceDone[i]) u[i] += length - toSource[i];
            for (var j = 0; j < m; j++) if (targetDone[j]) v[j] -= length - toTarget[j];
            Augment(reached);
        }

        // Sends as much as the path, its source and its target allow.
        void Augment(int end)
        {
            var amount = demand[end];
            int start;
            for (var j = end; ; j = viaTarget[start])
            {
                start = viaSource[j];
                if (viaTarget[start] < 0) break;
                amount = Math.Min(amount, plan[start, viaTarget[start]]);
            }

            amount = Math.Min(amount, supply[start]);
            supply[start] -= amount;
            demand[end] -= amount;
            for (var j = end; j >= 0;)
            {
                var source = viaSource[j];
                plan[source, j] += amount;
                j = viaTarget[source];
                if (j >= 0) plan[source, j] -= amount;
            }
        }
    }

    /// <summary>Squared Euclidean distances, not halved, [x, y].</summary>
    /// <param name="x">Sources.</param>
    /// <param name="y">Targets.</param>
    public static double[,] SquaredDistances(IReadOnlyList<double[]> x, IReadOnlyList<double[]> y)
    {
        Vectors.Check(x, y);
        var cost = new double[x.Count, y.Count];
        for (var i = 0; i < x.Count; i++)
            for (var j = 0; j < y.Count; j++) cost[i, j] = Vectors.SquaredDistance(x[i], y[j]);
        return cost;
    }

    static double Total(double[,] plan, double[,] cost)
    {
        var sum = 0.0;
        for (var i = 0; i < plan.GetLength(0); i++)
            for (var j = 0; j < plan.GetLength(1); j++) sum += plan[i, j] * cost[i, j];
        return sum;
    }
}
