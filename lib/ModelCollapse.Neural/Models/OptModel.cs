using ModelCollapse.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace ModelCollapse.Models;

/// <summary>
/// OPT (Zhang et al. 2022, arXiv 2205.01068): learned positions with an offset of 2, LayerNorm before each block (after it in
/// opt-350m), ReLU in the MLP, and usually a head tied to the embedding.
/// </summary>
public sealed class OptModel : CausalLM
{
    internal const int PositionOffset = 2;
    const string Decoder = "model.decoder.";

    readonly Dictionary<string, Tensor> parameters;

    internal OptModel(OptConfig config, Dictionary<string, Tensor> parameters) : base(parameters) => (Config, this.parameters) = (config, parameters);

    /// <inheritdoc/>
    public override OptConfig Config { get; }

    /// <summary>This model, sharing its weights, with dropout off in training too.</summary>
    public OptModel WithoutDropout()
    {
        var without = new OptModel(Config with { Dropout = 0 }, parameters);
        without.ShareUnrounded(this);
        return without;
    }

    /// <inheritdoc/>
    public override Tensor HeadWeight => Parameters[Config.TiedHead ? Decoder + "embed_tokens.weight" : "lm_head.weight"];

    /// <inheritdoc/>
    public override Tensor Decode(Tensor ids, Tensor? attentionMask = null, Tensor? positions = null, IList<Tensor>? hiddenStates = null)
    {
        using var scope = NewDisposeScope();
        var x = Embedding(ids, P("embed_tokens.weight"), Config.PadId);             // [batch, time, embed]
        if (Config.IsProjected) x = F.linear(x, P("project_in.weight"));                            // [batch, time, width]
        var at = positions ?? DefaultPositions(ids, attentionMask);                                 // [batch or 1, time]
        x = Dropout(x.Plus(Embedding(at.Plus(PositionOffset), P("embed_positions.weight"))), Config.Dropout);

        var mask = CausalMask.For(ids.shape[1], attentionMask, DType);
        for (var layer = 0; layer < Config.Layers; layer++)
        {
            Keep(x, hiddenStates);
            using var inner = NewDisposeScope(); // what autograd does not keep goes at once: a deep model would hold gigabytes
            x = Block(x, $"layers.{layer}.", mask).MoveToOuterDisposeScope();
        }

        if (Config.HasFinalNorm) x = Norm(x, "final_layer_norm");
        if (Config.IsProjected) x = F.linear(x, P("project_out.weight"));                           // [batch, time, embed]
        Keep(x, hiddenStates);
        return x.MoveToOuterDisposeScope();
    }

    Tensor Block(Tensor x, string at, Tensor mask)
    {
        var attended = Attend(Config.NormBefore ? Norm(x, at + "self_attn_layer_norm") : x, at + "self_attn.", mask);
        x = x.Plus(Dropout(attended, Config.Dropout));
        if (!Config.NormBefore) x = Norm(x, at + "self_attn_layer_norm");

        var hidden = Config.NormBefore ? Norm(x, at + "final_layer_norm") : x;
        hidden = Linear(Linear(hidden, at + "fc1").relu_(), at + "fc2");                            // [batch, time, ffn] -> [batch, time, width]
        x = x.Plus(Dropout(hidden, Config.Dropout));
        return Config.NormBefore ? x : Norm(x, at + "final_layer_norm");
    }

    Tensor Attend(Tensor x, string at, Tensor mask)
    {
        var (batch, time) = (x.shape[0], x.shape[1]);
        var mixed = Attention(Heads("q_proj"), Heads("k_proj"), Heads("v_proj"), mask);              // [batch, heads, time, head_dim]
        return Linear(mixed.transpose(1, 2).reshape(batch, time, Config.Width), at + "out_proj");

        Tensor Heads(string name) => Linear(x, at + name).view(batch, time, Config.Heads, Config.HeadDim).transpose(1, 2);
    }

    Tensor Linear(Tensor x, string name) => F.linear(x, P(name + ".weight"), Config.Bias ? P(name + ".bias") : null);

    Tensor Norm(Tensor x, string name) => Config.AffineNorm
        ? F.layer_norm(x, [Config.Width], P(name + ".weight"), P(name + ".bias"), LayerNormEpsilon)
        : F.layer_norm(x, [Config.Width], null, null, LayerNormEpsilon);

    internal const double LayerNormEpsilon = 1e-5;

    /// <summary>Padding at the left gives -1, so row 1 of the position table, as in Hugging Face.</summary>
    static Tensor DefaultPositions(Tensor ids, Tensor? attentionMask) => attentionMask is null
        ? arange(ids.shape[1], int64).unsqueeze(0)
        : attentionMask.to(int64).cumsum(1) * attentionMask.to(int64) - 1;

    Tensor P(string name) => Parameters[Decoder + name];
}
