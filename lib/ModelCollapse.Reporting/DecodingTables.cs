using ModelCollapse.Metrics;

namespace ModelCollapse.Reporting;

/// <summary>Ways of decoding side by side.</summary>
public static class DecodingTables
{
    /// <summary>One row for each way of decoding, one column for each number.</summary>
    public static Table Table(IReadOnlyList<DecodedTexts> texts) => new($"{texts[^1].Texts.Count} texts of {texts[^1].Texts.Max(t => t.Length)} tokens each",
        ["decoding", "median perplexity", "distinct-2", "seq-rep-4", "types", "entropy"],
        [
            .. texts.Select(t => (string[])
            [
                t.Decoding, IntervalText.Number(t.MedianPerplexity, "F1"), IntervalText.Number(t.Distinct2, "F3"), IntervalText.Number(t.SeqRep4, "F3"),
                IntervalText.Number(t.Types, "F0"), IntervalText.Number(t.Entropy, "F2"),
            ]),
        ]);

    /// <summary>How much texts repeat themselves against how surprised the model is by them, a point for each way of decoding.</summary>
    public static Figure Map(IReadOnlyList<DecodedTexts> texts)
    {
        var colors = ArmColors.Of(texts.Select(t => t.Decoding));
        return new("decoding", "Where decoding leads: into loops (left, up) or into word salad (right, down)",
            [new("", new("median perplexity under the model itself", Logarithmic: true), new("seq-rep-4 (share)"),
                [.. texts.Select(t => new PointSeries(t.Decoding, colors[t.Decoding], [new(t.MedianPerplexity, t.SeqRep4)]))])]);
    }
}
