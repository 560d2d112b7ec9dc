using ModelCollapse.Data;
using ModelCollapse.Metrics;

namespace ModelCollapse.Results.Claims;

/// <summary>The claims of the literature that this project knows: <c>data/claims.json</c>.</summary>
public sealed record ClaimFile
{
    /// <summary>Name of the file in the folder <c>data</c>.</summary>
    public const string FileName = "claims.json";

    /// <summary>When the rules were written, relative to the runs that they judge; may be empty.</summary>
    public string Note { get; init; } = "";

    /// <summary>The claims, in the order of the literature.</summary>
    public required IReadOnlyList<Claim> Claims { get; init; }

    /// <summary>The claims of this project.</summary>
    /// <exception cref="InputException">The file is not found or not valid.</exception>
    public static ClaimFile OfProject()
    {
        // The folder of recipes is beside it.
        var path = Path.GetFullPath(Path.Combine(ProjectData.Require("recipes"), "..", FileName));
        // They read metrics of the upper assembly too, which a program need not have: ClaimNumbers checks the names where runs are judged.
        return File.Exists(path) ? Read(File.ReadAllText(path), path, checkMetrics: false) : throw new InputException($"{path} is missing: restore it from git.");
    }

    /// <summary>Reads claims from JSON.</summary>
    /// <param name="json">The text.</param>
    /// <param name="document">What to call it in messages.</param>
    /// <exception cref="InputException">A field is unknown or missing, a number is out of range, a metric does not exist, or two claims have the same name.</exception>
    public static ClaimFile Parse(string json, string document = FileName) => Read(json, document, checkMetrics: true);

    static ClaimFile Read(string json, string document, bool checkMetrics)
    {
        var file = StrictJson.Read<ClaimFile>(StrictJson.Parse(json, document), document);
        if (file.Claims.GroupBy(c => c.Id).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new InputException($"{document} has two claims '{twice.Key}': rename one of them.");
        foreach (var claim in file.Claims) Check(claim, document, checkMetrics);
        return file;
    }

    static void Check(Claim claim, string document, bool checkMetrics)
    {
        if (claim.Tests.Count == 0) throw new InputException($"{document}: claim '{claim.Id}' has no test: give it one, of kind notTestable with the reason if no run decides it.");
        foreach (var test in claim.Tests)
        {
            if (test.Problem is { } problem) throw new InputException($"{document}: claim '{claim.Id}': {problem}.");
            if (!checkMetrics || test is not RunTest run) continue;
            string[] known = [.. MetricCatalog.All.Keys.Select(k => k.Metric).Distinct()];
            if (run.Metrics.Where(m => !known.Contains(m.Metric)).ToList() is [var unknown, ..])
                throw new InputException($"{document}: claim '{claim.Id}' reads '{unknown}', but no registered assembly has the metric '{unknown.Metric}': did you mean '{NearestName.Of(unknown.Metric, known)}'?");
        }
    }
}
