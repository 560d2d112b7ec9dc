using ModelCollapse.ClosedForm;
using ModelCollapse.Provenance;

namespace ModelCollapse.Tests.ClosedForm;

public class NGramTests
{
    [Fact]
    public void A_fit_is_the_relative_frequency_after_each_context()
    {
        var model = new NGram(tokens: 3, order: 2, length: 4);
        model.Fit(Dataset<int[]>.Human([[0, 1, 2, 0], [0, 1, 1, 0], [2, 1, 2, 2], [0, 1, 2, 1]], "x"), new(0, 0));

        Assert.Equal([0.75, 0, 0.25], model.Next([]));
        Assert.Equal([0, 1, 0], model.Next([0])); // 0 as the first token
        Assert.Equal([0, 1 / 3.0, 2 / 3.0], model.Next([0, 1]));
        Assert.Equal([0, 1 / 3.0, 2 / 3.0], model.Next([2, 2, 0, 1])); // two tokens decide
        Assert.Equal([1 / 3.0, 1 / 3.0, 1 / 3.0], model.Next([0, 1, 2]));
        Assert.Equal([0.25, 0.5, 0.25], model.Next([2, 2])); // never followed: as after any 2
    }

    [Fact]
    public void Fitted_to_many_texts_it_is_the_language()
    {
        const int Texts = 40_000;
        var language = NGram.Random(4, order: 1, length: 5, seed: 3);
        var model = new NGram(4, order: 1, length: 5);
        model.Fit(language.Sample(Texts, new(0, 1)), new(0, 0));
        Check(language.Next([]), model.Next([]), Texts);
        for (var t = 0; t < 4; t++) Check(language.Next([t]), model.Next([t]), Texts / 10); // each token comes more often than that

        static void Check(IReadOnlyList<double> wanted, IReadOnlyList<double> found, int draws) =>
            Assert.All(wanted.Zip(found), p => Assert.InRange(p.Second - p.First, -4 * Math.Sqrt(p.First * (1 - p.First) / draws), 4 * Math.Sqrt(p.First * (1 - p.First) / draws)));
    }

    /// <summary>A pair of tokens is lost for ever when no text has it.</summary>
    [Fact]
    public void Pairs_that_no_text_has_do_not_come_back()
    {
        var model = NGram.Random(6, order: 1, length: 7, seed: 1);
        HashSet<(int, int)> before = [];
        for (var fit = 0; fit < 30; fit++)
        {
            var texts = model.Sample(12, new(fit, Seeds.Derive(1, fit, "sample")));
            HashSet<(int, int)> now = [.. texts.SelectMany(t => t.Zip(t.Skip(1)))];
            // Only after a token that had ended every text it was in may anything follow that the tokens at large allow.
            if (fit > 0) Assert.All(now.Except(before), pair => Assert.DoesNotContain(before, b => b.Item1 == pair.Item1));
            before = now;
            model.Fit(texts, new(fit, 0));
        }

        Assert.True(before.Count < 18, $"{before.Count} of 36 pairs are left");
    }

    [Fact]
    public void Nonsense_is_refused()
    {
        var model = new NGram(3, order: 1, length: 4);
        Assert.Throws<ArgumentException>(() => model.Fit(Dataset<int[]>.Empty, new(0, 0)));
        Assert.Throws<ArgumentException>(() => model.Fit(Dataset<int[]>.Human([[0, 3]], "x"), new(0, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NGram(0, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NGram(1, -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NGram(1, 1, 0));
    }
}
