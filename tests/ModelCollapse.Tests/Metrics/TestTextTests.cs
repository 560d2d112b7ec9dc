using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Language;
using ModelCollapse.Metrics;
using ModelCollapse.Provenance;
using ModelCollapse.Tests.Models;
using ModelCollapse.Text;

namespace ModelCollapse.Tests.Metrics;

public class TestTextTests
{
    [Fact]
    public void Metrics_of_the_test_text_share_one_evaluation_in_a_generation()
    {
        var random = new Random(1);
        int[][] blocks = [.. Enumerable.Range(0, 5).Select(_ => RandomModels.Ids(random, 12))];
        using LanguageModel first = Model(1), second = Model(2);
        TestPerplexity perplexity = new();
        TestLogProbabilities probabilities = new();
        LoopSetting setting = new(new TextSetting { Tokenizer = null!, Test = blocks });
        foreach (var model in new[] { first, second })
        {
            var evaluations = new Evaluations();
            var context = Context(model, setting, evaluations);
            var ofPerplexity = perplexity.Measure(context);
            var ofProbabilities = probabilities.Measure(context);
            Assert.Equal(1, evaluations.Finished);
            Assert.Equal(Evaluation.Of(model, blocks).TokenPerplexity, ofPerplexity["ofMeanLoss"]);
            Assert.Equal(ofPerplexity["meanLogProbability"], ofProbabilities["mean"], 12);
        }
    }

    static LanguageModel Model(long seed) => new(RandomModels.Create("opt", seed), null!, new() { Training = _ => new(), Decoding = new() });

    static GenerationContext<int[]> Context(LanguageModel model, LoopSetting setting, IProgress<WorkProgress> progress) => new(() => model, "")
    {
        Generation = 0,
        Seed = 0,
        Model = model,
        TrainingSet = Dataset<int[]>.Empty,
        Synthetic = Dataset<int[]>.Empty,
        Real = Dataset<int[]>.Empty,
        Setting = setting,
        Progress = progress,
    };

    sealed class Evaluations : IProgress<WorkProgress>
    {
        public int Finished { get; private set; }

        public void Report(WorkProgress value) => Finished += value.Done == value.Total ? 1 : 0;
    }
}
