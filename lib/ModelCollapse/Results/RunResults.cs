using ModelCollapse.Metrics;
using ModelCollapse.Store;

namespace ModelCollapse.Results;

/// <summary>
/// Everything that finished runs have to show, without weights and token ids: numbers, what metrics wrote beside them, texts, cost, and what each run
/// was. Read from a run store, or from a small folder that <see cref="Write"/> made of one and that can be committed.
/// </summary>
public sealed record RunResults
{
    /// <summary>The file that lists the others with their hashes, and marks a folder of results.</summary>
    public const string ManifestFile = "manifest.json";

    // Texts are most of the bytes and few readers look at them.
    readonly Lazy<IReadOnlyList<TextRow>> texts = new([]);

    /// <summary>All numbers.</summary>
    public required IReadOnlyList<MetricRow> Metrics { get; init; }

    /// <summary>JSON files that metrics wrote beside their numbers; by type with <c>results.Artifacts&lt;T&gt;(file)</c>.</summary>
    public IReadOnlyList<ArtifactRow> Artifacts { get; init; } = [];

    /// <summary>What each phase of each generation cost.</summary>
    public IReadOnlyList<CostRow> Costs { get; init; } = [];

    /// <summary>What each generation wrote and was trained on, where that is text. Read when first asked for.</summary>
    public IReadOnlyList<TextRow> Texts
    {
        get => texts.Value;
        init => texts = new(value);
    }

    /// <summary>What each run was: settings, factors, meaning of its numbers, hashes of inputs, machine.</summary>
    public IReadOnlyList<RunDescription> Runs { get; init; } = [];

    /// <summary>As <see cref="Texts"/>, for those who read them later.</summary>
    internal Func<IReadOnlyList<TextRow>> ReadTexts
    {
        init => texts = new(value);
    }

    /// <summary>Names of the recipes, in the order of the numbers.</summary>
    public IReadOnlyList<string> Recipes =>
        [.. Metrics.Select(m => m.Recipe).Concat(Artifacts.Select(a => a.Recipe)).Concat(Costs.Select(c => c.Recipe)).Concat(Runs.Select(r => r.Recipe)).Distinct()];

    /// <summary>Reads a folder: a run store, a recipe, an arm or a single run in one, or results that <see cref="Write"/> made.</summary>
    /// <exception cref="InputException">The folder does not exist, or a file in it is damaged.</exception>
    public static RunResults Read(string folder) => File.Exists(Path.Combine(folder, ManifestFile)) ? ResultsFolder.Read(folder) : StoredResults.Read(folder);

    /// <summary>Writes the results into a folder, with a manifest; files of the same names are replaced. Equal results give equal bytes.</summary>
    /// <param name="folder">The folder; created where missing. Everything else in it (figures) is listed in the manifest too.</param>
    public void Write(string folder) => ResultsFolder.Write(this, folder);

    /// <summary>Several results as one.</summary>
    /// <param name="all">The results, each run in one of them only.</param>
    /// <exception cref="InputException">Two of them hold the same run.</exception>
    public static RunResults Together(IReadOnlyList<RunResults> all)
    {
        if (all.SelectMany(r => r.Runs).GroupBy(r => (r.Recipe, r.Arm, r.Seed)).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new InputException($"Two of the folders hold {twice.Key.Recipe}, arm {twice.Key.Arm}, seed {twice.Key.Seed}: give only one of them, and compare with the other by --reference.");
        return new()
        {
            Metrics = [.. all.SelectMany(r => r.Metrics)],
            Artifacts = [.. all.SelectMany(r => r.Artifacts)],
            Costs = [.. all.SelectMany(r => r.Costs)],
            ReadTexts = () => [.. all.SelectMany(r => r.Texts)],
            Runs = [.. all.SelectMany(r => r.Runs)],
        };
    }

    /// <summary>What belongs to one recipe.</summary>
    /// <param name="recipe">Name of the recipe.</param>
    public RunResults OfRecipe(string recipe) => this with
    {
        Metrics = [.. Metrics.Where(m => m.Recipe == recipe)],
        Artifacts = [.. Artifacts.Where(a => a.Recipe == recipe)],
        Costs = [.. Costs.Where(c => c.Recipe == recipe)],
        ReadTexts = () => [.. Texts.Where(t => t.Recipe == recipe)],
        Runs = [.. Runs.Where(r => r.Recipe == recipe)],
    };

    /// <summary>
    /// The same with its arms in the order in which their first runs began, which is that of the recipe; folders are read in the order of names. Arms
    /// without a description come last.
    /// </summary>
    public RunResults ByStart()
    {
        var starts = Runs.GroupBy(r => (r.Recipe, r.Arm)).ToDictionary(g => g.Key, g => g.Min(r => r.Started));
        return this with
        {
            Metrics = Sorted(Metrics),
            Artifacts = Sorted(Artifacts),
            Costs = Sorted(Costs),
            ReadTexts = () => Sorted(Texts),
            Runs = [.. Runs.OrderBy(r => Start(r.Recipe, r.Arm))],
        };

        DateTime Start(string recipe, string arm) => starts.GetValueOrDefault((recipe, arm), DateTime.MaxValue);

        IReadOnlyList<TRow> Sorted<TRow>(IReadOnlyList<TRow> rows) where TRow : IRunRow => [.. rows.OrderBy(r => Start(r.Recipe, r.Arm))];
    }

    /// <summary>The arms of a recipe in the order in which their first runs began; then those that only have numbers.</summary>
    /// <param name="recipe">Name of the recipe.</param>
    public IReadOnlyList<ArmInfo> Arms(string recipe)
    {
        ArmInfo[] described = [.. Runs.Where(r => r.Recipe == recipe).GroupBy(r => r.Arm).OrderBy(arm => arm.Min(r => r.Started)).Select(arm => ArmInfo.Of(arm.First()))];
        HashSet<string> known = [.. described.Select(a => a.Name)];
        var others = Metrics.Where(m => m.Recipe == recipe).Select(m => m.Arm).Concat(Artifacts.Where(a => a.Recipe == recipe).Select(a => a.Arm)).Distinct();
        return [.. described, .. others.Where(arm => !known.Contains(arm)).Select(ArmInfo.Unknown)];
    }

    /// <summary>What a number means; null where neither a run nor a known metric says so.</summary>
    /// <param name="metric">The number; its deciles and parts share the description.</param>
    public MetricNumber? Describe(MetricKey metric)
    {
        var told = Runs.Select(r => r.Numbers.GetValueOrDefault(metric.Metric)).OfType<IReadOnlyList<MetricNumber>>();
        return told.SelectMany(numbers => numbers).FirstOrDefault(n => n.Name == metric.Number.Name) ?? MetricCatalog.Find(metric);
    }
}
