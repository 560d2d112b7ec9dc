using System.Text.Json;
using ModelCollapse.Data;
using ModelCollapse.Models;
using ModelCollapse.Sampling;
using static TorchSharp.torch;

namespace ModelCollapse.Tests.Sampling;

/// <summary>Greedy and beam search, token for token, against Hugging Face transformers, on the plain and on the fast path.</summary>
[Trait("kind", "golden")]
public class GenerateGoldenTests
{
    const double ScoreTolerance = 1e-5;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_case(bool plain)
    {
        var files = Directory.GetFiles(GoldenFolder.Folder("generate"), "*.json").Where(f => HasCases(GoldenFolder.Json(Relative(f)))).Order().ToList();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var json = GoldenFolder.Json(Relative(file));
            using var model = CausalLM.Load(GoldenFolder.Folder(json.GetProperty("model").GetString()!.Split(' ')[0]), float32);
            var (different, deviation) = (0, 0.0);
            foreach (var @case in json.GetProperty("cases").EnumerateObject())
            {
                var settings = @case.Value.GetProperty("settings");
                var options = Options(settings);
                var (rows, scores) = Generate(model, @case.Value, options, settings, plain);
                var wanted = @case.Value.GetProperty("sequences").EnumerateArray().Select(Ints).ToArray();
                var wrong = rows.Length != wanted.Length ? wanted.Length : rows.Zip(wanted).Count(p => !p.First.SequenceEqual(p.Second));
                if (wrong > 0) Console.WriteLine($"{Relative(file)} {@case.Name}: {wrong} of {wanted.Length} sequences differ");
                different += wrong;
                if (@case.Value.TryGetProperty("sequences_scores", out var wantedScores))
                    deviation = Math.Max(deviation, Deviation.Of(scores, wantedScores.EnumerateArray().Select(s => s.GetDouble())));
            }

            var path = plain ? "plain path" : "fast path";
            GoldenFolder.Report(Relative(file), $"{path}: sequences", different, 0);
            GoldenFolder.Report(Relative(file), $"{path}: scores", deviation, ScoreTolerance);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ties(bool plain)
    {
        const string file = "generate/ties.json";
        var json = GoldenFolder.Json(file);
        var prompts = json.GetProperty("input_ids").EnumerateArray().Select(Ints).ToArray();
        foreach (var @case in json.GetProperty("cases").EnumerateObject())
        {
            using var model = TiesModel(@case.Name);
            var greedy = @case.Value.GetProperty("greedy_sequences").EnumerateArray().Select(Ints).ToArray();
            var found = TextGenerator.GenerateScored(model, prompts, new() { MaxNewTokens = greedy[0].Length - prompts[0].Length }, 0, plain: plain);
            GoldenFolder.Report(file, $"{@case.Name}: greedy sequences", found.Select((t, i) => (int[])[.. prompts[i], .. t[0].Tokens]).Zip(greedy).Count(p => !p.First.SequenceEqual(p.Second)), 0);

            var wanted = @case.Value.GetProperty("beam2_scores").EnumerateArray().Select(s => s.GetDouble()).ToArray();
            var length = @case.Value.GetProperty("beam2_sequences")[0].GetArrayLength() - prompts[0].Length;
            var options = new DecodingOptions { Beams = 2, ReturnedSequences = wanted.Length / prompts.Length, MaxNewTokens = length };
            var scores = TextGenerator.GenerateScored(model, prompts, options, 0, plain: plain).SelectMany(t => t.Select(s => s.Score));
            GoldenFolder.Report(file, $"{@case.Name}: beam scores", Deviation.Of(scores, wanted), ScoreTolerance);
        }
    }

    static CausalLM TiesModel(string head)
    {
        using var weights = new ModelCollapse.Models.Checkpoints.Safetensors(GoldenFolder.File("generate/ties/model.safetensors"));
        using var folder = new TemporaryFolder();
        File.Copy(GoldenFolder.File("generate/ties/config.json"), folder.File("config.json"));
        var named = weights.Tensors.Where(t => !t.Name.EndsWith(".lm_head.weight")).ToDictionary(t => t.Name, t => weights.Read(t.Name));
        named["lm_head.weight"] = weights.Read($"{head}.lm_head.weight");
        ModelCollapse.Models.Checkpoints.Safetensors.Write(folder.File("model.safetensors"), named);
        return CausalLM.Load(folder.Path, float32);
    }

    /// <summary>Whole rows as transformers returns them: padding, prompt, continuation, filled up to the longest.</summary>
    static (int[][] Rows, double[] Scores) Generate(CausalLM model, JsonElement @case, DecodingOptions options, JsonElement settings, bool plain)
    {
        var padded = @case.GetProperty("input_ids").EnumerateArray().Select(Ints).ToArray();
        int[][] masks = @case.TryGetProperty("attention_mask", out var given) && given.ValueKind == JsonValueKind.Array
            ? [.. given.EnumerateArray().Select(Ints)] : [.. padded.Select(p => p.Select(_ => 1).ToArray())];
        var prompts = padded.Zip(masks, (p, m) => p.Where((_, i) => m[i] == 1).ToArray()).ToArray();
        var texts = TextGenerator.GenerateScored(model, prompts, options, 0, plain: plain);
        var longest = texts.Max(t => t.Max(s => s.Tokens.Length));
        // Without a padding id the first end id fills up; beam search takes 0 for none.
        var none = options.PadId is null || options.Beams > 1 && options.PadId is 0;
        var fill = none && options.EosIds.Count > 0 ? options.EosIds[0] : options.PadId ?? 0;
        return (
            [.. texts.SelectMany((t, i) => t.Select(s => (int[])[.. padded[i], .. s.Tokens, .. Enumerable.Repeat(fill, longest - s.Tokens.Length)]))],
            [.. texts.SelectMany(t => t.Select(s => s.Score))]);
    }

    internal static DecodingOptions Options(JsonElement settings)
    {
        var options = new DecodingOptions();
        foreach (var s in settings.EnumerateObject().Where(s => s.Value.ValueKind != JsonValueKind.Null))
            options = s.Name switch
            {
                "do_sample" => options with { Sample = s.Value.GetBoolean() },
                "num_beams" => options with { Beams = s.Value.GetInt32() },
                "max_new_tokens" => options with { MaxNewTokens = s.Value.GetInt32() },
                "min_new_tokens" => options with { MinNewTokens = s.Value.GetInt32() },
                "repetition_penalty" => options with { RepetitionPenalty = s.Value.GetDouble() },
                "no_repeat_ngram_size" => options with { NoRepeatNGram = s.Value.GetInt32() },
                "length_penalty" => options with { LengthPenalty = s.Value.GetDouble() },
                "num_return_sequences" => options with { ReturnedSequences = s.Value.GetInt32() },
                "pad_token_id" => options with { PadId = s.Value.GetInt32() },
                "eos_token_id" => options with { EosIds = s.Value.ValueKind == JsonValueKind.Array ? Ints(s.Value) : [s.Value.GetInt32()] },
                "suppress_tokens" => options with { SuppressTokens = Ints(s.Value) },
                "early_stopping" => options with
                {
                    EarlyStopping = s.Value.ValueKind switch { JsonValueKind.True => EarlyStopping.True, JsonValueKind.False => EarlyStopping.False, _ => EarlyStopping.Never },
                },
                _ => throw new InvalidOperationException($"The setting {s.Name} is not known to this test."),
            };
        // Without beams these have no effect in transformers; here they would be refused.
        return options.Beams > 1 ? options : options with { LengthPenalty = 1, EarlyStopping = EarlyStopping.False };
    }

    static bool HasCases(JsonElement json) => json.TryGetProperty("cases", out _) && !json.TryGetProperty("input_ids", out _);

    static string Relative(string path) => Path.GetRelativePath(GoldenFolder.Path, path);

    internal static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetInt32())];
}
