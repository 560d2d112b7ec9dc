using ModelCollapse.Provenance;
using ModelCollapse.Store;

namespace ModelCollapse.Generations;

/// <summary>The curators of one generation, one after the other: hides what they may not see, applies what they decide, scores and records it.</summary>
sealed class CurationLine<TSample>
{
    readonly RecursiveExperiment<TSample> experiment;
    readonly string folder;
    readonly List<CurationRow> rows = [];
    readonly HashSet<CurationPlace> touched = [];
    readonly IReadOnlyList<(ICurator<TSample> Curator, string Name)> curators;

    /// <summary>Makes a line.</summary>
    /// <param name="experiment">Whose curators.</param>
    /// <param name="folder">The generation's folder that is not finished yet.</param>
    public CurationLine(RecursiveExperiment<TSample> experiment, string folder)
    {
        (this.experiment, this.folder) = (experiment, folder);
        curators = NamesOf(experiment.Curators);
    }

    /// <summary>What the curators did, in numbers: what each kept and dropped by true origin, precision and recall.</summary>
    public SortedDictionary<MetricKey, double> Scores { get; } = [];

    /// <summary>Whether a curator has acted on a place.</summary>
    public bool Touched(CurationPlace place) => touched.Contains(place);

    /// <summary>The curators with a name each that no other has.</summary>
    public static IReadOnlyList<(ICurator<TSample> Curator, string Name)> NamesOf(IReadOnlyList<ICurator<TSample>> curators) =>
        [.. curators.Select((c, i) => (c, curators.Take(i).Count(o => o.Name == c.Name) is > 0 and var before ? $"{c.Name}-{before + 1}" : c.Name))];

    /// <summary>Applies the curators of a place.</summary>
    /// <param name="place">Where.</param>
    /// <param name="set">The set with its true origins.</param>
    /// <param name="wanted">Samples that should be left.</param>
    /// <param name="contexts">Makes the context of a curator.</param>
    /// <param name="cost">Counts their work.</param>
    public async Task<Dataset<TSample>> ApplyAsync(
        CurationPlace place, Dataset<TSample> set, int wanted, Func<ICurator<TSample>, string, int, CostClock, CurationContext<TSample>> contexts, CostClock cost)
    {
        foreach (var (curator, name) in curators.Where(c => c.Curator.At == place))
        {
            Directory.CreateDirectory(folder);
            var context = contexts(curator, name, wanted, cost);
            var curation = await cost.TimeAsync($"curate {name}", async () => await curator.CurateAsync(Seen(set, curator.Sees), WithMarks(context, set, curator.Sees)));
            CurationScore.Add(Scores, name, set.Origins, curation.Decisions);
            Record(name, place, set, curation);
            set = curation.ApplyTo(set, name);
            touched.Add(place);
        }

        return set;
    }

    /// <summary>Writes every decision as Parquet; nothing where there is no curator.</summary>
    public void WriteDecisions(string path)
    {
        if (touched.Count > 0) CurationRow.Write(rows, path);
    }

    static Dataset<TSample> Seen(Dataset<TSample> set, Sight sight) => sight == Sight.Origins ? set : set.WithOriginsHidden();

    static CurationContext<TSample> WithMarks(CurationContext<TSample> context, Dataset<TSample> set, Sight sight)
    {
        if (sight == Sight.Marks) context.MarkKeys = [.. set.Origins.Select(o => o.Mark).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        return context;
    }

    void Record(string name, CurationPlace place, Dataset<TSample> set, Curation<TSample> curation)
    {
        var named = curation.Decisions.Select(d => d.Kind == DecisionKind.Planted ? -1 : d.Index).ToHashSet();
        var all = curation.Decisions.Concat(Enumerable.Range(0, set.Count).Where(i => !named.Contains(i)).Select(i => new Decision<TSample>(DecisionKind.Dropped, i, null, "")));
        foreach (var decision in all)
        {
            var origin = decision.Index < 0 ? null : set.Origins[decision.Index];
            rows.Add(new()
            {
                Curator = name,
                At = place.ToString().ToLowerInvariant(),
                Index = decision.Index,
                Decision = decision.Kind.ToString().ToLowerInvariant(),
                Score = decision.Score,
                Reason = decision.Reason,
                Origin = origin?.GetType().Name ?? "",
                Text = decision.Index < 0 || experiment.Store is null ? "" : experiment.Codec.TextOf(set[decision.Index]),
                After = decision.Sample is { } sample && experiment.Store is not null ? experiment.Codec.TextOf(sample) : "",
            });
        }
    }
}
