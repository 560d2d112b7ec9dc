using System.Text.Json;
using ModelCollapse.Text;

namespace ModelCollapse.Tests.Text;

[Trait("kind", "golden"), Trait("kind", "data")]
public class TokenizerGoldenTests
{
    [Fact]
    public void Opt_agrees_on_every_string() => Compare("tokenizer/opt.json", Tokenizers.Opt);

    [Fact]
    public void SmolLM2_agrees_on_every_string() => Compare("tokenizer/smollm2.json", Tokenizers.SmolLM2);

    [Fact]
    public void Splitting_digits_off_differs_exactly_where_it_should()
    {
        const string file = "tokenizer/smollm2.json";
        var golden = GoldenFolder.Json(file);
        var differing = golden.GetProperty("strings_that_differ_when_digits_are_not_split_first").EnumerateArray().ToDictionary(e => Text(e), e => Ids(e, "ids_without_the_digit_split"));
        var without = new BytePairTokenizer(Tokenizers.SmolLM2.Vocabulary with { PreTokenization = PreTokenization.Gpt2 });
        var wrong = 0;
        foreach (var item in golden.GetProperty("strings").EnumerateArray())
        {
            var expected = differing.TryGetValue(Text(item), out var other) ? other : Ids(item, "ids");
            if (!without.Encode(Text(item)).SequenceEqual(expected)) wrong++;
        }

        Assert.NotEmpty(differing);
        GoldenFolder.Report(file, "strings that differ without the digit split", wrong, 0);
    }

    [Fact]
    public void Incomplete_characters_decode_to_one_replacement_each()
    {
        const string file = "tokenizer/opt.json";
        var wrong = 0;
        foreach (var item in GoldenFolder.Json(file).GetProperty("decoding_of_incomplete_characters").EnumerateArray())
        {
            var ids = Ids(item, "ids");
            if (!Tokenizers.Opt.Encode(Text(item)).SequenceEqual(ids)) wrong++;
            wrong += Strings(item, "decoded_one_by_one").Index().Count(e => Tokenizers.Opt.Decode([ids[e.Index]]) != e.Item);
            wrong += Strings(item, "decoded_prefixes").Index().Count(e => Tokenizers.Opt.Decode(ids[..(e.Index + 1)]) != e.Item);
        }

        GoldenFolder.Report(file, "decoding of incomplete characters", wrong, 0);
    }

    static void Compare(string file, BytePairTokenizer tokenizer)
    {
        List<string> wrong = [];
        var strings = GoldenFolder.Json(file).GetProperty("strings").EnumerateArray().ToArray();
        Assert.NotEmpty(strings);
        foreach (var item in strings)
        {
            var (text, ids) = (Text(item), Ids(item, "ids"));
            Check("ids", tokenizer.Encode(text), ids);
            if (item.TryGetProperty("ids_with_special", out _)) Check("ids_with_special", tokenizer.Encode(text, addSpecial: true), Ids(item, "ids_with_special"));
            if (tokenizer.Decode(ids) != item.GetProperty("decoded").GetString()) wrong.Add($"{JsonSerializer.Serialize(text)} decoded");
            if (tokenizer.Decode(ids, skipSpecial: true) != item.GetProperty("decoded_skip_special").GetString()) wrong.Add($"{JsonSerializer.Serialize(text)} decoded_skip_special");

            void Check(string what, int[] actual, int[] expected)
            {
                if (!actual.SequenceEqual(expected)) wrong.Add($"{JsonSerializer.Serialize(text)} {what}: {string.Join(' ', actual)} instead of {string.Join(' ', expected)}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        GoldenFolder.Report(file, $"{strings.Length} strings", wrong.Count, 0);
    }

    static string Text(JsonElement item) => item.GetProperty("text").GetString()!;

    static int[] Ids(JsonElement item, string name) => [.. item.GetProperty(name).EnumerateArray().Select(i => i.GetInt32())];

    static IEnumerable<string> Strings(JsonElement item, string name) => item.GetProperty(name).EnumerateArray().Select(s => s.GetString()!);
}
