using ModelCollapse.Data;
using ModelCollapse.Data.Almanac;
using ModelCollapse.Metrics;

namespace ModelCollapse.Tests.Metrics;

/// <summary>The Almanac's text beside WikiText-2's, both measured on equal numbers of words.</summary>
public class CorpusStatisticsTests(ITestOutputHelper output)
{
    [Fact]
    public void A_small_text_is_counted_by_hand()
    {
        var statistics = CorpusStatistics.Of([" = A = \n \n b c . b ! \n", " b c d . \n"], 12);
        Assert.Equal((12, 3.0, 1.0, 6.0, 7), (statistics.Words, statistics.SentenceLength, statistics.SentenceDeviation, statistics.ArticleLength, statistics.Vocabulary));
        Assert.Equal(7 / 12.0, statistics.TypeTokenRatio, 1e-15);
        // b 3; =, c and . 2; A, !, d 1.
        Assert.Equal(-(0.25 * Math.Log(0.25) + 3 / 6.0 * Math.Log(1 / 6.0) + 3 / 12.0 * Math.Log(1 / 12.0)), statistics.Entropy, 1e-12);
        Assert.Throws<InputException>(() => CorpusStatistics.Of(["a b"], 3));
    }

    /// <summary>
    /// Over 2,000 words everything but the length of an article lies in the range of WikiText-2's articles of that size and more. Not so in much text, by design:
    /// a closed vocabulary that a small model can learn has less entropy and a steeper slope.
    /// </summary>
    [Fact, Trait("kind", "data")]
    public void The_text_is_like_real_text_in_sentences_frequencies_and_entropy()
    {
        const int Words = 2000, Samples = 40;
        WikiText2 wikiText = new(TestData.Path("wikitext-2"), WikiTextVersion.Raw);
        CorpusStatistics[] real = [.. wikiText.Documents("valid").Concat(wikiText.Documents("test")).Where(a => CountOf(a) >= Words).Select(a => CorpusStatistics.Of([a], Words))];
        var world = AlmanacWorld.Of(new());
        CorpusStatistics[] ours = [.. Enumerable.Range(0, Samples).Select(seed => CorpusStatistics.Of(new AlmanacWriter(world).Articles(seed).Select(a => a.Text), Words))];
        var whole = CorpusStatistics.Of(wikiText.Documents("valid").Concat(wikiText.Documents("test")), 300_000);
        var all = CorpusStatistics.Of(new AlmanacWriter(world).Articles(1).Select(a => a.Text), 300_000);

        output.WriteLine($"{"",-32}{"Almanac",10}{"WikiText-2: least, median, most",36}{"both, 300,000 words",26}");
        var (length, deviation) = (Row("words per sentence", s => s.SentenceLength), Row("their standard deviation", s => s.SentenceDeviation));
        var (zipf, entropy) = (Row("Zipf's slope", s => s.Zipf), Row("entropy of words (nats)", s => s.Entropy));
        var types = Row("types over tokens", s => s.TypeTokenRatio);
        var article = Row("words per article", s => s.ArticleLength);

        Assert.All([length, deviation, zipf, entropy, types], row => Assert.InRange(row.Ours, row.Least, row.Most));
        Assert.True(article.Ours < article.Least);
        Assert.True(all.Vocabulary < whole.Vocabulary && all.Entropy < whole.Entropy && all.Zipf > whole.Zipf);

        (double Ours, double Least, double Most) Row(string name, Func<CorpusStatistics, double> value)
        {
            double[] theirs = [.. real.Select(value).Order()];
            var mean = ours.Average(value);
            output.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"{name,-32}{mean,10:0.000}{theirs[0],12:0.000}{theirs[theirs.Length / 2],12:0.000}{theirs[^1],12:0.000}{value(all),13:0.000}{value(whole),13:0.000}"));
            return (mean, theirs[0], theirs[^1]);
        }

        static int CountOf(string article) => article.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
    }
}
