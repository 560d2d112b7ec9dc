using ModelCollapse.Data;
using ModelCollapse.Runs;
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
    public void BlocksOfRowsWithSpecialsAreThoseWorkedOutByHand(Remainder remainder, params int[][] expected)
    {
        var blocks = TokenBlocks.Cut(Documents, Tokenizers.Opt, new() { Length = 3, Remainder = remainder, BatchRows = 2 });
        Assert.Equal(expected, blocks.Blocks);
        Assert.Equal(14, blocks.Tokens);
    }

    [Fact]
    public void WithoutSpecialsDocumentsAreOneStream()
    {
        var blocks = TokenBlocks.Cut(Documents, Tokenizers.Opt, new() { Length = 4, Remainder = Remainder.Keep, PerLineSpecials = false });
        int[] stream = [.. Tokenizers.Opt.Encode(Documents[0]), .. Tokenizers.Opt.Encode(Documents[1])];
        Assert.Equal([stream.Length], blocks.TokensPerStream);
        Assert.Equal(stream, blocks.Blocks.SelectMany(b => b));
    }

    [Fact]
    public void ASingleTokenLeftOverIsNotKept() =>
        Assert.Equal([[5, 5]], TokenBlocks.Cut([" the the the"], Tokenizers.Opt, new() { Length = 2, Remainder = Remainder.Keep, PerLineSpecials = false }).Blocks);
}
