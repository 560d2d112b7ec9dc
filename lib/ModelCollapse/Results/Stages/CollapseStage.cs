namespace ModelCollapse.Results.Stages;

/// <summary>How far a generation has collapsed; <see cref="CollapseStages"/> defines each stage. Each is worse than the one before, but they may come in any order.</summary>
public enum CollapseStage
{
    /// <summary>Nothing that real data in the place of synthetic would not show.</summary>
    None,

    /// <summary>Rare facts fade while the frequent ones hold.</summary>
    Early,

    /// <summary>Sentences break or become uninformative, and fewer different facts are stated.</summary>
    Late,

    /// <summary>Hardly any facts are left, and the text hardly varies any more.</summary>
    Total,
}
