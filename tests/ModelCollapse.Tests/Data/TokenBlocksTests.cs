using ModelCollapse.Data;
using ModelCollapse.Tests.Text;

namespace ModelCollapse.Tests.Data;

[Trait("kind", "data")]
public class TokenBlocksTests
{
    // OPT: ' the' 5, '.' 4, newline 50118, and </s> 2 before each row.
    static readonly string[] Documents = [" the the\n \n the.\n", " the the the."];

    [Theory]
    [InlineData(Remainder.DropPerBatch, new[] { 2, 5, 5 }, new[] { 2, 5, 4 }, new[] { 50118, 2, 5 }, new[] { 5, 5, 4 })]
    [InlineData(Remainder.DropAtEnd, new[] { 2, 5, 5 }, new[] { 50118, 2, 2 }, new[] { 5, 4, 50118 }, new[] { 2, 5, 5 })]
    [InlineData(Remainder.Keep, new[] { 2, 5, 5 }, new[] { 50118, 2, 2 }, new[] { 5, 4, 50118 }, new[] { 2, 5, 5 }, new[] { 5, 4 })]
    public void Blocks_of_rows_with_specials_are_those_worked_out_by_hand(Remainder remainder, params int[][] expected)
    {
        var blocks = TokenBlocks.Cut(Documents, Tokenizers.Opt, new() { Length = 3, Remainder = remainder, BatchRows = 2 });
        Assert.Equal(expected, blocks.Blocks);
        Assert.Equal(14, blocks.Tokens);
    }

    [Fact]
    public void Without_specials_documents_are_one_stream()
    {
        var blocks = TokenBlocks.Cut(Documents, Tokenizers.Opt, new() { Length = 4, Remainder = Remainder.Keep, PerLineSpecials = false });
        int[] stream = [.. Tokenizers.Opt.Encode(Documents[0]), .. Tokenizers.Opt.Encode(Documents[1])];
        Assert.Equal([stream.Length], blocks.TokensPerStream);
        Assert.Equal(stream, blocks.Blocks.SelectMany(b => b));
    }

    [Fact]
    public void A_single_token_left_over_is_not_kept() =>
        Assert.Equal([[5, 5]], TokenBlocks.Cut([" the the the"], Tokenizers.Opt, new() { Length = 2, Remainder = Remainder.Keep, PerLineSpecials = false }).Blocks);

    [Fact]
    public void Rows_are_divided_among_processes_before_they_are_batched()
    {
        // Five rows for two processes: three and two; batches of two rows: 2, 1 | 2. Tokens of the rows with </s>: 4, 3, 2, 1, 1.
        string[] rows = [" the the the\n", " the the\n", " the\n", "\n", "\n"];
        int[] lengths = [.. rows.SelectMany(Rows.Of).Select(r => Tokenizers.Opt.Encode(r, addSpecial: true).Length)];
        var blocks = TokenBlocks.Cut(rows, Tokenizers.Opt, new() { Length = 2, BatchRows = 2, MapProcesses = 2 });
        Assert.Equal([lengths[0] + lengths[1], lengths[2], lengths[3] + lengths[4]], blocks.TokensPerStream);
    }

    /// <summary>What the paper's code trains and tests on, from the lengths of the rows alone; raw text has no train split here.</summary>
    [Theory]
    [InlineData(WikiTextVersion.Raw, "valid"), InlineData(WikiTextVersion.Raw, "test"), InlineData(WikiTextVersion.Tokens, "train")]
    public void Blocks_of_WikiText_follow_from_the_lengths_of_its_rows(WikiTextVersion version, string split)
    {
        var documents = new WikiText2(TestData.Path("wikitext-2"), version).Documents(split);
        int[] lengths = [.. documents.SelectMany(Rows.Of).Select(r => Tokenizers.Opt.Encode(r, addSpecial: true).Length)];
        foreach (var processes in (int[])[1, 4])
        {
            // datasets: shard i of n begins at row i · (rows / n) + min(i, rows mod n).
            int First(int i) => i * (lengths.Length / processes) + Math.Min(i, lengths.Length % processes);
            var expected = Enumerable.Range(0, processes).Sum(i => lengths[First(i)..First(i + 1)].Chunk(1000).Sum(batch => batch.Sum() / 64));
            var found = TokenBlocks.Cut(documents, Tokenizers.Opt, new() { MapProcesses = processes });
            TestContext.Current.TestOutputHelper?.WriteLine($"{version} {split}: {lengths.Length} rows, {found.Tokens} tokens, {processes} processes: {found.Blocks.Count} blocks of 64");
            Assert.Equal(expected, found.Blocks.Count);
        }
    }
}
