namespace ModelCollapse.Statistics;

/// <summary>
/// Clusters by k-means with Lloyd's iterations (IEEE Transactions on Information Theory 1982). ML.NET's trainer takes no starting centres and
/// float32 only, so it cannot be held against a reference.
/// </summary>
/// <param name="Centres">The k centres.</param>
/// <param name="Labels">Cluster of each point.</param>
/// <param name="Inertia">Sum of the squared distances of the points to their centres.</param>
/// <param name="Iterations">Updates of the centres.</param>
public sealed record KMeans(double[][] Centres, int[] Labels, double Inertia, int Iterations)
{
    /// <summary>Iterations from given centres until no point changes its cluster.</summary>
    /// <param name="points">The points; at least one.</param>
    /// <param name="centres">Where to begin; at least one.</param>
    /// <param name="maxIterations">Most updates of the centres. Range: at least 1.</param>
    /// <remarks>A cluster that gets empty takes the point that is farthest from its centre.</remarks>
    public static KMeans Lloyd(IReadOnlyList<double[]> points, IReadOnlyList<double[]> centres, int maxIterations = 300)
    {
        Vectors.Check(points, centres);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxIterations, 1);
        double[][] current = [.. centres.Select(c => (double[])c.Clone())];
        var (labels, distances) = (new int[points.Count], new double[points.Count]);
        Array.Fill(labels, -1);
        var iterations = 0;
        while (Assign(points, current, labels, distances) && iterations < maxIterations)
        {
            current = Centroids(points, labels, distances, current);
            iterations++;
        }

        return new(current, labels, distances.Sum(), iterations);
    }

    /// <summary>The best of several starts from random points, as faiss begins.</summary>
    /// <param name="points">The points; at least k.</param>
    /// <param name="clusters">Number k of clusters. Range: at least 1.</param>
    /// <param name="seed">Decides the starts.</param>
    /// <param name="restarts">Number of starts. Range: at least 1.</param>
    /// <param name="maxIterations">Most updates of the centres per start. Range: at least 1.</param>
    public static KMeans Fit(IReadOnlyList<double[]> points, int clusters, long seed, int restarts = 5, int maxIterations = 300)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clusters, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(restarts, 1);
        Vectors.Check(points, nameof(points), least: clusters);
        var random = Seeds.NewRandom(seed);
        int[] order = [.. Enumerable.Range(0, points.Count)];
        KMeans? best = null;
        for (var i = 0; i < restarts; i++)
        {
            random.Shuffle(order);
            var found = Lloyd(points, [.. order.Take(clusters).Select(p => points[p])], maxIterations);
            if (best is null || found.Inertia < best.Inertia) best = found;
        }

        return best!;
    }

    /// <summary>Gives each point its nearest centre, the first on a tie; whether any changed.</summary>
    static bool Assign(IReadOnlyList<double[]> points, double[][] centres, int[] labels, double[] distances)
    {
        var changed = 0;
        ParallelLoop.Run(points.Count, (from, to) =>
        {
            for (var i = from; i < to; i++)
            {
                var (nearest, least) = (0, double.PositiveInfinity);
                for (var c = 0; c < centres.Length; c++)
                {
                    var distance = Vectors.SquaredDistance(points[i], centres[c]);
                    if (distance < least) (nearest, least) = (c, distance);
                }

                if (labels[i] != nearest) Interlocked.Exchange(ref changed, 1);
                (labels[i], distances[i]) = (nearest, least);
            }
        });
        return changed == 1;
    }

    static double[][] Centroids(IReadOnlyList<double[]> points, int[] labels, double[] distances, double[][] before)
    {
        var sums = before.Select(c => new double[c.Length]).ToArray();
        var counts = new int[before.Length];
        for (var i = 0; i < points.Count; i++)
        {
            counts[labels[i]]++;
            for (var j = 0; j < points[i].Length; j++) sums[labels[i]][j] += points[i][j];
        }

        var farthest = new Queue<int>(counts.Contains(0) ? Enumerable.Range(0, points.Count).OrderByDescending(i => distances[i]) : []);
        for (var c = 0; c < sums.Length; c++)
            if (counts[c] == 0) sums[c] = (double[])points[farthest.Dequeue()].Clone();
            else
                for (var j = 0; j < sums[c].Length; j++) sums[c][j] /= counts[c];
        return sums;
    }
}
