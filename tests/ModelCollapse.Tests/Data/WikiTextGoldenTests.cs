using System.Text.Json;
using ModelCollapse.Data;
using ModelCollapse.Tests.Text;
using ModelCollapse.Text;

namespace ModelCollapse.Tests.Data;

[Trait("kind", "golden"), Trait("kind", "data")]
public class WikiTextGoldenTests
{
    const string Golden = "tokenizer/wikitext.json";

    static readonly JsonElement Expected = GoldenFolder.Json(Golden);

    /// <summary>Read by the tests alone: the names of the cases are wanted where the data is not, too.</summary>
    static readonly Lazy<string> LazyText = new(() => File.ReadAllText(TestData.Path("wikitext-2/" + Expected.GetProperty("file").GetString())));

    static string Text => LazyText.Value;

    /// <summary>The parts of the file, by the rule in their name.</summary>
    public static TheoryData<string> Parts => [.. Expected.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Object && p.Name != "versions").Select(p => p.Name)];

    [Fact]
    public void Rows_are_those_of_the_datasets_library()
    {
        var rows = Rows.Of(Text).ToArray();
        Assert.Equal(Expected.GetProperty("rows").GetInt32(), rows.Length);
        Assert.Equal(Expected.GetProperty("blank_rows").GetInt32(), rows.Count(r => r.Length == 0));
        Assert.Equal(Text, Rows.ToWikiText(rows));
    }

    [Theory, MemberData(nameof(Parts))]
    public void Counts_hashes_and_blocks_agree(string part)
    {
        var expected = Expected.GetProperty(part);
        BytePairTokenizer tokenizer = part.Split('_')[0] switch { "opt" => Tokenizers.Opt, "smollm2" => Tokenizers.SmolLM2, var other => throw new InvalidDataException($"Unknown tokenizer {other}.") };
        var options = part[(part.IndexOf('_') + 1)..] switch
        {
            "per_line" => new TokenBlockOptions(),
            "one_stream" => new() { PerLineSpecials = false, Remainder = Remainder.DropAtEnd },
            "rows_without_special" => new() { PerLineSpecials = false },
            var other => throw new InvalidDataException($"Unknown rule {other}."),
        };
        var blocks = TokenBlocks.Cut(WikiText2.Articles(Text), tokenizer, options);
        GoldenFolder.Report(Golden, $"{part}: tokens", Math.Abs(blocks.Tokens - expected.GetProperty("tokens").GetInt32()), 0);
        foreach (var field in expected.EnumerateObject())
            switch (field.Name)
            {
                case "rule" or "tokens": break;
                case "sha256_le_int32" or "sha256_all_tokens_le_int32": Assert.Equal(field.Value.GetString(), blocks.TokenHash); break;
                case "sha256_all_block_ids_le_int32": Assert.Equal(field.Value.GetString(), blocks.Hash); break;
                case "blocks": Assert.Equal(field.Value.GetInt32(), blocks.Blocks.Count); break;
                case "tokens_per_batch": Assert.Equal(Ids(field.Value), blocks.TokensPerStream); break;
                case "first_block": Assert.Equal(Ids(field.Value), blocks.Blocks[0]); break;
                case "last_block": Assert.Equal(Ids(field.Value), blocks.Blocks[^1]); break;
                case "tokens_without_the_digit_split": Assert.Equal(field.Value.GetInt32(), WithoutDigitSplit(tokenizer).Encode(Text).Length); break;
                case "first_32": Assert.Equal(Ids(field.Value), tokenizer.Encode(Text)[..32]); break;
                case "last_32": Assert.Equal(Ids(field.Value), tokenizer.Encode(Text)[^32..]); break;
                default: Assert.Fail($"{Golden} has a field {part}.{field.Name} that nothing is compared with."); break;
            }
    }

    static BytePairTokenizer WithoutDigitSplit(BytePairTokenizer tokenizer) => new(tokenizer.Vocabulary with { PreTokenization = PreTokenization.Gpt2 });

    static int[] Ids(JsonElement list) => [.. list.EnumerateArray().Select(i => i.GetInt32())];
}
