using System.Text.Json.Nodes;
using ModelCollapse.Models;
using TorchSharp;

namespace ModelCollapse.Tests.Extensions;

/// <summary>The shape of an architecture from another assembly than the library: the first of two files.</summary>
[Kind("own-bigram")]
public sealed record OwnConfig : CausalLMConfig, IConfigFromJson
{
    public override int KeyValueHeads => Heads;

    public override int HeadDim => Width / Heads;

    public override int HeadWidth => Width;

    public static CausalLMConfig From(ConfigJson json) => new OwnConfig
    {
        VocabularySize = json.Int("vocab_size"),
        Width = json.Int("hidden_size"),
        Layers = 1,
        Heads = 1,
        FeedForward = 1,
        MaxPositions = json.Int("max_position_embeddings"),
        TiedHead = false,
        EosIds = json.Ids("eos_token_id"),
        PadId = json.Id("pad_token_id"),
    };

    public override JsonObject ToJson() => new()
    {
        ["model_type"] = "own-bigram",
        ["vocab_size"] = VocabularySize,
        ["hidden_size"] = Width,
        ["max_position_embeddings"] = MaxPositions,
    };

    public override IEnumerable<(string Name, long[] Shape, Initialisation Start)> Shapes()
    {
        yield return ("embed.weight", [VocabularySize, Width], Initialisation.Embedding);
        yield return ("lm_head.weight", [VocabularySize, Width], Initialisation.Normal);
    }

    public override CausalLM Build(Dictionary<string, torch.Tensor> parameters) => new OwnModel(this, parameters);

    protected override string? Problem() => null;
}
