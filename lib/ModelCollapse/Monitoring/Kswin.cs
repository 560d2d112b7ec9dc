using ModelCollapse.Statistics;

namespace ModelCollapse.Monitoring;

/// <summary>
/// Kolmogorov-Smirnov windowing (Raab, Heusinger and Schleif, Neurocomputing 2020): the newest values against as many random older ones. Sees
/// changes of shape and spread, not of the mean alone, as when the tails of log-probabilities go. After an alarm everything starts anew.
/// </summary>
public sealed class Kswin : IChangeDetector
{
    const double LeastStatistic = 0.1; // river's

    readonly KswinOptions options;
    readonly Func<Func<int, int[]>> begin;
    readonly Queue<double> window = [];
    Func<int, int[]> draws;
    int tests;

    /// <summary>A detector.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="seed">Decides the draws; they begin anew after an alarm.</param>
    public Kswin(KswinOptions options, long seed) : this(options, () => RandomDraws(options, Seeds.NewRandom(seed)))
    {
    }

    /// <summary>A detector with given draws.</summary>
    /// <param name="options">Settings.</param>
    /// <param name="begin">Begins the draws: the positions in the window, from the oldest, for the n-th test, from 0, since a start or an alarm.</param>
    internal Kswin(KswinOptions options, Func<Func<int, int[]>> begin)
    {
        if (options.Newest < 1 || options.Window < 2 * options.Newest)
            throw new ArgumentException($"A window of {options.Window} has no {options.Newest} older values beside the {options.Newest} newest: widen it.", nameof(options));
        (this.options, this.begin, draws) = (options, begin, begin());
    }

    /// <summary>Statistic and p value of the last test; null before the first, and at a value that makes no test.</summary>
    public (double Statistic, double P)? LastTest { get; private set; }

    /// <inheritdoc/>
    public bool Update(double value)
    {
        LastTest = null;
        window.Enqueue(value.Finite());
        if (window.Count < options.Window) return false;
        if (window.Count > options.Window) window.Dequeue();
        double[] values = [.. window];
        var test = KolmogorovSmirnov.Of([.. draws(tests++).Select(i => values[i])], values[^options.Newest..]);
        LastTest = (test.Statistic, test.ExactP());
        if (LastTest.Value.P > options.Alpha || test.Statistic <= LeastStatistic) return false;
        window.Clear();
        (draws, tests) = (begin(), 0);
        return true;
    }

    static Func<int, int[]> RandomDraws(KswinOptions options, Random random)
    {
        int[] older = [.. Enumerable.Range(0, options.Window - options.Newest)];
        return _ =>
        {
            random.Shuffle(older);
            return older[..options.Newest];
        };
    }
}

/// <summary>Settings of <see cref="Kswin"/>.</summary>
public sealed record KswinOptions
{
    /// <summary>The alarm is raised at a p value up to this. Range: above 0, below 1.</summary>
    public double Alpha { get; init; } = 0.005;

    /// <summary>Values in the window. Range: at least twice <see cref="Newest"/>.</summary>
    public int Window { get; init; } = 100;

    /// <summary>Newest values that are compared. Range: at least 1.</summary>
    public int Newest { get; init; } = 30;
}
