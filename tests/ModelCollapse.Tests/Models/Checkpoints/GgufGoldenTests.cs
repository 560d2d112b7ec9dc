using System.Text.Json;
using ModelCollapse.Models;
using ModelCollapse.Models.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Tests.Models.Checkpoints;

/// <summary>GGUF in every type that is read: dequantised values, row order, logits, against the gguf package and transformers.</summary>
[Trait("kind", "golden")]
public class GgufGoldenTests
{
    const double LogitTolerance = 2e-4;

    static readonly Dictionary<string, JsonElement> Types = GoldenFolder.Json("gguf/summary.json").GetProperty("types").EnumerateObject().ToDictionary(t => t.Name, t => t.Value);

    [Fact]
    public void Every_type_agrees_in_values_row_order_and_logits()
    {
        using var original = CausalLM.Load(GoldenFolder.Folder("gguf/original"), float32);
        Assert.NotEmpty(Types);
        foreach (var (type, summary) in Types)
        {
            using var scope = NewDisposeScope();
            var file = $"gguf/tiny-{type}.gguf";
            using var expected = new Safetensors(GoldenFolder.File($"gguf/tiny-{type}.expected.safetensors"));
            using var checkpoint = new GgufLlama(GoldenFolder.File(file));
            GoldenFolder.Report(file, "configuration", Differing((LlamaConfig)checkpoint.Config, summary.GetProperty("config_as_transformers_reads_it")), 0);
            CompareValues(file, "values, in ulps", "hf.", checkpoint, expected);
            CompareValues(file, "values in the file's row order, in ulps", "gguf_order.", checkpoint.Source, expected);

            using var model = CausalLM.Load(GoldenFolder.File(file), float32);
            var stored = expected.Tensors.Where(t => t.Name.StartsWith("hf.")).Select(t => t.Name["hf.".Length..]).Order().ToList();
            if (stored.Count > 0) Assert.Equal(model.Parameters.Keys.Order(), stored);
            else GoldenFolder.Report(file, "weights against original/", Deviation.Of(model.Parameters, original.Parameters), 0); // nothing was lost

            var (ids, wanted) = (expected.Read("input_ids"), expected.Read("logits"));
            var (logits, before) = (model.Logits(ids), original.Logits(ids));
            GoldenFolder.Report(file, "logits", Deviation.Of(logits, wanted), LogitTolerance);
            GoldenFolder.Report(file, "logits of original/", Deviation.Of(before, expected.Read("logits_original")), LogitTolerance);
            GoldenFolder.Report(file, "distance to the logits of original/", Math.Abs(Deviation.Of(logits, before) - summary.GetProperty("max_abs_logit_difference_from_the_original").GetDouble()), 2 * LogitTolerance);
            if (stored.Count == 0) GoldenFolder.Report(file, "logits against those of original/", Deviation.Of(logits, before), 0);
        }
    }

    [Fact]
    public void Blocks_of_every_type_agree()
    {
        using var expected = new Safetensors(GoldenFolder.File("gguf/blocks.expected.safetensors"));
        using var blocks = new Gguf(GoldenFolder.File("gguf/blocks.gguf"));
        var described = GoldenFolder.Json("gguf/summary.json").GetProperty("blocks").EnumerateObject().ToList();
        Assert.NotEmpty(described);
        Assert.Equal(described.Select(b => b.Name).Order(), expected.Tensors.Select(t => t.Name).Order());
        Assert.Equal(described.Select(b => b.Name).Order(), blocks.Tensors.Select(t => t.Name).Order());
        foreach (var block in described)
        {
            using var scope = NewDisposeScope();
            var found = blocks.Read(block.Name);
            Assert.Equal(block.Value.GetProperty("shape_rows_columns").EnumerateArray().Select(d => d.GetInt64()), found.shape);
            GoldenFolder.Report("gguf/blocks.gguf", $"{block.Value.GetProperty("type").GetString()}, in ulps", Deviation.Ulps(found, expected.Read(block.Name)), 1);
        }
    }

    static void CompareValues(string file, string what, string prefix, Checkpoint checkpoint, Safetensors expected)
    {
        var names = expected.Tensors.Select(t => t.Name).Where(n => n.StartsWith(prefix)).ToList();
        var ulps = 0.0;
        foreach (var name in names)
        {
            using var scope = NewDisposeScope();
            ulps = Math.Max(ulps, Deviation.Ulps(checkpoint.Read(name[prefix.Length..]), expected.Read(name)));
        }

        if (names.Count > 0) GoldenFolder.Report(file, what, ulps, 1);
    }

    /// <summary>How many settings differ from what transformers read from the same GGUF. It keeps eps as the float32 of the file.</summary>
    internal static int Differing(LlamaConfig config, JsonElement wanted) => wanted.EnumerateObject().Count(field => field.Name switch
    {
        "hidden_size" => config.Width != field.Value.GetInt32(),
        "intermediate_size" => config.FeedForward != field.Value.GetInt32(),
        "num_hidden_layers" => config.Layers != field.Value.GetInt32(),
        "num_attention_heads" => config.Heads != field.Value.GetInt32(),
        "num_key_value_heads" => config.KeyValueHeads != field.Value.GetInt32(),
        "head_dim" => config.HeadDim != field.Value.GetInt32(),
        "vocab_size" => config.VocabularySize != field.Value.GetInt32(),
        "max_position_embeddings" => config.MaxPositions != field.Value.GetInt32(),
        "tie_word_embeddings" => config.TiedHead != field.Value.GetBoolean(),
        "rms_norm_eps" => (float)config.NormEpsilon != (float)field.Value.GetDouble(),
        "rope_parameters" => config.RopeTheta != field.Value.GetProperty("rope_theta").GetDouble(),
        var other => throw new InvalidDataException($"The setting {other} is compared with nothing."),
    });
}
