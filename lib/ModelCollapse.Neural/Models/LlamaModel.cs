using System.Collections.Concurrent;
using ModelCollapse.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace ModelCollapse.Models;

/// <summary>
/// The Llama architecture (Touvron et al. 2023, arXiv 2302.13971) with grouped-query attention, as in SmolLM2: RMSNorm before each
/// block, rotary positions, SiLU-gated MLP, no biases.
/// </summary>
public sealed class LlamaModel : CausalLM
{
    readonly ConcurrentDictionary<long, (Tensor Cos, Tensor Sin)> rotations = new();

    internal LlamaModel(LlamaConfig config, Dictionary<string, Tensor> parameters) : base(parameters) => Config = config;

    /// <inheritdoc/>
    public override LlamaConfig Config { get; }

    /// <inheritdoc/>
    public override Tensor HeadWeight => Parameters[Config.TiedHead ? "model.embed_tokens.weight" : "lm_head.weight"];

    /// <inheritdoc/>
    public override Tensor Decode(Tensor ids, Tensor? attentionMask = null, Tensor? positions = null, IList<Tensor>? hiddenStates = null)
    {
        using var scope = NewDisposeScope();
        var x = Embedding(ids, Parameters["model.embed_tokens.weight"], Config.PadId); // [batch, time, width]
        var mask = CausalMask.For(ids.shape[1], attentionMask, DType);
        var rotation = positions is null ? rotations.GetOrAdd(ids.shape[1], Rotation) : Rotation(positions);
        for (var layer = 0; layer < Config.Layers; layer++)
        {
            Keep(x, hiddenStates);
            using var inner = NewDisposeScope(); // what autograd does not keep goes at once: a deep model would hold gigabytes
            var at = $"model.layers.{layer}.";
            x = x.Plus(Attend(Norm(x, at + "input_layernorm"), at + "self_attn.", mask, rotation));
            x = x.Plus(FeedForward(Norm(x, at + "post_attention_layernorm"), at + "mlp.")).MoveToOuterDisposeScope();
        }

        x = Norm(x, "model.norm");
        Keep(x, hiddenStates);
        return x.MoveToOuterDisposeScope();
    }

    Tensor Attend(Tensor x, string at, Tensor mask, (Tensor Cos, Tensor Sin) rotation)
    {
        var (batch, time) = (x.shape[0], x.shape[1]);
        var q = Rotate(Heads("q_proj", Config.Heads), rotation);                                     // [batch, heads, time, head_dim]
        var k = Rotate(Heads("k_proj", Config.KeyValueHeads), rotation);                             // [batch, kv_heads, time, head_dim]
        var mixed = Attention(q, k, Heads("v_proj", Config.KeyValueHeads), mask);                    // [batch, heads, time, head_dim]
        return Linear(mixed.transpose(1, 2).reshape(batch, time, Config.Heads * Config.HeadDim), at + "o_proj");

        Tensor Heads(string name, int heads) => Linear(x, at + name).view(batch, time, heads, Config.HeadDim).transpose(1, 2);
    }

    Tensor FeedForward(Tensor x, string at) =>
        Linear(F.silu(Linear(x, at + "gate_proj")) * Linear(x, at + "up_proj"), at + "down_proj");   // [batch, time, ffn] -> [batch, time, width]

    Tensor Linear(Tensor x, string name) => F.linear(x, Parameters[name + ".weight"]);

    /// <summary>RMSNorm, in float32 inside.</summary>
    Tensor Norm(Tensor x, string name)
    {
        var wide = x.to(float32);
        var scale = wide.square().mean([-1], keepdim: true).Shift(Config.NormEpsilon).rsqrt_();       // [batch, time, 1]
        return (wide * scale).to(DType) * Parameters[name + ".weight"];
    }

    /// <summary>Rotary embedding: component j of a head turns with component j + head_dim / 2.</summary>
    Tensor Rotate(Tensor x, (Tensor Cos, Tensor Sin) rotation)
    {
        var half = Config.HeadDim / 2;
        var turned = cat([x.narrow(-1, half, half).neg(), x.narrow(-1, 0, half)], -1);
        return (x * rotation.Cos).Plus(turned * rotation.Sin);
    }

    (Tensor Cos, Tensor Sin) Rotation(long time)
    {
        using var positions = arange(time, int64).unsqueeze(0);
        var (cos, sin) = Rotation(positions);
        return (cos.DetachFromDisposeScope(), sin.DetachFromDisposeScope());
    }

    /// <summary>Cosines and sines [batch or 1, 1, time, head_dim] of positions [batch or 1, time].</summary>
    (Tensor Cos, Tensor Sin) Rotation(Tensor positions)
    {
        using var scope = NewDisposeScope();
        var angles = positions.to(float32).unsqueeze(-1) * RotaryFrequencies(Config);                // [batch, time, head_dim / 2]
        angles = cat([angles, angles], -1).unsqueeze(1);                                             // [batch, 1, time, head_dim]
        return (angles.cos().to(DType).MoveToOuterDisposeScope(), angles.sin().to(DType).MoveToOuterDisposeScope());
    }

    /// <summary>θ^(-2j / head_dim) for j from 0, float32 [head_dim / 2].</summary>
    internal static Tensor RotaryFrequencies(LlamaConfig config) =>
        pow(config.RopeTheta, arange(0, config.HeadDim, 2, int64).to(float32) / config.HeadDim).reciprocal();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var (cos, sin) in rotations.Values)
        {
            cos.Dispose();
            sin.Dispose();
        }

        base.Dispose(disposing);
    }
}
