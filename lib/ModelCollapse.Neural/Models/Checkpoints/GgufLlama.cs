using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Models.Checkpoints;

/// <summary>A Llama model in a GGUF, shown under Hugging Face's names and in its row order.</summary>
public sealed class GgufLlama : Checkpoint
{
    readonly Dictionary<string, string> ggufNames = new(StringComparer.Ordinal);
    readonly LlamaConfig config;

    /// <summary>Opens a file.</summary>
    /// <exception cref="InputException">It is damaged, or of another architecture.</exception>
    public GgufLlama(string path)
    {
        Source = new(path);
        try
        {
            if (Source.Get<string>("general.architecture") is not "llama" and var other)
                throw new InputException($"{path} holds a model of architecture {other}: only llama is read from GGUF.");
            foreach (var tensor in Source.Tensors)
                if (!ggufNames.TryAdd(HuggingFaceName(tensor.Name), tensor.Name))
                    throw new InputException($"{path} holds {HuggingFaceName(tensor.Name)} twice, under two names: download it again.");
            config = ReadConfig();
            config.Check(path);
        }
        catch
        {
            Source.Dispose();
            throw;
        }
    }

    /// <summary>The file as it is, with its metadata.</summary>
    public Gguf Source { get; }

    /// <inheritdoc/>
    public override CausalLMConfig Config => config;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorInfo> Tensors =>
        [.. Source.Tensors.Select(t => t with { Name = HuggingFaceName(t.Name) })];

    /// <inheritdoc/>
    public override Tensor Read(string name)
    {
        var tensor = Source.Read(ggufNames[name]);
        if (name.EndsWith("q_proj.weight", StringComparison.Ordinal)) return InHalves(tensor, config.Heads);
        if (name.EndsWith("k_proj.weight", StringComparison.Ordinal)) return InHalves(tensor, config.KeyValueHeads);
        return tensor;
    }

    /// <summary>llama.cpp interleaves the two halves of each head's rows, which rotary positions pair; Hugging Face keeps them apart.</summary>
    static Tensor InHalves(Tensor rows, int heads)
    {
        using (rows)
        using (var scope = NewDisposeScope())
            return rows.view(heads, -1, 2, rows.shape[1]).transpose(1, 2).reshape(rows.shape).MoveToOuterDisposeScope();
    }

    LlamaConfig ReadConfig()
    {
        int Int(string key) => Source.Get<int>("llama." + key);
        if (Source.TryGet<string>("llama.rope.scaling.type", out var scaling) && scaling != "none")
            throw new InputException($"{Source.Path} scales its rotary positions ({scaling}), which is not built: use another model.");
        var embedding = Source.Tensors.FirstOrDefault(t => t.Name == "token_embd.weight")
            ?? throw new InputException($"{Source.Path} lacks the tensor token_embd.weight: it is not a whole language model.");
        if (embedding.Shape is not [<= int.MaxValue, _]) throw new InputException($"{Source.Path} is damaged: token_embd.weight is not a matrix; download it again.");
        var (width, heads) = (Int("embedding_length"), Int("attention.head_count"));
        return new()
        {
            VocabularySize = (int)embedding.Shape[0],
            Width = width,
            Layers = Int("block_count"),
            Heads = heads,
            KeyValueHeadCount = Source.TryGet<int>("llama.attention.head_count_kv", out var kv) ? kv : heads,
            HeadWidthOfAttention = Source.TryGet<int>("llama.attention.key_length", out var dim) ? dim : width / Math.Max(heads, 1),
            FeedForward = Int("feed_forward_length"),
            MaxPositions = Int("context_length"),
            TiedHead = Source.Tensors.All(t => t.Name != "output.weight"),
            RopeTheta = Source.TryGet<double>("llama.rope.freq_base", out var theta) ? theta : 10_000,
            // Stored as float32: round back to the decimal that was meant.
            NormEpsilon = Source.Get<float>("llama.attention.layer_norm_rms_epsilon") is >= 0 and < 1 and float epsilon ? (double)(decimal)epsilon : double.NaN,
            BosId = Id("bos"),
            EosIds = Id("eos") is { } eos ? [eos] : [],
            PadId = Id("padding"),
        };

        int? Id(string role) => Source.TryGet<int>($"tokenizer.ggml.{role}_token_id", out var id) ? id : null;
    }

    static string HuggingFaceName(string name)
    {
        var parts = name.Split('.');
        return parts switch
        {
            ["token_embd", "weight"] => "model.embed_tokens.weight",
            ["output_norm", "weight"] => "model.norm.weight",
            ["output", "weight"] => "lm_head.weight",
            ["blk", var layer, var part, "weight"] when Parts.TryGetValue(part, out var hf) => $"model.layers.{layer}.{hf}.weight",
            _ => name, // unknown: reported by name when the model is built
        };
    }

    static readonly Dictionary<string, string> Parts = new()
    {
        ["attn_q"] = "self_attn.q_proj", ["attn_k"] = "self_attn.k_proj", ["attn_v"] = "self_attn.v_proj", ["attn_output"] = "self_attn.o_proj",
        ["ffn_gate"] = "mlp.gate_proj", ["ffn_up"] = "mlp.up_proj", ["ffn_down"] = "mlp.down_proj",
        ["attn_norm"] = "input_layernorm", ["ffn_norm"] = "post_attention_layernorm",
    };

    /// <inheritdoc/>
    public override void Dispose()
    {
        Source.Dispose();
        base.Dispose();
    }
}
