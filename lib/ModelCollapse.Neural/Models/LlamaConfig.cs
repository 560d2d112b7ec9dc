using System.Text.Json.Nodes;
using TorchSharp;

namespace ModelCollapse.Models;

/// <summary>Shape and hyper-parameters of a <see cref="LlamaModel"/>.</summary>
[Kind("llama")]
public sealed record LlamaConfig : CausalLMConfig, IConfigFromJson
{
    /// <inheritdoc/>
    public override int KeyValueHeads => KeyValueHeadCount;

    /// <inheritdoc/>
    public override int HeadDim => HeadWidthOfAttention;

    /// <inheritdoc/>
    public override int HeadWidth => Width;

    /// <summary>Number of key and value heads, <c>num_key_value_heads</c>.</summary>
    public required int KeyValueHeadCount { get; init; }

    /// <summary>Width of one attention head, <c>head_dim</c>; heads × head_dim need not be the width.</summary>
    public required int HeadWidthOfAttention { get; init; }

    /// <summary>Base of the rotary angles, <c>rope_theta</c>.</summary>
    public required double RopeTheta { get; init; }

    /// <summary>Added to the mean square in RMSNorm, <c>rms_norm_eps</c>.</summary>
    public required double NormEpsilon { get; init; }

    /// <inheritdoc/>
    public static CausalLMConfig From(ConfigJson json)
    {
        json.Require("hidden_act", "silu");
        json.RequireAbsent("rope_scaling");
        var rope = json.Section("rope_parameters");
        rope?.Require("rope_type", "default");
        foreach (var bias in (string[])["attention_bias", "mlp_bias"])
            if (json.Bool(bias, false)) json.RequireAbsent(bias);
        var (width, heads) = (json.Int("hidden_size"), json.Int("num_attention_heads"));
        return new LlamaConfig
        {
            VocabularySize = json.Int("vocab_size"),
            Width = width,
            Layers = json.Int("num_hidden_layers"),
            Heads = heads,
            KeyValueHeadCount = json.Int("num_key_value_heads", heads),
            HeadWidthOfAttention = json.Int("head_dim", width / Math.Max(heads, 1)),
            FeedForward = json.Int("intermediate_size"),
            MaxPositions = json.Int("max_position_embeddings"),
            TiedHead = json.Bool("tie_word_embeddings", false),
            RopeTheta = rope?.Double("rope_theta", 10_000) ?? json.Double("rope_theta", 10_000),
            NormEpsilon = json.Double("rms_norm_eps", 1e-6),
            BosId = json.Id("bos_token_id"),
            EosIds = json.Ids("eos_token_id"),
            PadId = json.Id("pad_token_id"),
        };
    }

    /// <inheritdoc/>
    public override CausalLM Build(Dictionary<string, torch.Tensor> parameters) => new LlamaModel(this, parameters);

    /// <inheritdoc/>
    protected override string? Problem() =>
        KeyValueHeads < 1 || Heads % KeyValueHeads != 0 ? $"{Heads} heads cannot share {KeyValueHeads} key-value heads"
        : HeadDim < 2 || HeadDim % 2 != 0 ? $"a head of width {HeadDim} cannot be rotated in pairs"
        : !(NormEpsilon >= 0 && NormEpsilon < 1) || !double.IsFinite(RopeTheta) || RopeTheta <= 0 ? $"the constants eps {NormEpsilon} and rope_theta {RopeTheta} are impossible"
        : null;

    /// <inheritdoc/>
    public override JsonObject ToJson() => new()
    {
        ["architectures"] = new JsonArray("LlamaForCausalLM"),
        ["model_type"] = "llama",
        ["hidden_act"] = "silu",
        ["vocab_size"] = VocabularySize,
        ["hidden_size"] = Width,
        ["num_hidden_layers"] = Layers,
        ["num_attention_heads"] = Heads,
        ["num_key_value_heads"] = KeyValueHeads,
        ["head_dim"] = HeadDim,
        ["intermediate_size"] = FeedForward,
        ["max_position_embeddings"] = MaxPositions,
        ["tie_word_embeddings"] = TiedHead,
        ["rope_theta"] = RopeTheta,
        ["rope_parameters"] = new JsonObject { ["rope_type"] = "default", ["rope_theta"] = RopeTheta },
        ["rms_norm_eps"] = NormEpsilon,
    };

    /// <summary>Every parameter with its shape, in Hugging Face's order.</summary>
    public override IEnumerable<(string Name, long[] Shape, Initialisation Start)> Shapes()
    {
        yield return ("model.embed_tokens.weight", [VocabularySize, Width], Initialisation.Normal);
        for (var layer = 0; layer < Layers; layer++)
        {
            var at = $"model.layers.{layer}.";
            yield return (at + "self_attn.q_proj.weight", [Heads * HeadDim, Width], Initialisation.Normal);
            yield return (at + "self_attn.k_proj.weight", [KeyValueHeads * HeadDim, Width], Initialisation.Normal);
            yield return (at + "self_attn.v_proj.weight", [KeyValueHeads * HeadDim, Width], Initialisation.Normal);
            yield return (at + "self_attn.o_proj.weight", [Width, Heads * HeadDim], Initialisation.Normal);
            yield return (at + "mlp.gate_proj.weight", [FeedForward, Width], Initialisation.Normal);
            yield return (at + "mlp.up_proj.weight", [FeedForward, Width], Initialisation.Normal);
            yield return (at + "mlp.down_proj.weight", [Width, FeedForward], Initialisation.Normal);
            yield return (at + "input_layernorm.weight", [Width], Initialisation.One);
            yield return (at + "post_attention_layernorm.weight", [Width], Initialisation.One);
        }

        yield return ("model.norm.weight", [Width], Initialisation.One);
        if (!TiedHead) yield return ("lm_head.weight", [VocabularySize, Width], Initialisation.Normal);
    }
}
