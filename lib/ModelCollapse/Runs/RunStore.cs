namespace ModelCollapse.Runs;

/// <summary>All runs below one folder: <c>&lt;recipe&gt;/&lt;arm&gt;/seed-&lt;k&gt;/generation-&lt;t&gt;/</c>.</summary>
/// <param name="root">The folder; need not exist.</param>
public sealed class RunStore(string root)
{
    /// <summary>Full path of the folder.</summary>
    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>The folder of one arm and seed, whether it exists or not.</summary>
    public RunFolder Run(string recipe, string arm, long seed)
    {
        foreach (var name in (string[])[recipe, arm])
            if (!Recipe.IsPlainName(name)) throw new ArgumentException($"'{name}' is not a plain name.");
        return new(Path.Combine(Root, recipe, arm, FormattableString.Invariant($"seed-{seed}")));
    }

    /// <summary>Every run that was begun in this folder or any below it, sorted by path.</summary>
    /// <exception cref="InputException">The folder does not exist.</exception>
    public IReadOnlyList<RunFolder> Runs()
    {
        if (!Directory.Exists(Root)) throw new InputException($"There is no folder {Root}: give the output folder of a run.");
        return [.. Find(Root).Select(folder => new RunFolder(folder))];
    }

    // Does not look inside a run, whose folders may be renamed at any moment.
    static IEnumerable<string> Find(string folder) => File.Exists(Path.Combine(folder, RunDescription.FileName))
        ? [folder]
        : Directory.EnumerateDirectories(folder).Where(f => Path.GetFileName(f) != SharedGeneration0.FolderName).Order(StringComparer.Ordinal).SelectMany(Find);

    /// <summary>All numbers of all finished generations of all runs in a folder: a store, a recipe, an arm or a single run.</summary>
    /// <exception cref="InputException">The folder does not exist, or a file in it cannot be read.</exception>
    public static IReadOnlyList<MetricRow> ReadMetrics(string folder) =>
        [.. new RunStore(folder).Runs().SelectMany(run => MetricsOf(run, run.Description!))];

    /// <summary>All numbers of all finished generations of one run.</summary>
    internal static IEnumerable<MetricRow> MetricsOf(RunFolder run, RunDescription description) =>
        from generation in Enumerable.Range(0, run.Completed)
        from metric in run.Metrics(generation)
        select new MetricRow(description.Recipe, description.Arm, description.Seed, generation, metric.Key, metric.Value);
}

/// <summary>One number of one generation.</summary>
/// <param name="Recipe">Name of the recipe.</param>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Generation">The generation: 0 is the fit to real data.</param>
/// <param name="Metric">Full name, for example <c>perplexity.mean</c>.</param>
/// <param name="Value">The number; may be NaN or infinite.</param>
public sealed record MetricRow(string Recipe, string Arm, long Seed, int Generation, string Metric, double Value);
