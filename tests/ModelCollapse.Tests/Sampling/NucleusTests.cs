using ModelCollapse.Sampling;

namespace ModelCollapse.Tests.Sampling;

/// <summary>What nucleus sampling keeps where rounding hides the tail of a distribution.</summary>
public class NucleusTests
{
    /// <summary>Beside the first, the others have probabilities of 0.05, 4e-18 and 3e-44: the last two do not change a sum near 1.</summary>
    static readonly float[] Logits = [0, -3, -40, -100];

    [Fact]
    public void Exactly_one_keeps_every_token_and_every_score() => Assert.Equal(Logits, Kept(new() { Sample = true, TopP = 1 }));

    [Fact]
    public void Exactly_one_is_no_filter() => Assert.Empty(ScoreProcessor.For(new() { Sample = true, TopP = 1 }));

    [Fact]
    public void Less_than_one_drops_what_lies_beyond()
    {
        Assert.Equal([0, -3, float.NegativeInfinity, float.NegativeInfinity], Kept(new() { Sample = true, TopP = 0.99 }));
        Assert.Equal([0, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity], Kept(new() { Sample = true, TopP = 0.9 }));
    }

    static float[] Kept(DecodingOptions options)
    {
        float[] scores = [.. Logits];
        foreach (var processor in ScoreProcessor.For(options)) processor.Apply(scores, new([0], 0, 1));
        return scores;
    }
}
