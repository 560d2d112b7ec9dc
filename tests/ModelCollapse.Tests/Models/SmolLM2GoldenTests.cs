using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using ModelCollapse.Data;
using ModelCollapse.Models;
using ModelCollapse.Models.Checkpoints;
using ModelCollapse.Reporting;
using ModelCollapse.Sampling;
using ModelCollapse.Tests.Models.Checkpoints;
using ModelCollapse.Tests.Sampling;
using ModelCollapse.Tests.Text;
using ModelCollapse.Text;
using ModelCollapse.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Tests.Models;

/// <summary>The real SmolLM2-135M-Instruct: tokenizer, logits, continuations and perplexities, against transformers on the same file.</summary>
[Trait("kind", "golden"), Trait("kind", "data")]
public class SmolLM2GoldenTests(SmolLM2GoldenTests.Real real) : IClassFixture<SmolLM2GoldenTests.Real>
{
    const string Prompts = "smollm2/prompts.json", Perplexity = "smollm2/perplexity.json", Description = "smollm2/tokenizer.json";
    const double LogitTolerance = 1e-3, LikelihoodTolerance = 2e-3, BlockTolerance = 1e-5, ScoreTolerance = 1e-4;

    [Fact]
    public void The_file_is_the_one_that_was_used()
    {
        using var stream = File.OpenRead(real.Path);
        var hash = Convert.ToHexStringLower(SHA256.HashData(stream));
        foreach (var file in (string[])[Prompts, Perplexity])
        {
            var golden = GoldenFolder.Json(file);
            Assert.Equal(golden.GetProperty("sha256").GetString(), hash);
            Assert.Equal(golden.GetProperty("file").GetString(), System.IO.Path.GetFileName(real.Path));
            GoldenFolder.Report(file, "configuration", GgufGoldenTests.Differing((LlamaConfig)real.Model.Config, golden.GetProperty("config")), 0);
        }
    }

    [Fact]
    public void The_tokenizer_is_that_of_the_file()
    {
        var golden = GoldenFolder.Json(Description);
        var found = real.Tokenizer.Vocabulary;
        string[] tokens = Lines("smollm2/vocab.txt"), merges = Lines("smollm2/merges.txt");
        GoldenFolder.Report("smollm2/vocab.txt", "tokens that differ", Different(found.Tokens, tokens), 0);
        GoldenFolder.Report("smollm2/merges.txt", "merges that differ", Different(found.Merges, merges), 0);
        Assert.Equal(golden.GetProperty("vocab_sha256").GetString(), HashOf(found.Tokens!));
        Assert.Equal(golden.GetProperty("merges_sha256").GetString(), HashOf(found.Merges));
        Assert.Equal(golden.GetProperty("vocab_size").GetInt32(), real.Tokenizer.VocabularySize);
        Assert.Equal(golden.GetProperty("merges_count").GetInt32(), found.Merges.Length);

        var special = golden.GetProperty("special_ids");
        Assert.Equal(special.GetProperty("bos").GetInt32(), found.BosId);
        Assert.Equal([special.GetProperty("eos").GetInt32()], found.EosIds);
        Assert.Equal(special.GetProperty("padding").GetInt32(), found.PadId);
        Assert.Equal(golden.GetProperty("add_bos_token").GetBoolean(), found.AddBos);
        Assert.Equal(
            golden.GetProperty("control_tokens").EnumerateObject().Select(t => (t.Name, t.Value.GetInt32())).Order(),
            found.Added.Where(t => t.Special).Select(t => (t.Text, t.Id)).Order());
        Assert.Equal(Tokenizers.SmolLM2.Hash, real.Tokenizer.Hash);

        var whole = new BytePairTokenizer(found with { PreTokenization = PreTokenization.Gpt2 });
        var examples = golden.GetProperty("examples").EnumerateArray().ToList();
        GoldenFolder.Report(Description, $"{examples.Count} examples", examples.Count(IsWrong), 0);

        bool IsWrong(JsonElement example)
        {
            var text = example.GetProperty("text").GetString()!;
            return !real.Tokenizer.Encode(text).SequenceEqual(Ints(example, "ids")) || !whole.Encode(text).SequenceEqual(Ints(example, "ids_without_the_digit_split"));
        }
    }

