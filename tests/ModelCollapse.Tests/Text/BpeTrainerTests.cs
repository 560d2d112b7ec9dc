using CsCheck;
using ModelCollapse.Data;
using ModelCollapse.Text;

namespace ModelCollapse.Tests.Text;

public class BpeTrainerTests
{
    const int Bytes = 260;

    [Fact]
    public void Merges_are_those_of_an_example_worked_out_by_hand()
    {
        // Pieces: low ×5, lower ×2 without blank in front; newest ×6, widest ×3 (the example of Sennrich et al. 2016).
        var text = string.Concat(Enumerable.Repeat("low\n", 5).Concat(Enumerable.Repeat("lower\n", 2)).Concat(Enumerable.Repeat("newest\n", 6)).Concat(Enumerable.Repeat("widest\n", 3)));
        var tokenizer = BpeTrainer.Train([text], Bytes + 4);

        // es 9, st 9 (then est), lo 7, ow 7: ties go to the smaller left id, e before s and l before o.
        Assert.Equal(["e s", "es t", "l o", "lo w"], tokenizer.Vocabulary.Merges);
        Assert.Equal(["low", "est"], tokenizer.Encode("lowest").Select(id => tokenizer.Decode([id])));
        Assert.Equal(Bytes + 4, tokenizer.VocabularySize);
    }

    [Fact]
    public void Special_tokens_have_the_ids_of_Opt()
    {
        var tokenizer = BpeTrainer.Train(["a <unk> b <unk>"], 300);
        Assert.Equal((2, 1), (tokenizer.BosId, tokenizer.PadId));
        Assert.Equal([2], tokenizer.EosIds);
        Assert.Equal([2, 3, 2, 1, 4], tokenizer.Encode("<unk></s><pad> <unk>", addSpecial: true));
        Assert.Equal("<unk> <unk>", tokenizer.Decode([2, 3, 2, 1, 4], skipSpecial: true));
        Assert.True(tokenizer.Encode("<s>").Length > 1);
        Assert.DoesNotContain(BpeTrainer.Train(["nothing unknown"], 300).AddedTokens, t => t.Text == " <unk>");
    }

    [Fact]
    public void Merges_are_those_of_the_plain_algorithm_and_the_same_text_comes_back() =>
        Gen.Char['a', 'c'].Array[0, 12].Select(c => new string(c)).Array[1, 12].Sample(words =>
        {
            string[] texts = [.. words.Select(w => w + " ")];
            var tokenizer = BpeTrainer.Train(texts, Bytes + 12);
            Assert.Equal(Plain(texts, 12), tokenizer.Vocabulary.Merges);
            Assert.Equal(tokenizer.Hash, BpeTrainer.Train(texts, Bytes + 12).Hash);
            foreach (var text in texts) Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
        });

    [Fact]
    public void A_vocabulary_without_room_for_bytes_is_refused() =>
        Assert.Contains("too small", Assert.Throws<InputException>(() => BpeTrainer.Train(["a"], Bytes - 1)).Message);

    [Fact]
    [Trait("kind", "data")]
    public void WikiText2_gives_a_vocabulary_for_mini_in_time()
    {
        WikiText2 corpus = new(TestData.Path("wikitext-2"), WikiTextVersion.Tokens);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var tokenizer = BpeTrainer.Train(corpus.Documents("train"), 8192);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 60);
        Assert.Equal(8192, tokenizer.VocabularySize);
        using TemporaryFolder folder = new();
        tokenizer.Save(folder.Path);
        var loaded = BytePairTokenizer.Load(folder.Path);
        Assert.Equal(tokenizer.Hash, loaded.Hash);
        var text = corpus.Text("test");
        var ids = loaded.Encode(text);
        Assert.Equal(text, loaded.Decode(ids));
        Assert.Equal(text.Split(" <unk>").Length - 1, ids.Count(id => id == 4));
        TestContext.Current.TestOutputHelper?.WriteLine($"{watch.Elapsed.TotalSeconds:F1} s; {(double)text.Length / ids.Length:F2} characters per token");
        Assert.InRange((double)text.Length / ids.Length, 3, 6);
    }

    /// <summary>The same training with every pair counted anew for every merge.</summary>
    static List<string> Plain(string[] texts, int room)
    {
        var names = Enumerable.Range(0, Bytes).Select(i => i < 4 ? $"special {i}" : $"{ByteAlphabet.Character((byte)(i - 4))}").ToList();
        List<(List<int> Ids, int Count)> words = [.. texts.SelectMany(Pieces).CountBy(p => p).Select(p => (p.Key.Select(c => names.IndexOf($"{ByteAlphabet.Character((byte)c)}")).ToList(), p.Value))];
        List<string> merges = [];
        while (names.Count < Bytes + room)
        {
            var counts = words.SelectMany(w => w.Ids.Zip(w.Ids.Skip(1)).Select(p => (Pair: p, w.Count))).GroupBy(p => p.Pair).Select(g => (g.Key, Count: g.Sum(p => p.Count))).Where(g => g.Count >= 2).ToArray();
            if (counts.Length == 0) break;
            var ((left, right), _) = counts.OrderByDescending(c => c.Count).ThenBy(c => c.Key.First).ThenBy(c => c.Key.Second).First();
            merges.Add($"{names[left]} {names[right]}");
            if (!names.Contains(names[left] + names[right])) names.Add(names[left] + names[right]);
            var id = names.IndexOf(names[left] + names[right]);
            foreach (var (ids, _) in words)
                for (var i = 0; i + 1 < ids.Count; i++)
                    if (ids[i] == left && ids[i + 1] == right)
                    {
                        ids[i] = id;
                        ids.RemoveAt(i + 1);
                    }
        }

        return merges;
    }

    static IEnumerable<string> Pieces(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var length = PreTokenizer.FirstLength(text.AsSpan(start), PreTokenization.Gpt2);
            yield return text.Substring(start, length);
            start += length;
        }
    }
}
