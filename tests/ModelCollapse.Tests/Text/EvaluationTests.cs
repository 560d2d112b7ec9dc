using ModelCollapse.Metrics;
using ModelCollapse.Models;
using ModelCollapse.Tests.Models;
using ModelCollapse.Text;
using ModelCollapse.Training;

namespace ModelCollapse.Tests.Text;

public class EvaluationTests
{
    /// <summary>Every token but the first is scored once, with the context that its window gives it.</summary>
    [Theory]
    [InlineData(8, 8), InlineData(8, 3), InlineData(8, 1), InlineData(5, 4), InlineData(40, 7)]
    public void Strided_windows_score_each_token_once_with_its_context(int window, int stride)
    {
        using var model = RandomModels.Create("llama");
        int[] tokens = [.. Enumerable.Range(0, 30).Select(i => (i * 17 + i * i) % RandomModels.Vocabulary)];
        var found = Evaluation.Strided(new ThreeAtATime(model), tokens, window, stride);
        var wanted = new List<double>();
        for (var at = 1; at < tokens.Length; at++)
        {
            // The first window that ends after this token.
            var begin = at < window ? 0 : (at - window) / stride * stride + stride;
            if (at > begin) wanted.Add(NetworkEvaluation.Of(model, [tokens[begin..(at + 1)]]).TokenLogLikelihoods[0][^1]);
        }

        Assert.InRange(Deviation.Of(found.TokenLogLikelihoods.SelectMany(t => t), wanted), 0, 1e-4);
        Assert.Equal(wanted.Count, found.Predictions.Sum());
        Assert.Equal(Math.Exp(-wanted.Average()), found.TokenPerplexity, 1e-3);
    }

    [Fact]
    public void Nothing_to_predict_is_refused()
    {
        using var model = RandomModels.Create("opt");
        var text = new ThreeAtATime(model);
        Assert.Throws<ArgumentException>(() => Evaluation.Of(text, []));
        Assert.Throws<ArgumentException>(() => Evaluation.Of(text, [[1, 2], [3]]));
        Assert.Throws<ArgumentException>(() => Evaluation.Strided(text, [1], 8, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => Evaluation.Strided(text, [1, 2, 3], 2, 3));
    }

    /// <summary>A network that scores three blocks at a time, and cannot write.</summary>
    sealed class ThreeAtATime(CausalLM model) : ITextModel
    {
        public int VocabularySize => model.Config.VocabularySize;

        public IReadOnlyList<double[]> LogProbabilities(IReadOnlyList<int[]> blocks, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default) =>
            NetworkEvaluation.Of(model, blocks, batchSize: 3).TokenLogLikelihoods;

        public float[][] NextTokens(int[] block) => NetworkEvaluation.NextTokens(model, block);

        public IReadOnlyList<int[]> Continue(IReadOnlyList<int[]> prompts, long seed, IProgress<WorkProgress>? progress = null, CancellationToken cancellation = default) =>
            throw new NotSupportedException();
    }
}
