using CsCheck;
using ModelCollapse.Data;

namespace ModelCollapse.Tests.Data;

public class CorpusShareTests
{
    static readonly string[] Parts = ["word", "two words", "é", "\n", " \n", "😀", "x\n"];
    static readonly Gen<string> Document = Gen.Int[0, Parts.Length - 1].Select(i => Parts[i]).Array[1, 60].Select(string.Concat);

    [Fact]
    public void Adjoining_shares_hold_the_whole_text_once() =>
        Gen.Select(Document.Array[1, 30], Gen.Double[0.01, 0.99].Array[0, 4]).Sample((documents, cuts) =>
        {
            double[] borders = [0, .. cuts.Distinct().Order(), 1];
            var shares = borders.Zip(borders.Skip(1)).SelectMany(b => Take(documents, b.First, b.Second)).ToArray();
            Assert.Equal(string.Concat(documents), string.Concat(shares));
            Assert.All(shares, s => Assert.False(char.IsLowSurrogate(s[0])));
            if (documents.Length >= CorpusShare.FewestDocuments) Assert.Equal(documents, shares);
        });

    [Fact]
    public void A_few_files_are_cut_at_line_ends_by_position()
    {
        var lines = string.Concat(Enumerable.Range(0, 100).Select(i => $"line {i:D2}\n"));
        Assert.Equal([lines[..400]], Take([lines], 0, 0.497));
        Assert.Equal([lines[400..]], Take([lines], 0.497, 1));
        Assert.Equal([lines, lines[..400]], Take([lines, lines, lines], 0, 0.499));
    }

    [Fact]
    public void Many_files_are_taken_whole()
    {
        string[] files = [.. Enumerable.Range(0, 40).Select(i => $"file {i}")];
        Assert.Equal(files[30..36], Take(files, 0.75, 0.9));
    }

    [Fact]
    public void An_empty_or_impossible_share_is_refused()
    {
        Assert.Contains("holds no text", Assert.Throws<InputException>(() => CorpusShare.Take(new Fake([.. Enumerable.Repeat("a", 20)]), new() { From = 0.5, To = 0.51 })).Message);
        Assert.Contains("from < to", Assert.Throws<InputException>(() => CorpusShare.Take(new Fake(["a"]), new() { From = 0.5, To = 0.5 })).Message);
    }

    static IReadOnlyList<string> Take(string[] documents, double from, double to)
    {
        try
        {
            return CorpusShare.Take(new Fake(documents), new SplitRange { From = from, To = to });
        }
        catch (InputException e) when (e.Message.Contains("holds no text"))
        {
            return [];
        }
    }

    sealed record Fake(string[] All) : ICorpus
    {
        public string Name => "fake";

        public IReadOnlyList<string> Documents(string? split) => All;

        public string Hash(string? split) => "";
    }
}
