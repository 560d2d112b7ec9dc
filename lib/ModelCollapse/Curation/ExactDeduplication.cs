using ModelCollapse.Generations;
using ModelCollapse.Provenance;

namespace ModelCollapse.Curation;

/// <summary>Keeps the first of all blocks of equal tokens. Collapsed text repeats itself, so this alone shrinks a set that beams have written.</summary>
[Kind("exact-deduplication")]
public sealed record ExactDeduplication : ICurator<int[]>
{
    /// <inheritdoc/>
    public CurationPlace At { get; init; } = CurationPlace.Composed;

    /// <inheritdoc/>
    public string Name => "exact-deduplication";

    /// <inheritdoc/>
    public ValueTask<Curation<int[]>> CurateAsync(Dataset<int[]> set, CurationContext<int[]> context)
    {
        var curation = new Curation<int[]>();
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < set.Count; i++)
        {
            var text = string.Join(' ', set[i]);
            if (first.TryAdd(text, i)) curation.Keep(i);
            else curation.Drop(i, reason: $"repeats item {first[text]}");
        }

        return new(curation);
    }
}
