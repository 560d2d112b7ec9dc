namespace ModelCollapse.Data;

/// <summary>A share of a split of the corpus, in whole articles or files.</summary>
public sealed record SplitRange
{
    /// <summary>The split: <c>train</c>, <c>valid</c> or <c>test</c>; null for a folder, which has none.</summary>
    public string? Split { get; init; }

    /// <summary>Where the share begins. Range: 0 ≤ from &lt; to.</summary>
    public double From { get; init; }

    /// <summary>Where the share ends. Range: from &lt; to ≤ 1.</summary>
    public double To { get; init; } = 1;
}
