namespace ModelCollapse.Results.Stages;

/// <summary>
/// What counts as an effect, fixed before any run is looked at: how large it must be at least, so that a stage is never a trifle that many seeds would
/// make significant, and how sure, so that it is never chance.
/// </summary>
public sealed record StageRules
{
    /// <summary>The least share of what the control still knows or says that must be lost. Range: above 0, below 1.</summary>
    public double Loss { get; init; } = 0.1;

    /// <summary>
    /// The least mean probability of correct answers above chance, in generation 0, of a tenth of the facts that can fade: what is not known cannot be
    /// forgotten. Range: above 0, below 1.
    /// </summary>
    public double Known { get; init; } = 0.05;

    /// <summary>The least rise of a share of sentences or statements, above the control and above people's text. Range: above 0, below 1.</summary>
    public double Rise { get; init; } = 0.05;

    /// <summary>What is left at most where nothing worth the name is left, as a share of what people's text of the same size has. Range: above 0, below 1.</summary>
    public double Remaining { get; init; } = 0.1;

    /// <summary>The least rise of test perplexity over the control's, as a share. Range: above 0.</summary>
    public double PerplexityRise { get; init; } = 0.05;

    /// <summary>Confidence of the one-sided interval over seeds. Range: above 0.5, below 1.</summary>
    public double Confidence { get; init; } = 0.95;
}
