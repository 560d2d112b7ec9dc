namespace ModelCollapse.Monitoring;

/// <summary>
/// Adaptive windowing (Bifet and Gavaldà, SDM 2007): a window that grows while its two ends agree and drops its oldest part where they do not.
/// Needs neither a level nor a size of change; memory grows with the logarithm of the window.
/// </summary>
/// <remarks>
/// As published the newer part is kept after an alarm; the package river, whose numbers are compared, forgets it all with the next value
/// (<see cref="AdwinOptions.RestartAfterAlarm"/>). Both exist.
/// </remarks>
/// <param name="options">Settings.</param>
public sealed class Adwin(AdwinOptions options) : IChangeDetector
{
    /// <summary>Row i holds buckets of 2ⁱ values, oldest first.</summary>
    readonly List<List<Bucket>> rows = [[]];

    long ticks;
    double total, squares;
    bool alarmed;

    /// <summary>Values in the window.</summary>
    public long Width { get; private set; }

    /// <summary>Mean of the window; NaN before the first value.</summary>
    public double Mean => total / Width;

    /// <inheritdoc/>
    public bool Update(double value)
    {
        if (alarmed && options.RestartAfterAlarm) Restart();
        Insert(value.Finite());
        ticks++;
        alarmed = false;
        if (ticks % options.Clock != 0 || Width <= options.GracePeriod) return false;
        while (HasCut())
        {
            alarmed = true;
            DropOldest();
        }

        return alarmed;
    }

    void Restart()
    {
        rows.Clear();
        rows.Add([]);
        (ticks, total, squares, Width) = (0, 0, 0, 0);
    }

    void Insert(double value)
    {
        if (Width > 0) squares += Width * Math.Pow(value - total / Width, 2) / (Width + 1);
        total += value;
        Width++;
        rows[0].Add(new(value, 0));
        for (var i = 0; i < rows.Count && rows[i].Count > options.MaxBuckets; i++)
        {
            var (a, b) = (rows[i][0], rows[i][1]);
            if (i + 1 == rows.Count) rows.Add([]);
            double size = 1L << i;
            rows[i + 1].Add(new(a.Total + b.Total, a.Squares + b.Squares + Between(size, a.Total / size, size, b.Total / size)));
            rows[i].RemoveRange(0, 2);
        }
    }

    /// <summary>Whether some border of buckets, the oldest first, parts the window into two of different means.</summary>
    bool HasCut()
    {
        double left = 0, leftTotal = 0, right = Width, rightTotal = total;
        for (var i = rows.Count - 1; i >= 0; i--)
            foreach (var bucket in rows[i])
            {
                double size = 1L << i;
                (left, right) = (left + size, right - size);
                (leftTotal, rightTotal) = (leftTotal + bucket.Total, rightTotal - bucket.Total);
                if (left >= options.MinPart && right >= options.MinPart && Differ(left, leftTotal / left, right, rightTotal / right)) return true;
            }

        return false;
    }

    bool Differ(double left, double leftMean, double right, double rightMean)
    {
        var m = 1 / (left - options.MinPart + 1) + 1 / (right - options.MinPart + 1);
        var d = Math.Log(2 * Math.Log(Width) / options.Delta);
        return Math.Abs(leftMean - rightMean) > Math.Sqrt(2 * m * squares / Width * d) + 2.0 / 3 * d * m;
    }

    void DropOldest()
    {
        var (oldest, size) = (rows[^1][0], 1L << (rows.Count - 1));
        Width -= size;
        total -= oldest.Total;
        squares -= oldest.Squares + Between(size, oldest.Total / size, Width, total / Width);
        rows[^1].RemoveAt(0);
        if (rows[^1].Count == 0 && rows.Count > 1) rows.RemoveAt(rows.Count - 1);
    }

    /// <summary>What two parts of different means add to the sum of squares.</summary>
    static double Between(double n, double mean, double otherN, double otherMean) => n * otherN * (mean - otherMean) * (mean - otherMean) / (n + otherN);

    /// <summary>The sum of some values, and of their squared deviations from their mean.</summary>
    readonly record struct Bucket(double Total, double Squares);
}

/// <summary>Settings of <see cref="Adwin"/>.</summary>
public sealed record AdwinOptions
{
    /// <summary>Chance δ of a false alarm. Range: above 0, below 1.</summary>
    public double Delta { get; init; } = 0.002;

    /// <summary>Values between two looks. Range: at least 1.</summary>
    public int Clock { get; init; } = 32;

    /// <summary>Buckets of one size that are kept. Range: at least 2.</summary>
    public int MaxBuckets { get; init; } = 5;

    /// <summary>Fewest values of a part of the window. Range: at least 1.</summary>
    public int MinPart { get; init; } = 5;

    /// <summary>The window is looked at once it is wider.</summary>
    public int GracePeriod { get; init; } = 10;

    /// <summary>Whether the whole window is forgotten after an alarm, as river does; else the newer part is kept, as published.</summary>
    public bool RestartAfterAlarm { get; init; }
}
