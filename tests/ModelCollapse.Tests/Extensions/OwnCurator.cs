using ModelCollapse.Generations;
using ModelCollapse.Provenance;

namespace ModelCollapse.Tests.Extensions;

/// <summary>A curator from another assembly than the library: one file.</summary>
[Kind("own-curator")]
public sealed record OwnCurator(double Most) : ICurator<int[]>
{
    public CurationPlace At { get; init; } = CurationPlace.Composed;

    public string Name => "own-curator";

    public ValueTask<Curation<int[]>> CurateAsync(Dataset<int[]> set, CurationContext<int[]> context)
    {
        var curation = new Curation<int[]>();
        for (var i = 0; i < set.Count; i++)
        {
            var repeated = 1 - set[i].Distinct().Count() / (double)set[i].Length;
            if (repeated <= Most) curation.Keep(i, repeated);
            else curation.Drop(i, repeated, "repeats itself");
        }

        return new(curation);
    }
}
