using System.IO.Enumeration;
using System.Text.Json.Nodes;
using ModelCollapse.Kernel.Wire;

namespace ModelCollapse.Kernel;

/// <summary>The cells of this session, as front ends ask for them with the arrow keys.</summary>
sealed class History
{
    readonly List<(int Number, string Code)> cells = [];

    public void Add(int number, string code) => cells.Add((number, code));

    public JsonObject Answer(Message request)
    {
        IEnumerable<(int Number, string Code)> chosen = request.Text("hist_access_type") switch
        {
            // Session 0 is the current one; earlier ones are not kept.
            "range" => request.Number("session", 0) == 0
                ? cells.Where(c => c.Number >= request.Number("start", 0) && c.Number < request.Number("stop", int.MaxValue)) : [],
            "search" => Search(request),
            _ => cells.TakeLast(request.Number("n", int.MaxValue)),
        };
        var output = request.Flag("output", false);
        return new()
        {
            ["status"] = "ok",
            ["history"] = new JsonArray([.. chosen.Select(c => (JsonNode)new JsonArray(0, c.Number, output ? new JsonArray(c.Code, null) : c.Code))]),
        };
    }

    IEnumerable<(int, string)> Search(Message request)
    {
        var found = cells.Where(c => FileSystemName.MatchesSimpleExpression(request.Text("pattern"), c.Code, ignoreCase: false));
        if (request.Flag("unique", false)) found = found.Reverse().DistinctBy(c => c.Code).Reverse();
        return found.TakeLast(request.Number("n", int.MaxValue));
    }
}