    [Fact]
    public void Logits_of_every_prompt_agree()
    {
        var (ids, logits, mean, likelihood) = (0, 0.0, 0.0, 0.0);
        foreach (var prompt in EachPrompt())
        {
            using var inference = no_grad();
            using var scope = NewDisposeScope();
            var input = Ints(prompt, "input_ids");
            if (!real.Tokenizer.Encode(prompt.GetProperty("text").GetString()!).SequenceEqual(input)) ids++;
            var found = real.Model.Logits(tensor(Array.ConvertAll(input, i => (long)i)).unsqueeze(0)).squeeze(0).to(float64);     // [time, vocab]
            var (bestIds, best) = (Table(prompt, "top20_ids"), Table(prompt, "top20_logits"));
            Assert.Equal(input.Length, bestIds.Length);
            var at = tensor(bestIds.SelectMany(r => r.Select(v => (long)v)).ToArray(), [input.Length, bestIds[0].Length]);
            logits = Math.Max(logits, Deviation.Of(found.gather(1, at), tensor(best.SelectMany(r => r).ToArray(), at.shape)));
            // The k best must also be the best here: the k-th largest logit is that of the last of them.
            logits = Math.Max(logits, Deviation.Of(found.topk(bestIds[0].Length).values, tensor(best.SelectMany(r => r).ToArray(), at.shape)));
            mean = Math.Max(mean, Deviation.Of(found.mean([1]), tensor(prompt.GetProperty("mean_logit_per_position").EnumerateArray().Select(v => v.GetDouble()).ToArray())));
            var following = tensor(Array.ConvertAll(input[1..], i => (long)i)).unsqueeze(1);
            var total = found.log_softmax(1).narrow(0, 0, input.Length - 1).gather(1, following).sum().item<double>();
            foreach (var wanted in (string[])["total_log_likelihood_nats", "total_log_likelihood_float64"])
                likelihood = Math.Max(likelihood, Math.Abs(total - prompt.GetProperty(wanted).GetDouble()));
        }

        GoldenFolder.Report(Prompts, "prompts with other ids", ids, 0);
        GoldenFolder.Report(Prompts, "best logits", logits, LogitTolerance);
        GoldenFolder.Report(Prompts, "mean logits", mean, LogitTolerance);
        GoldenFolder.Report(Prompts, "total log-likelihood", likelihood, LikelihoodTolerance);
    }

    /// <summary>On the fast path alone: the plain one would take minutes, and agrees with it on small models (FastPathTests).</summary>
    [Fact]
    public void Continuations_are_the_same_token_for_token()
    {
        var (count, different, score) = (0, 0, 0.0);
        foreach (var prompt in EachPrompt())
            foreach (var continuation in prompt.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Object && p.Value.TryGetProperty("new_ids", out _)))
            {
                var options = GenerateGoldenTests.Options(continuation.Value.GetProperty("settings"));
                var found = TextGenerator.GenerateScored(real.Model, [Ints(prompt, "input_ids")], options, 0)[0][0];
                count++;
                if (!found.Tokens.SequenceEqual(Ints(continuation.Value, "new_ids")) || real.Tokenizer.Decode(found.Tokens) != continuation.Value.GetProperty("text").GetString()) different++;
                if (continuation.Value.TryGetProperty("sequences_score", out var wanted)) score = Math.Max(score, Math.Abs(found.Score - wanted.GetDouble()));
            }

