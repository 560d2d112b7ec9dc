using System.ComponentModel.DataAnnotations;
using System.Globalization;
using ModelCollapse.Generations;
using ModelCollapse.Provenance;

namespace ModelCollapse.Curation;

/// <summary>Keeps a random part: the control of every selection, which keeps as many for a reason.</summary>
/// <typeparam name="TSample">One sample.</typeparam>
[Kind("random-selection")]
public sealed record RandomSelection<TSample> : ICurator<TSample>
{
    /// <summary>Share of the items that stay, rounded to the nearest; null for as many as the next step wants. Range: 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double? Share { get; init; }

    /// <inheritdoc/>
    public CurationPlace At { get; init; } = CurationPlace.Composed;

    /// <inheritdoc/>
    public string Name => "random-selection";

    /// <inheritdoc/>
    public void Check(LoopSetting setting)
    {
        var size = At switch
        {
            CurationPlace.Real => setting.Originals,
            CurationPlace.Synthetic => setting.PerGeneration,
            _ => setting.Rehearsal.Count,
        };
        if (Share is { } share && size > 0 && Rounded(share, size) == 0)
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"The curator '{Name}' would leave nothing of {size} samples with a share of {share}: choose a larger one."));
    }

    /// <inheritdoc/>
    public ValueTask<Curation<TSample>> CurateAsync(Dataset<TSample> set, CurationContext<TSample> context)
    {
        var count = Share is { } share ? Rounded(share, set.Count) : Math.Min(context.Wanted, set.Count);
        var order = Enumerable.Range(0, set.Count).ToArray();
        Seeds.NewRandom(context.SeedFor("selection")).Shuffle(order);
        return new(Curation<TSample>.Keeping(order[..count].Order()));
    }

    static int Rounded(double share, int count) => (int)Math.Round(share * count, MidpointRounding.AwayFromZero);
}
