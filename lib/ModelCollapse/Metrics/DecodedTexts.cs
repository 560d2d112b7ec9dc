using ModelCollapse.Provenance;
using ModelCollapse.Text;

namespace ModelCollapse.Metrics;

/// <summary>Texts and how varied and how probable they are.</summary>
/// <param name="Decoding">How they were written: <c>beam(5)</c>, <c>human</c>.</param>
/// <param name="Texts">Token ids of each text.</param>
/// <param name="MedianPerplexity">Median perplexity of a text under the model, without its prompt.</param>
/// <param name="Distinct2">Different 2-grams over all 2-grams of the set.</param>
/// <param name="SeqRep4">Share of 4-grams that a text repeats, mean over texts.</param>
/// <param name="Types">Different tokens in the set.</param>
/// <param name="Entropy">Entropy of single tokens in nats.</param>
public sealed record DecodedTexts(string Decoding, IReadOnlyList<int[]> Texts, double MedianPerplexity, double Distinct2, double SeqRep4, int Types, double Entropy)
{
    /// <summary>Measures texts, those of people for example.</summary>
    /// <param name="decoding">What to call them.</param>
    /// <param name="texts">Token ids of each text, at least two each.</param>
    /// <param name="model">Scores them.</param>
    public static DecodedTexts Of(string decoding, IReadOnlyList<int[]> texts, ITextModel model)
    {
        var unigrams = new UnigramDistribution(texts);
        return new(decoding, texts, PerplexityHistogram.Of([.. Evaluation.Of(model, texts).Perplexities]).Median,
            DistinctN.Of(texts, 2), SeqRepN.Of(texts, 4), unigrams.Types, unigrams.Entropy);
    }
}
