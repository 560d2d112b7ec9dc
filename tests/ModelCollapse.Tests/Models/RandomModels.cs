using ModelCollapse.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Tests.Models;

/// <summary>Small random models of every shape that is built. Their weights are far from the usual start, so that a mistake shows.</summary>
static class RandomModels
{
    public const int Vocabulary = 53, Positions = 48;

    static readonly OptConfig Opt = new()
    {
        VocabularySize = Vocabulary, Width = 24, EmbeddingWidth = 24, Layers = 2, Heads = 4, FeedForward = 40, MaxPositions = Positions,
        TiedHead = true, Dropout = 0, BosId = 2, EosIds = [2], PadId = 1,
    };

    static readonly LlamaConfig Llama = new()
    {
        VocabularySize = Vocabulary, Width = 24, Layers = 2, Heads = 6, KeyValueHeadCount = 2, HeadWidthOfAttention = 4, FeedForward = 40, MaxPositions = Positions,
        TiedHead = true, RopeTheta = 10_000, NormEpsilon = 1e-5, BosId = 2, EosIds = [2], PadId = 1,
    };

    static readonly Dictionary<string, CausalLMConfig> Configs = new()
    {
        ["opt"] = Opt,
        ["opt post-norm"] = Opt with { NormBefore = false },
        ["opt projected"] = Opt with { NormBefore = false, EmbeddingWidth = 16 },
        ["opt no-bias"] = Opt with { Bias = false, AffineNorm = false },
        ["opt untied"] = Opt with { TiedHead = false },
        ["llama"] = Llama,
        ["llama untied"] = Llama with { TiedHead = false, KeyValueHeadCount = 6 },
        ["llama wide heads"] = Llama with { Heads = 4, KeyValueHeadCount = 1, HeadWidthOfAttention = 10 },
    };

    /// <summary>The names of all shapes.</summary>
    public static TheoryData<string> Names => [.. Configs.Keys];

    public static CausalLMConfig ConfigOf(string name) => Configs[name];

    /// <summary>The model of a name; equal seeds give equal weights.</summary>
    public static CausalLM Create(string name, long seed = 1, ScalarType dtype = ScalarType.Float32)
    {
        var model = CausalLM.Create(Configs[name], dtype, seed);
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        foreach (var (parameter, weight) in model.Parameters)
            weight.copy_(randn(weight.shape, generator: generator).mul(0.3).add(parameter.Contains("norm") && parameter.EndsWith("weight") ? 1 : 0));
        return model;
    }

    /// <summary>Random token ids.</summary>
    public static int[] Ids(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(Vocabulary))];
}
