using System.Text.Json;
using System.Text.Json.Nodes;
using ModelCollapse.Store;

namespace ModelCollapse.Results;

/// <summary>Reads the results of runs from where they were run.</summary>
static class StoredResults
{
    /// <summary>Folder of a generation with what metrics wrote.</summary>
    const string ArtifactFolder = "artifacts";

    /// <exception cref="InputException">The folder does not exist, or a file in it is damaged.</exception>
    public static RunResults Read(string folder)
    {
        (RunFolder Folder, RunDescription Description)[] runs = [.. new RunStore(folder).Runs().Select(run => (run, run.Description!))];
        var generations = (
            from run in runs
            from t in Enumerable.Range(0, run.Folder.Completed)
            select (run.Folder, run.Description, Number: t)).ToArray();
        return new()
        {
            Metrics = [.. runs.SelectMany(run => MetricRow.Of(run.Folder, run.Description))],
            Artifacts = [.. generations.SelectMany(g => ArtifactsOf(g.Folder, g.Description, g.Number))],
            Costs = [.. generations.SelectMany(g => CostsOf(g.Folder, g.Description, g.Number))],
            ReadTexts = () => [.. generations.SelectMany(g => TextRow.Of(g.Folder, g.Description, g.Number))],
            Runs = [.. runs.Select(run => run.Description)],
        };
    }

    static IEnumerable<ArtifactRow> ArtifactsOf(RunFolder run, RunDescription description, int generation)
    {
        var folder = Path.Combine(run.GenerationPath(generation), ArtifactFolder);
        if (!Directory.Exists(folder)) return [];
        return Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(file =>
            new ArtifactRow(description.Recipe, description.Arm, description.Seed, generation, Path.GetFileName(file), ResultsFolder.Json<JsonElement>(file)));
    }

    static IEnumerable<CostRow> CostsOf(RunFolder run, RunDescription description, int generation)
    {
        var file = Path.Combine(run.GenerationPath(generation), AtomicFolder.CostFile);
        return File.Exists(file) ? CostRow.Of(description.Recipe, description.Arm, description.Seed, generation, ResultsFolder.Json<JsonObject>(file)) : [];
    }
}
