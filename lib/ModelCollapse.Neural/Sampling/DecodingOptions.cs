using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using ModelCollapse.Models;
using ModelCollapse.Provenance;

namespace ModelCollapse.Sampling;

/// <summary>How text is continued; in a recipe <c>sampling.decoding</c>. Names and meaning are those of Hugging Face's <c>GenerationConfig</c>.</summary>
public sealed record DecodingOptions
{
    /// <summary>Beams; 1 for greedy search or sampling; five-way beam search in Shumailov et al. 2024. Range: at least 1.</summary>
    [Range(1, int.MaxValue)]
    public int Beams { get; init; } = 1;

    /// <summary>Draws the next token at random instead of taking the best; for one beam.</summary>
    public bool Sample { get; init; }

    /// <summary>Divides the logits when sampling. Range: above 0.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double Temperature { get; init; } = 1;

    /// <summary>Keeps the k best tokens when sampling; null for all. Range: at least 1.</summary>
    [Range(1, int.MaxValue)]
    public int? TopK { get; init; }

    /// <summary>Keeps the smallest set of best tokens with this probability when sampling; null or 1 for all. Range: above 0, at most 1.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double? TopP { get; init; }

    /// <summary>Keeps tokens with at least this share of the best one's probability when sampling; null for all. Range: 0 to 1.</summary>
    [Range(0.0, 1.0)]
    public double? MinP { get; init; }

    /// <summary>Keeps the tokens nearest to the expected surprise, with this probability, when sampling; null for all. Range: above 0, below 1.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double? TypicalP { get; init; }

    /// <summary>Penalty of ids already in prompt or continuation; 1 for none. Range: above 0.</summary>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Length of n-grams that may not occur twice; null for no such rule. Range: at least 1.</summary>
    [Range(1, int.MaxValue)]
    public int? NoRepeatNGram { get; init; }

    /// <summary>Ids that are never written.</summary>
    public IReadOnlyList<int> SuppressTokens { get; init; } = [];

    /// <summary>Further rules that change the scores of the next token, in this order, after those above.</summary>
    public IReadOnlyList<ScoreProcessor> Rules { get; init; } = [];

    /// <summary>Most tokens to write. Range: at least 1.</summary>
    [Range(1, int.MaxValue)]
    public int MaxNewTokens { get; init; } = 64;

    /// <summary>An id that ends the text is not written before this many tokens. Range: 0 to <see cref="MaxNewTokens"/>.</summary>
    [Range(0, int.MaxValue)]
    public int MinNewTokens { get; init; }

    /// <summary>Exponent of the length that divides the score of a finished beam.</summary>
    public double LengthPenalty { get; init; } = 1;

    /// <summary>When beam search stops.</summary>
    public EarlyStopping EarlyStopping { get; init; } = EarlyStopping.False;

    /// <summary>Sequences returned per prompt. Range: 1 to <see cref="Beams"/>.</summary>
    [JsonIgnore]
    public int ReturnedSequences { get; init; } = 1;

    /// <summary>Ids that end a text; empty for none.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> EosIds { get; init; } = [];

    /// <summary>Id that fills up shorter prompts at the left; null for 0.</summary>
    [JsonIgnore]
    public int? PadId { get; init; }

