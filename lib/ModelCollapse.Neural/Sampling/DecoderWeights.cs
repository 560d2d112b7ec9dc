using ModelCollapse.Models;
using ModelCollapse.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace ModelCollapse.Sampling;

/// <summary>The weights of a model arranged for decoding: projections that read the same input are joined into one matrix.</summary>
sealed class DecoderWeights : IDisposable
{
    readonly List<Tensor> joined = [];

    DecoderWeights()
    {
    }

    public required IReadOnlyList<DecoderLayer> Layers { get; init; }

    /// <summary>Rows [rows, width] for ids [rows] at positions [rows].</summary>
    public required Func<Tensor, int[], Tensor> Embed { get; init; }

    /// <summary>What stands between the last layer and the head.</summary>
    public required Func<Tensor, Tensor> Finish { get; init; }

    /// <summary>[vocab, width].</summary>
    public required Tensor Head { get; init; }

    /// <summary>Angle per position of each pair of a head, [head_dim / 2]; null without rotary positions.</summary>
    public float[]? RotaryFrequencies { get; init; }

    /// <summary>The position that padding is given.</summary>
    public int FirstPosition { get; init; }

    /// <summary>The weights of a model; null for an architecture that has no fast path, which then decodes without a cache.</summary>
    public static DecoderWeights? Of(CausalLM model) => model switch
    {
        OptModel opt => Of(opt),
        LlamaModel llama => Of(llama),
        _ => null,
    };

    static DecoderWeights Of(OptModel model)
    {
        var (config, joined) = (model.Config, new List<Tensor>());
        Tensor? P(string name) => model.Parameters.TryGetValue("model.decoder." + name, out var weight) ? weight.detach() : null;
        Norm NormOf(string name) => new(P(name + ".weight"), P(name + ".bias"), OptModel.LayerNormEpsilon, config.Width);
        LinearMap Map(string name) => new(P(name + ".weight")!, P(name + ".bias"));
        LinearMap Join(params string[] names) => new(Joined(names.Select(n => P(n + ".weight")!)), config.Bias ? Joined(names.Select(n => P(n + ".bias")!)) : null);
        Tensor Joined(IEnumerable<Tensor> parts)
        {
            joined.Add(cat([.. parts]).DetachFromDisposeScope());
            return joined[^1];
        }

        var weights = new DecoderWeights
        {
            Layers = [.. Enumerable.Range(0, config.Layers).Select(l => $"layers.{l}.").Select(at => new DecoderLayer
            {
                NormBefore = config.NormBefore,
                AttentionNorm = NormOf(at + "self_attn_layer_norm"),
                Qkv = Join(at + "self_attn.q_proj", at + "self_attn.k_proj", at + "self_attn.v_proj"),
                Output = Map(at + "self_attn.out_proj"),
                FeedForwardNorm = NormOf(at + "final_layer_norm"),
                FeedForward = x => Map(at + "fc2").Apply(Map(at + "fc1").Apply(x).relu_()),
            })],
            Embed = (ids, positions) =>
            {
                var x = P("embed_tokens.weight")!.index_select(0, ids);
                if (config.IsProjected) x = F.linear(x, P("project_in.weight")!);
                return x.Plus(P("embed_positions.weight")!.index_select(0, tensor(Array.ConvertAll(positions, p => (long)p + OptModel.PositionOffset))));
            },
            Finish = x =>
            {
                if (config.HasFinalNorm) x = NormOf("final_layer_norm").Apply(x);
                return config.IsProjected ? F.linear(x, P("project_out.weight")!) : x;
            },
            Head = model.HeadWeight.detach(),
            FirstPosition = -1,
        };
        weights.joined.AddRange(joined);
        return weights;
    }

    static DecoderWeights Of(LlamaModel model)
    {
        var (config, joined) = (model.Config, new List<Tensor>());
        Tensor P(string name) => model.Parameters[name + ".weight"].detach();
        Norm NormOf(string name) => new(P(name), null, config.NormEpsilon, config.Width) { Root = true };
        LinearMap Join(params string[] names)
        {
            joined.Add(cat([.. names.Select(P)]).DetachFromDisposeScope());
            return new(joined[^1], null);
        }

        using var frequencies = LlamaModel.RotaryFrequencies(config);
        var weights = new DecoderWeights
        {
            Layers = [.. Enumerable.Range(0, config.Layers).Select(l => $"model.layers.{l}.").Select(at =>
            {
                var (gateUp, down) = (Join(at + "mlp.gate_proj", at + "mlp.up_proj"), new LinearMap(P(at + "mlp.down_proj"), null));
                return new DecoderLayer
                {
                    NormBefore = true,
                    AttentionNorm = NormOf(at + "input_layernorm"),
                    Qkv = Join(at + "self_attn.q_proj", at + "self_attn.k_proj", at + "self_attn.v_proj"),
                    Output = new(P(at + "self_attn.o_proj"), null),
                    FeedForwardNorm = NormOf(at + "post_attention_layernorm"),
                    FeedForward = x => down.Apply(RowKernels.SiluGate(gateUp.Apply(x))),
                };
            })],
            Embed = (ids, _) => P("model.embed_tokens").index_select(0, ids),
            Finish = NormOf("model.norm").Apply,
            Head = model.HeadWeight.detach(),
            RotaryFrequencies = [.. frequencies.data<float>()],
        };
        weights.joined.AddRange(joined);
        return weights;
    }

    public void Dispose()
    {
        foreach (var tensor in joined) tensor.Dispose();
    }
}

/// <summary>One decoder layer.</summary>
sealed class DecoderLayer
{
    public required bool NormBefore { get; init; }

    public required Norm AttentionNorm { get; init; }

    /// <summary>Queries, keys and values in one matrix.</summary>
    public required LinearMap Qkv { get; init; }

    public required LinearMap Output { get; init; }

    public required Norm FeedForwardNorm { get; init; }

    /// <summary>The MLP, [rows, width] to [rows, width].</summary>
    public required Func<Tensor, Tensor> FeedForward { get; init; }
}

/// <summary>x·Wᵀ + b.</summary>
sealed record LinearMap(Tensor Weight, Tensor? Bias)
{
    public Tensor Apply(Tensor x) => F.linear(x, Weight, Bias);
}

/// <summary>LayerNorm, or RMSNorm where <see cref="Root"/> is set.</summary>
sealed record Norm(Tensor? Weight, Tensor? Bias, double Epsilon, int Width)
{
    public bool Root { get; init; }

    public Tensor Apply(Tensor x) => Root ? RowKernels.RmsNorm(x, Weight!, (float)Epsilon) : F.layer_norm(x, [Width], Weight, Bias, Epsilon);
}
