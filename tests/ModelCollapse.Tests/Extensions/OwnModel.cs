using ModelCollapse.Models;
using static TorchSharp.torch;

namespace ModelCollapse.Tests.Extensions;

/// <summary>An architecture from another assembly than the library: the second of two files. Each token is predicted from the one before it.</summary>
public sealed class OwnModel(OwnConfig config, Dictionary<string, Tensor> parameters) : CausalLM(parameters)
{
    public override CausalLMConfig Config => config;

    public override Tensor HeadWeight => Parameters["lm_head.weight"];

    public override Tensor Decode(Tensor ids, Tensor? attentionMask = null, Tensor? positions = null, IList<Tensor>? hiddenStates = null)
    {
        var states = Embedding(ids, Parameters["embed.weight"], config.PadId);                       // [batch, time, width]
        Keep(states, hiddenStates);
        return states;
    }
}
