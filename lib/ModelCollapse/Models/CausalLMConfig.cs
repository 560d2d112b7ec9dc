namespace ModelCollapse.Models;

/// <summary>What every causal language model has in common, whatever its architecture.</summary>
public abstract record CausalLMConfig
{
    /// <summary>Number of token ids.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int Width { get; init; }

    /// <summary>Number of decoder layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Number of query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Number of key and value heads; fewer than <see cref="Heads"/> in grouped-query attention.</summary>
    public abstract int KeyValueHeads { get; }

    /// <summary>Width of one head.</summary>
    public abstract int HeadDim { get; }

    /// <summary>Width of the MLP's inner layer.</summary>
    public required int FeedForward { get; init; }

    /// <summary>Longest sequence, in tokens.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>Whether the head is the embedding matrix.</summary>
    public required bool TiedHead { get; init; }

    /// <summary>Width of the head's input.</summary>
    public abstract int HeadWidth { get; }

    /// <summary>Id that starts a text, or null.</summary>
    public int? BosId { get; init; }

    /// <summary>Ids that end a text.</summary>
    public IReadOnlyList<int> EosIds { get; init; } = [];

    /// <summary>Id of padding, or null.</summary>
    public int? PadId { get; init; }
}
