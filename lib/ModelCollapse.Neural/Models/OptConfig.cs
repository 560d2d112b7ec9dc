using System.Text.Json.Nodes;
using TorchSharp;

namespace ModelCollapse.Models;

/// <summary>Shape and hyper-parameters of an <see cref="OptModel"/>; the names in remarks are those of Hugging Face's <c>config.json</c>.</summary>
[Kind("opt")]
public sealed record OptConfig : CausalLMConfig, IConfigFromJson
{
    /// <summary>Width of the token embedding, <c>word_embed_proj_dim</c>; differs from the width in opt-350m.</summary>
    public required int EmbeddingWidth { get; init; }

    /// <summary>Whether LayerNorm comes before each block (<c>do_layer_norm_before</c>) or after it.</summary>
    public bool NormBefore { get; init; } = true;

    /// <summary>Whether linear layers have a bias, <c>enable_bias</c>.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Whether LayerNorm has weight and bias, <c>layer_norm_elementwise_affine</c>.</summary>
    public bool AffineNorm { get; init; } = true;

    /// <summary>Probability of dropout in training, after the embedding and after each sub-layer.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Whether checkpoints of this model lack the last norm although norms come first, <c>_remove_final_layer_norm</c>.</summary>
    public bool RemoveFinalNorm { get; init; }

    /// <inheritdoc/>
    public override int KeyValueHeads => Heads;

    /// <inheritdoc/>
    public override int HeadDim => Width / Heads;

    /// <inheritdoc/>
    public override int HeadWidth => EmbeddingWidth;

    internal bool IsProjected => EmbeddingWidth != Width;

    internal bool HasFinalNorm => NormBefore && !RemoveFinalNorm;

    /// <inheritdoc/>
    public static CausalLMConfig From(ConfigJson json)
    {
        json.Require("activation_function", "relu");
        var width = json.Int("hidden_size");
        return new OptConfig
        {
            VocabularySize = json.Int("vocab_size"),
            Width = width,
            EmbeddingWidth = json.Int("word_embed_proj_dim", width),
            Layers = json.Int("num_hidden_layers"),
            Heads = json.Int("num_attention_heads"),
            FeedForward = json.Int("ffn_dim"),
            MaxPositions = json.Int("max_position_embeddings"),
            TiedHead = json.Bool("tie_word_embeddings", true),
            NormBefore = json.Bool("do_layer_norm_before", true),
            Bias = json.Bool("enable_bias", true),
            AffineNorm = json.Bool("layer_norm_elementwise_affine", true),
            RemoveFinalNorm = json.Bool("_remove_final_layer_norm", false),
            Dropout = json.Double("dropout", 0.1),
            BosId = json.Id("bos_token_id"),
            EosIds = json.Ids("eos_token_id"),
            PadId = json.Id("pad_token_id"),
        };
    }

    /// <inheritdoc/>
    public override CausalLM Build(Dictionary<string, torch.Tensor> parameters) => new OptModel(this, parameters);

    /// <inheritdoc/>
    protected override string? Problem() =>
        EmbeddingWidth < 1 || Width % Heads != 0 ? $"{Heads} heads cannot divide a width of {Width}"
        : !(Dropout >= 0 && Dropout < 1) ? $"a dropout of {Dropout} is impossible"
        : PadId is { } pad && (pad < 0 || pad >= VocabularySize) ? $"the padding id {pad} is none of {VocabularySize}"
        : null;

    /// <inheritdoc/>
    public override JsonObject ToJson() => new()
    {
        ["architectures"] = new JsonArray("OPTForCausalLM"),
        ["model_type"] = "opt",
        ["activation_function"] = "relu",
        ["vocab_size"] = VocabularySize,
        ["hidden_size"] = Width,
        ["word_embed_proj_dim"] = EmbeddingWidth,
        ["num_hidden_layers"] = Layers,
        ["num_attention_heads"] = Heads,
        ["ffn_dim"] = FeedForward,
        ["max_position_embeddings"] = MaxPositions,
        ["tie_word_embeddings"] = TiedHead,
        ["do_layer_norm_before"] = NormBefore,
        ["enable_bias"] = Bias,
        ["layer_norm_elementwise_affine"] = AffineNorm,
        ["_remove_final_layer_norm"] = RemoveFinalNorm,
        ["dropout"] = Dropout,
    };

    /// <summary>Every parameter with its shape, in Hugging Face's order.</summary>
    public override IEnumerable<(string Name, long[] Shape, Initialisation Start)> Shapes()
    {
        const string decoder = "model.decoder.";
        yield return (decoder + "embed_tokens.weight", [VocabularySize, EmbeddingWidth], Initialisation.Embedding);
        yield return (decoder + "embed_positions.weight", [MaxPositions + OptModel.PositionOffset, Width], Initialisation.Normal);
        if (IsProjected) yield return (decoder + "project_out.weight", [EmbeddingWidth, Width], Initialisation.Normal);
        if (IsProjected) yield return (decoder + "project_in.weight", [Width, EmbeddingWidth], Initialisation.Normal);
        if (HasFinalNorm)
            foreach (var p in Norm(decoder + "final_layer_norm")) yield return p;
        for (var layer = 0; layer < Layers; layer++)
        {
            var at = $"{decoder}layers.{layer}.";
            foreach (var name in (string[])["k_proj", "v_proj", "q_proj", "out_proj"])
                foreach (var p in Linear($"{at}self_attn.{name}", Width, Width)) yield return p;
            foreach (var p in Norm(at + "self_attn_layer_norm")) yield return p;
            foreach (var p in Linear(at + "fc1", FeedForward, Width)) yield return p;
            foreach (var p in Linear(at + "fc2", Width, FeedForward)) yield return p;
            foreach (var p in Norm(at + "final_layer_norm")) yield return p;
        }

        if (!TiedHead) yield return ("lm_head.weight", [VocabularySize, EmbeddingWidth], Initialisation.Normal);

        IEnumerable<(string, long[], Initialisation)> Linear(string name, int output, int input)
        {
            yield return (name + ".weight", [output, input], Initialisation.Normal);
            if (Bias) yield return (name + ".bias", [output], Initialisation.Zero);
        }

        IEnumerable<(string, long[], Initialisation)> Norm(string name)
        {
            if (!AffineNorm) yield break;
            yield return (name + ".weight", [Width], Initialisation.One);
            yield return (name + ".bias", [Width], Initialisation.Zero);
        }
    }
}