        Assert.NotEqual(0, count);
        GoldenFolder.Report(Prompts, $"{count} continuations", different, 0);
        GoldenFolder.Report(Prompts, "scores", score, ScoreTolerance);
    }

    [Fact]
    public void Perplexities_of_the_test_text_agree()
    {
        var golden = GoldenFolder.Json(Perplexity);
        var text = File.ReadAllText(TestData.Path("wikitext-2/" + golden.GetProperty("text").GetString()!.Split(',')[0]));
        var (length, wanted) = (BlockLength(golden), Numbers(golden, "mean_nll_per_block_nats"));
        var cut = TokenBlocks.Cut([text], real.Tokenizer, new() { Length = length, PerLineSpecials = false, Remainder = Remainder.DropAtEnd });
        int[][] blocks = [.. cut.Blocks.Skip(FirstBlock(golden, cut.Blocks)).Take(wanted.Length)];
        Assert.Equal(golden.GetProperty("stream_tokens").GetInt32(), cut.Tokens);
        Assert.Equal(golden.GetProperty("stream_sha256_le_int32").GetString(), cut.TokenHash);
        Assert.Equal(wanted.Length, blocks.Length);
        Assert.Equal(golden.GetProperty("block_ids_sha256_le_int32").GetString(), Convert.ToHexStringLower(SHA256.HashData(blocks.SelectMany(b => b.SelectMany(BitConverter.GetBytes)).ToArray())));

        var found = NetworkEvaluation.Of(real.Model, blocks);
        double[] losses = [.. found.LogLikelihoods.Zip(found.Predictions, (l, n) => -l / n)];
        GoldenFolder.Report(Perplexity, $"loss of {blocks.Length} blocks", Deviation.Of(losses, wanted), BlockTolerance);
        foreach (var precise in golden.EnumerateObject().Where(p => p.Name.EndsWith("_blocks_float64")))
            GoldenFolder.Report(Perplexity, precise.Name, Deviation.Of(losses[..precise.Value.GetArrayLength()], Numbers(golden, precise.Name)), BlockTolerance);
        GoldenFolder.Report(Perplexity, "mean loss", Math.Abs(found.MeanLoss - golden.GetProperty("mean_nll_nats").GetDouble()), BlockTolerance);
        GoldenFolder.Report(Perplexity, "perplexity, relative", Math.Abs(found.TokenPerplexity / golden.GetProperty("perplexity").GetDouble() - 1), BlockTolerance);
        GoldenFolder.Report(Perplexity, "mean of block perplexities, relative", Math.Abs(found.MeanPerplexity / golden.GetProperty("mean_of_block_perplexities").GetDouble() - 1), BlockTolerance);
    }

    /// <summary>Tokens in a block: as many as <c>first_block</c> has ids, else what <c>blocks</c> says, <c>blocks 0..63 of 64 consecutive tokens</c>.</summary>
    static int BlockLength(JsonElement golden)
    {
        if (golden.TryGetProperty("first_block", out var first) && first.ValueKind == JsonValueKind.Array) return first.GetArrayLength();
        var words = golden.GetProperty("blocks").GetString()!;
        var length = Regex.Match(words, @" of (\d+) consecutive tokens");
        return length.Success ? int.Parse(length.Groups[1].Value) : throw new InvalidDataException($"{Perplexity} does not say how long its blocks are: {words}.");
    }

    /// <summary>Which block of the text is the first that was used: <c>first_block</c> gives its ids, or its number; where it is missing, 0.</summary>
    static int FirstBlock(JsonElement golden, IReadOnlyList<int[]> blocks)
    {
        if (!golden.TryGetProperty("first_block", out var first)) return 0;
        if (first.ValueKind == JsonValueKind.Number) return first.GetInt32();
        var ids = GenerateGoldenTests.Ints(first);
        foreach (var (index, block) in blocks.Index())
            if (block.SequenceEqual(ids)) return index;
        throw new InvalidDataException($"The text has no block with the ids of first_block in {Perplexity}.");
    }

    static List<JsonElement> EachPrompt()
    {
        List<JsonElement> prompts = [.. GoldenFolder.Json(Prompts).GetProperty("prompts").EnumerateObject().Select(p => p.Value)];
        Assert.NotEmpty(prompts);
        return prompts;
    }

    static int Different(string?[] found, string[] wanted) => Math.Abs(found.Length - wanted.Length) + found.Zip(wanted).Count(p => p.First != p.Second);

    static string HashOf(IEnumerable<string> entries) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', entries))));

    static string[] Lines(string file) => File.ReadAllText(GoldenFolder.File(file)).TrimEnd('\n').Split('\n');

    static int[] Ints(JsonElement parent, string name) => GenerateGoldenTests.Ints(parent.GetProperty(name));

    static double[] Numbers(JsonElement parent, string name) => [.. parent.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];

    static double[][] Table(JsonElement parent, string name) => [.. parent.GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(v => v.GetDouble()).ToArray())];

    /// <summary>The model and its tokenizer, read once.</summary>
    public sealed class Real : IDisposable
    {
        readonly Lazy<CausalLM> model;
        readonly Lazy<BytePairTokenizer> tokenizer;

        public Real() => (model, tokenizer) = (new(() => CausalLM.Load(Path, float32)), new(() => GgufTokenizer.Read(Path)));

        public string Path { get; } = TestData.Path("smollm2/" + GoldenFolder.Json(Prompts).GetProperty("file").GetString());

        public CausalLM Model => model.Value;

        public BytePairTokenizer Tokenizer => tokenizer.Value;

        public void Dispose()
        {
            if (model.IsValueCreated) Model.Dispose();
        }
    }
}
