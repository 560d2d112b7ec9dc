using CsCheck;
using ModelCollapse.Metrics;

namespace ModelCollapse.Tests.Metrics;

public class TextMetricsTests
{
    static readonly Gen<int[][]> Texts = Gen.Int[0, 9].Array[4, 20].Array[1, 12];

    [Fact]
    public void Distinct_two_of_a_hand_counted_set() =>
        // a b a b | b c : bigrams ab ba ab bc -> 3 different of 4
        Assert.Equal(0.75, DistinctN.Of([[1, 2, 1, 2], [2, 3]], 2));

    [Fact]
    public void Seq_rep_four_of_a_loop_and_of_fresh_text()
    {
        int[] loop = [1, 2, 1, 2, 1, 2, 1]; // 4 four-grams, 2 different
        Assert.Equal(0.5, SeqRepN.Of([loop], 4));
        Assert.Equal(0.25, SeqRepN.Of([loop, [1, 2, 3, 4, 5, 6]], 4));
    }

    [Fact]
    public void Shares_of_nothing_are_an_error()
    {
        Assert.Contains("2-grams", Assert.Throws<ArgumentException>(() => DistinctN.Of([[1]], 2)).Message);
        Assert.Contains("4-grams", Assert.Throws<ArgumentException>(() => SeqRepN.Of([], 4)).Message);
        Assert.Equal(0, new UnigramDistribution([]).Entropy);
    }

    [Fact]
    public void Entropy_of_a_uniform_set_is_the_logarithm_of_its_types()
    {
        var distribution = new UnigramDistribution([Enumerable.Range(0, 50).ToArray(), Enumerable.Range(0, 50).ToArray()]);
        Assert.Equal((50, 100L), (distribution.Types, distribution.Tokens));
        Assert.Equal(Math.Log(50), distribution.Entropy, 12);
    }

    [Fact]
    public void Order_of_texts_changes_nothing() => Texts.Sample(texts =>
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
    public void Doubling_a_set_halves_distinct_n_and_keeps_seq_rep() => Texts.Sample(texts =>
    {
        int[][] twice = [.. texts, .. texts];
        Assert.Equal(DistinctN.Of(texts, 3) / 2, DistinctN.Of(twice, 3), 12);
        Assert.Equal(SeqRepN.Of(texts, 3), SeqRepN.Of(twice, 3), 12);
        Assert.Equal(new UnigramDistribution(texts).Entropy, new UnigramDistribution(twice).Entropy, 12);
    });

    [Fact]
    public void Histogram_counts_every_sequence_once() => Gen.Double[0, 16].Array[1, 200].Sample(logs =>
    {
        var histogram = PerplexityHistogram.Of([.. logs.Select(Math.Exp)]);
        Assert.Equal(logs.Length, histogram.Counts.Sum());
        Assert.Equal(histogram.Quantiles, histogram.Quantiles.Order());
    });

    [Fact]
    public void Histogram_quantiles_interpolate()
    {
        var histogram = PerplexityHistogram.Of([1, 2, 3, 4, 5]);
        Assert.Equal(3, histogram.Quantiles[4]);
        Assert.Equal(2, histogram.Quantiles[3]);
        Assert.Equal(1.4, histogram.Quantiles[2], 12);
    }

    [Fact]
    public void Perplexity_below_one_is_refused() => Assert.Throws<ArgumentException>(() => PerplexityHistogram.Of([0.5]));

    /// <summary>Apostrophes belong to words, but are no letters: not even where a stop follows the contraction.</summary>
    [Theory]
    [InlineData("It isn't.", 6, new[] { "it", "isn't" })]
    [InlineData("(the cat's) 'end'", 10, new[] { "the", "cat's", "end" })]
    [InlineData("a 𝐛𝐜 d", 4, new[] { "a", "𝐛𝐜", "d" })]
    public void Letters_are_without_apostrophes(string text, int letters, string[] words)
    {
        Assert.Equal(letters, TextCounts.Of(text).Letters);
        Assert.Equal(words, TextCounts.WordsOf(text));
    }
}