    /// <summary>The strategy in short, as provenance records it: <c>greedy</c>, <c>beam(5)</c>, <c>nucleus(0.95)</c>, <c>temperature(1)</c>.</summary>
    [JsonIgnore]
    public Decoding Decoding
    {
        get
        {
            List<DecodingStep> steps = [.. Strategy()];
            if (RepetitionPenalty != 1) steps.Add(new("repetition-penalty", RepetitionPenalty));
            if (NoRepeatNGram is { } n) steps.Add(new($"no-repeat-{n}-gram"));
            if (LengthPenalty != 1 && Beams > 1) steps.Add(new("length-penalty", LengthPenalty));
            steps.AddRange(Rules.Select(r => new DecodingStep(r.ToString())));
            return new(steps);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Decoding.ToString();

    IEnumerable<DecodingStep> Strategy()
    {
        if (Beams > 1) return [new("beam", Beams)];
        if (!Sample) return [new("greedy")];
        List<DecodingStep> filters = [];
        if (TopK is { } k) filters.Add(new("top-k", k));
        if (TopP is { } p and < 1) filters.Add(new("nucleus", p));
        if (MinP is { } m) filters.Add(new("min-p", m));
        if (TypicalP is { } t) filters.Add(new("typical", t));
        if (filters.Count == 0 || Temperature != 1) filters.Insert(0, new("temperature", Temperature));
        return filters;
    }

    /// <summary>These options with what a model adds: the ids that end and fill up a text, and those that are never written.</summary>
    /// <param name="config">Gives the ids that end a text and the number of ids.</param>
    /// <param name="tokens">Ids that have a text: those above, which some models have for the sake of a round number, are never written.</param>
    /// <exception cref="InputException">A token to suppress is no id of the model.</exception>
    public DecodingOptions For(CausalLMConfig config, int tokens) => this with
    {
        SuppressTokens = [.. SuppressTokens.Select(id => Known(id, config)), .. Enumerable.Range(tokens, config.VocabularySize - tokens)],
        EosIds = config.EosIds,
        PadId = config.PadId,
    };

    static int Known(int id, CausalLMConfig config) => id >= 0 && id < config.VocabularySize ? id
        : throw new InputException($"'sampling.decoding.suppressTokens' names the id {id}, but the model has ids 0 to {config.VocabularySize - 1}.");

    /// <summary>Refuses settings that make no sense or that this strategy would not consume.</summary>
    /// <exception cref="InputException">One does.</exception>
    /// <param name="what">What to call them in messages.</param>
    internal void Check(string what = "The decoding settings")
    {
        Require(Beams >= 1, "beams must be at least 1");
        Require(!Sample || Beams == 1, "sampling and several beams exclude each other");
        Require(Temperature > 0, "the temperature must be above 0: for 0 take greedy search");
        Require(TopK is null or >= 1, "top-k must be at least 1");
        Require(TopP is null or (> 0 and <= 1), "top-p must lie above 0 and not above 1");
        Require(MinP is null or (>= 0 and <= 1), "min-p must lie between 0 and 1");
        Require(TypicalP is null or (> 0 and < 1), "typical-p must lie between 0 and 1");
        Require(Sample || Temperature == 1 && TopK is null && TopP is null && MinP is null && TypicalP is null, "temperature, top-k, top-p, min-p and typical-p need sampling");
        Require(RepetitionPenalty > 0, "the repetition penalty must be above 0");
        Require(NoRepeatNGram is null or >= 1, "the n-gram that may not repeat must have at least 1 token");
        Require(MaxNewTokens >= 1 && MinNewTokens >= 0 && MinNewTokens <= MaxNewTokens, "the numbers of new tokens must satisfy 0 ≤ min ≤ max and 1 ≤ max");
        Require(ReturnedSequences >= 1 && ReturnedSequences <= Beams, "the number of returned sequences must lie between 1 and the number of beams");
        Require(Beams > 1 || LengthPenalty == 1 && EarlyStopping == EarlyStopping.False, "length penalty and early stopping need several beams");

        void Require(bool condition, string problem)
        {
            if (!condition) throw new InputException($"{what} cannot be used: {problem}.");
        }
    }
}

/// <summary>When beam search is done with a prompt.</summary>
public enum EarlyStopping
{
    /// <summary>When no running beam can beat the worst finished one at its present length.</summary>
    [JsonStringEnumMemberName("false")] False,

    /// <summary>As soon as as many sequences are finished as there are beams.</summary>
    [JsonStringEnumMemberName("true")] True,

    /// <summary>When no running beam could beat the worst finished one at any length.</summary>
    [JsonStringEnumMemberName("never")] Never,
}
