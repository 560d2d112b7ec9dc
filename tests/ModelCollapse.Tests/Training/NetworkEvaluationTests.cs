using ModelCollapse.Models;
using ModelCollapse.Tests.Models;
using ModelCollapse.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Tests.Training;

public class NetworkEvaluationTests
{
    static readonly int[][] Blocks = [[1, 2, 3, 4, 5], [9, 8, 7], [0, 52], [5, 5, 5, 5]];

    [Theory, MemberData(nameof(RandomModels.Names), MemberType = typeof(RandomModels))]
    public void A_model_of_zeros_is_uniform_so_its_perplexity_is_the_number_of_tokens(string name)
    {
        using var model = RandomModels.Create(name);
        using (no_grad())
            foreach (var weight in model.Parameters.Values) weight.zero_();
        var found = NetworkEvaluation.Of(model, Blocks, batchSize: 2);
        Assert.All(found.Perplexities, p => Assert.Equal(RandomModels.Vocabulary, p, 1e-4));
        Assert.Equal(RandomModels.Vocabulary, found.TokenPerplexity, 1e-4);
        Assert.Equal([4, 2, 1, 3], found.Predictions);
        Assert.Equal(0, found.StandardDeviation, 1e-3);
    }

    [Fact]
    public void Tokens_of_a_block_add_up_to_its_likelihood()
    {
        using var model = RandomModels.Create("opt");
        var found = NetworkEvaluation.Of(model, Blocks, batchSize: 3);
        Assert.Equal(found.LogLikelihoods, found.TokenLogLikelihoods.Select(t => t.Sum()));
        Assert.Equal(found.Predictions, found.TokenLogLikelihoods.Select(t => t.Length));
    }

    /// <summary>A vocabulary of whole vectors takes another path through the head than one with a remainder.</summary>
    [Theory]
    [InlineData(16)]
    [InlineData(48)]
    [InlineData(49)]
    [InlineData(1024)]
    public void Losses_are_those_of_the_logits_whatever_the_vocabulary(int vocabulary)
    {
        using var model = CausalLM.Create(RandomModels.ConfigOf("llama") with { VocabularySize = vocabulary }, float32, 1);
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        foreach (var weight in model.Parameters.Values) weight.mul_(20);
        var random = new Random(vocabulary);
        int[][] blocks = [.. Enumerable.Range(0, 5).Select(_ => Enumerable.Range(0, 9).Select(_ => random.Next(vocabulary)).ToArray())];
        var wanted = blocks.Select(b =>
        {
            var ids = tensor(Array.ConvertAll(b, i => (long)i));
            var logs = model.Logits(ids.unsqueeze(0)).squeeze(0).to(float64).log_softmax(1);
            return logs.narrow(0, 0, b.Length - 1).gather(1, ids.narrow(0, 1, b.Length - 1).unsqueeze(1)).sum().item<double>();
        });
        Assert.InRange(Deviation.Of(NetworkEvaluation.Of(model, blocks, batchSize: 2).LogLikelihoods, wanted), 0, 1e-4);
    }

    /// <summary>
    /// A Llama of width 2 whose layer adds nothing: the head sees √2·(1, 0) after token 0 and √2·(0, 1) after token 1, and its rows are
    /// (a, b), (0, 0), (0, 0), so p(0 | 0) = eᵃ / (eᵃ + 2) with a scaled by √2, and so on.
    /// </summary>
    [Fact]
    public void A_tiny_model_has_the_likelihood_that_a_hand_computes()
    {
        var config = new LlamaConfig
        {
            VocabularySize = 3, Width = 2, Layers = 1, Heads = 1, KeyValueHeadCount = 1, HeadWidthOfAttention = 2, FeedForward = 2, MaxPositions = 8,
            TiedHead = false, RopeTheta = 10_000, NormEpsilon = 1e-12,
        };
        using var model = CausalLM.Create(config, float32, 1);
        using (no_grad())
        {
            foreach (var (name, weight) in model.Parameters)
                if (!name.Contains("norm")) weight.zero_();
            model.Parameters["model.embed_tokens.weight"].copy_(tensor(new float[,] { { 1, 0 }, { 0, 1 }, { 1, 1 } }));
            model.Parameters["lm_head.weight"].copy_(tensor(new float[,] { { 1, 2 }, { 0, 0 }, { 0, 0 } }));
        }

        var (a, b) = (Math.Exp(Math.Sqrt(2)), Math.Exp(2 * Math.Sqrt(2)));
        double after0 = Math.Log(a + 2), after1 = Math.Log(b + 2), after2 = Math.Log(Math.Exp(3) + 2);
        double[] wanted =
        [
            -after0 + Math.Sqrt(2) - after0,                  // 0 -> 0 -> 1
            -after1 + 2 * Math.Sqrt(2) - after0,              // 1 -> 0 -> 2
            -after2 + 3,                                      // 2 -> 0
        ];
        var found = NetworkEvaluation.Of(model, [[0, 0, 1], [1, 0, 2], [2, 0]], batchSize: 2);
        Assert.InRange(Deviation.Of(found.LogLikelihoods, wanted), 0, 1e-5);
        Assert.Equal([2, 2, 1], found.Predictions);
        double[] perplexities = [Math.Exp(-wanted[0] / 2), Math.Exp(-wanted[1] / 2), Math.Exp(-wanted[2])];
        Assert.Equal(perplexities.Average(), found.MeanPerplexity, 1e-4);
        Assert.Equal(Math.Sqrt(perplexities.Sum(p => Math.Pow(p - perplexities.Average(), 2)) / 2), found.StandardDeviation, 1e-4);
        Assert.Equal(Math.Exp(-wanted.Sum() / 5), found.TokenPerplexity, 1e-4);
    }

    [Fact]
    public void Batches_change_nothing_and_dropout_is_off()
    {
        using var model = CausalLM.Create(((OptConfig)RandomModels.ConfigOf("opt")) with { Dropout = 0.5 }, float32, 1);
        using var training = model.SetTraining(true);
        var one = NetworkEvaluation.Of(model, Blocks, batchSize: 1);
        foreach (var batch in (int[])[2, 3, 32])
            Assert.InRange(Deviation.Of(NetworkEvaluation.Of(model, Blocks, batch).LogLikelihoods, one.LogLikelihoods), 0, 1e-5);
        Assert.True(model.IsTraining);
    }
}
