using CsCheck;
using ModelCollapse.Metrics;

namespace ModelCollapse.Tests.Metrics;

public class TextMetricsTests
{
    static readonly Gen<int[][]> Texts = Gen.Int[0, 9].Array[4, 20].Array[1, 12];

    [Fact]
    public void DistinctTwoOfAHandCountedSet() =>
        // a b a b | b c : bigrams ab ba ab bc -> 3 different of 4
        Assert.Equal(0.75, DistinctN.Of([[1, 2, 1, 2], [2, 3]], 2));

    [Fact]
    public void SeqRepFourOfALoopAndOfFreshText()
    {
        int[] loop = [1, 2, 1, 2, 1, 2, 1]; // 4 four-grams, 2 different
        Assert.Equal(0.5, SeqRepN.Of([loop], 4));
        Assert.Equal(0.25, SeqRepN.Of([loop, [1, 2, 3, 4, 5, 6]], 4));
    }

    [Fact]
    public void SharesOfNothingAreAnError()
    {
        Assert.Contains("2-grams", Assert.Throws<ArgumentException>(() => DistinctN.Of([[1]], 2)).Message);
        Assert.Contains("4-grams", Assert.Throws<ArgumentException>(() => SeqRepN.Of([], 4)).Message);
        Assert.Equal(0, new UnigramDistribution([]).Entropy);
    }

    [Fact]
    public void EntropyOfAUniformSetIsTheLogarithmOfItsTypes()
    {
        var distribution = new UnigramDistribution([Enumerable.Range(0, 50).ToArray(), Enumerable.Range(0, 50).ToArray()]);
        Assert.Equal((50, 100L), (distribution.Types, distribution.Tokens));
        Assert.Equal(Math.Log(50), distribution.Entropy, 12);
    }

    [Fact]
    public void OrderOfTextsChangesNothing() => Texts.Sample(texts =>
    {
        var reversed = texts.Reverse().ToArray();
        for (var n = 1; n <= 4; n++)
        {
            Assert.Equal(DistinctN.Of(texts, n), DistinctN.Of(reversed, n));
            Assert.Equal(SeqRepN.Of(texts, n), SeqRepN.Of(reversed, n), 12);
        }
        Assert.Equal(new UnigramDistribution(texts).Entropy, new UnigramDistribution(reversed).Entropy);
    });

    [Fact]
    public void DoublingASetHalvesDistinctNAndKeepsSeqRep() => Texts.Sample(texts =>
    {
        int[][] twice = [.. texts, .. texts];
        Assert.Equal(DistinctN.Of(texts, 3) / 2, DistinctN.Of(twice, 3), 12);
        Assert.Equal(SeqRepN.Of(texts, 3), SeqRepN.Of(twice, 3), 12);
        Assert.Equal(new UnigramDistribution(texts).Entropy, new UnigramDistribution(twice).Entropy, 12);
    });

    [Fact]
    public void HistogramCountsEverySequenceOnce() => Gen.Double[0, 16].Array[1, 200].Sample(logs =>
    {
        var histogram = PerplexityHistogram.Of([.. logs.Select(Math.Exp)]);
        Assert.Equal(logs.Length, histogram.Counts.Sum());
        Assert.Equal(histogram.Quantiles, histogram.Quantiles.Order());
    });

    [Fact]
    public void HistogramQuantilesInterpolate()
    {
        var histogram = PerplexityHistogram.Of([1, 2, 3, 4, 5]);
        Assert.Equal(3, histogram.Quantiles[4]);
        Assert.Equal(2, histogram.Quantiles[3]);
        Assert.Equal(1.4, histogram.Quantiles[2], 12);
    }

    [Fact]
    public void PerplexityBelowOneIsRefused() => Assert.Throws<ArgumentException>(() => PerplexityHistogram.Of([0.5]));

    /// <summary>Apostrophes belong to words, but are no letters: not even where a stop follows the contraction.</summary>
    [Theory]
    [InlineData("It isn't.", 6, new[] { "it", "isn't" })]
    [InlineData("(the cat's) 'end'", 10, new[] { "the", "cat's", "end" })]
    [InlineData("a 𝐛𝐜 d", 4, new[] { "a", "𝐛𝐜", "d" })]
    public void LettersAreWithoutApostrophes(string text, int letters, string[] words)
    {
        Assert.Equal(letters, TextCounts.Of(text).Letters);
        Assert.Equal(words, TextCounts.WordsOf(text));
    }
}
