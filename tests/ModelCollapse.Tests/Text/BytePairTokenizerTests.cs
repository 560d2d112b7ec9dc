using System.Text;
using CsCheck;
using ModelCollapse.Data;
using ModelCollapse.Text;

namespace ModelCollapse.Tests.Text;

public class BytePairTokenizerTests
{
    static readonly string[] Parts =
    [
        "a", "the", "Q", " ", "  ", "\n", "\t", "\u00A0", "'", "'s", "'ll", "1", "42", "½", "é", "e\u0301", "ß", "日本", "😀", "𝒜", "𐏑", "𝟘",
        "</s>", "<pad>", "<s>", "<", "_", "-", "—", "\u200B", "\u0085",
    ];

    static readonly Gen<string> AnyText = Gen.Int[0, Parts.Length - 1].Select(i => Parts[i]).Array[0, 40].Select(string.Concat);

    [Fact]
    [Trait("kind", "data")]
    public void Every_text_comes_back_from_Opt() =>
        AnyText.Sample(text => Assert.Equal(text, Tokenizers.Opt.Decode(Tokenizers.Opt.Encode(text))));

    [Fact]
    public void Pieces_of_the_GPT2_pattern_are_those_of_the_regular_expression()
    {
        // .NET's \p{L} does not see letters outside the Basic Multilingual Plane, so those are left out here; the golden strings have them.
        System.Text.RegularExpressions.Regex pattern = new(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+");
        AnyText.Where(t => !t.Any(char.IsSurrogate)).Sample(text =>
        {
            Assert.Equal(pattern.Matches(text).Select(m => m.Value), Pieces(text, PreTokenization.Gpt2));
            var split = System.Text.RegularExpressions.Regex.Split(text, @"(\p{N})").Where(s => s.Length > 0).SelectMany(s => pattern.Matches(s).Select(m => m.Value));
            Assert.Equal(split, Pieces(text, PreTokenization.SmolLM));
        });
    }

    [Fact]
    [Trait("kind", "data")]
    public void Merges_follow_their_ranks_as_the_plain_algorithm_does()
    {
        var vocabulary = Tokenizers.SmolLM2.Vocabulary;
        var ids = vocabulary.Ids.ToDictionary(StringComparer.Ordinal);
        var ranks = vocabulary.Merges.Index().ToDictionary(m => m.Item, m => m.Index, StringComparer.Ordinal);
        AnyText.Sample(text =>
        {
            if (vocabulary.Added.Any(t => text.Contains(t.Text))) return;
            Assert.Equal(Pieces(text, PreTokenization.SmolLM).SelectMany(Plain), Tokenizers.SmolLM2.Encode(text));
        });

        IEnumerable<int> Plain(string piece)
        {
            List<string> parts = [.. Encoding.UTF8.GetBytes(piece).Select(b => $"{ByteAlphabet.Character(b)}").Where(ids.ContainsKey)];
            while (true)
            {
                var best = parts.Zip(parts.Skip(1)).Index().Select(p => (p.Index, Rank: ranks.GetValueOrDefault($"{p.Item.First} {p.Item.Second}", int.MaxValue)))
                    .DefaultIfEmpty((Index: 0, Rank: int.MaxValue)).MinBy(p => p.Rank);
                if (best.Rank == int.MaxValue) return parts.Select(p => ids[p]);
                parts[best.Index] += parts[best.Index + 1];
                parts.RemoveAt(best.Index + 1);
            }
        }
    }

    [Fact]
    [Trait("kind", "data")]
    public void Saved_and_loaded_tokenizers_are_the_same()
    {
        foreach (var tokenizer in new[] { Tokenizers.Opt, Tokenizers.SmolLM2 })
        {
            using TemporaryFolder folder = new();
            tokenizer.Save(folder.Path);
            var loaded = BytePairTokenizer.Load(folder.Path);
            Assert.Equal(tokenizer.Hash, loaded.Hash);
            Assert.Equal((tokenizer.BosId, tokenizer.PadId, tokenizer.VocabularySize), (loaded.BosId, loaded.PadId, loaded.VocabularySize));
            Assert.Equal(tokenizer.EosIds, loaded.EosIds);
            Assert.Equal(tokenizer.AddedTokens, loaded.AddedTokens);
            AnyText.Sample(text => Assert.Equal(tokenizer.Encode(text, addSpecial: true), loaded.Encode(text, addSpecial: true)), iter: 50);
        }

        Assert.NotEqual(Tokenizers.Opt.Hash, Tokenizers.SmolLM2.Hash);
    }

    [Fact]
    [Trait("kind", "data")]
    public void Opt_reads_its_two_files_without_a_configuration() =>
        Assert.Equal(Tokenizers.Opt.Hash, BytePairTokenizer.Load(TestData.Path("opt-tokenizer")).Hash);

    [Fact]
    [Trait("kind", "data")]
    public void Ids_without_a_token_are_left_out_of_the_text() =>
        Assert.Equal("Hello", Tokenizers.Opt.Decode([31414, 50271, -1]));

    [Fact]
    public void Broken_files_are_refused_in_a_sentence()
    {
        using TemporaryFolder folder = new();
        Refused("vocab.json is missing");
        folder.File("vocab.json", """{"a": 0, "b": 1, "</s>": 2, "<pad>": 3}""");
        Refused("merges.txt is missing");
        folder.File("merges.txt", "#version: 0.2\na b\n");
        Refused("merge 'a b'");
        folder.File("vocab.json", """{"a": 0, "b": 0, "ab": 1, "</s>": 2, "<pad>": 3}""");
        Refused("the same id 0");
        folder.File("vocab.json", """{"a": 0, "b": 4, "ab": 1, "<pad>": 3}""");
        Refused("no token '</s>'");
        folder.File("vocab.json", """{"a": 0, "b": 4, "ab": 1, "</s>": "two"}""");
        Refused("the token '</s>' no id");
        folder.File("vocab.json", "{");
        Refused("not valid JSON");

        void Refused(string part) => Assert.Contains(part, Assert.Throws<InputException>(() => BytePairTokenizer.Opt(folder.Path)).Message);
    }

    [Fact]
    public void An_unknown_pre_tokenizer_of_a_gguf_file_is_named() =>
        Assert.Contains("'qwen2'", Assert.Throws<InputException>(() => BytePairTokenizer.FromGgufParts(["a"], [], [1], "qwen2", null, null, null)).Message);

    [Fact]
    [Trait("kind", "data")]
    public void WikiText2_is_tokenized_in_seconds()
    {
        var text = new WikiText2(TestData.Path("wikitext-2"), WikiTextVersion.Tokens).Text("train");
        var fresh = BytePairTokenizer.Opt(TestData.Path("opt-tokenizer"));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var ids = fresh.Encode(text);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
        TestContext.Current.TestOutputHelper?.WriteLine($"{ids.Length} tokens in {watch.Elapsed.TotalSeconds:F2} s");
        Assert.Equal(text, fresh.Decode(ids));
    }

    static IEnumerable<string> Pieces(string text, PreTokenization pattern)
    {
        for (var start = 0; start < text.Length;)
        {
            var length = PreTokenizer.FirstLength(text.AsSpan(start), pattern);
            yield return text.Substring(start, length);
            start += length;
        }
    }
}
