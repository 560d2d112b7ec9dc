using ModelCollapse.ClosedForm;
using ModelCollapse.Language;
using ModelCollapse.Metrics;
using ModelCollapse.Models;
using ModelCollapse.Provenance;
using ModelCollapse.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace ModelCollapse.Tests.Metrics;

public class NextTokenTests
{
    [Fact]
    public void A_model_by_which_all_tokens_are_equal_has_the_entropy_of_its_vocabulary()
    {
        var found = NextTokenDistribution.Of(new NGram(40, 1, 8), [[1, 2, 3], [4, 5]]);
        Assert.Equal(Math.Log(40), found.Entropy, 1e-6);
        Assert.Equal(10.0 / 40, found.TopMass, 1e-6);
        Assert.Equal(0, found.Gini, 1e-9);
        Assert.Equal([[0, 0], [0]], found.Predictions); // the first of equals
    }

    /// <summary>Relative frequencies leave most tokens without any probability, which must not become anything that is no number.</summary>
    [Fact]
    public void Counted_pairs_have_the_values_that_their_frequencies_give()
    {
        int[][] texts = [[0, 1, 0, 1, 0, 2], [0, 3, 1, 1]];
        var model = new NGram(20, 1, 6);
        model.Fit(Dataset<int[]>.Human(texts, ""), new(0, 0));
        double[] after0 = [0.5, 0.25, 0.25], after1 = [2.0 / 3, 1.0 / 3]; // 1, 2, 3 after 0; 0, 1 after 1
        var found = NextTokenDistribution.Of(model, [[0, 1, 0]]);
        Assert.Equal((Entropy(after0) + Entropy(after1)) / 2, found.Entropy, 1e-6);
        Assert.Equal(1, found.TopMass, 1e-6);
        Assert.Equal((GiniCoefficient.Of([.. after0, .. new double[17]]) + GiniCoefficient.Of([.. after1, .. new double[18]])) / 2, found.Gini, 1e-6);
        Assert.Equal([1, 0], found.Predictions[0]);
        Assert.Equal(0, model.NextTokens([0, 1])[0].Count(float.IsNaN));

        static double Entropy(double[] shares) => -shares.Sum(p => p * Math.Log(p));
    }

    /// <summary>The same from the network's own logits, in double precision.</summary>
    [Theory]
    [InlineData("opt"), InlineData("llama")]
    public void A_network_has_the_values_of_its_logits(string name)
    {
        using var model = new LanguageModel(RandomModels.Create(name, 3), null!, new() { Training = _ => new(), Decoding = new() });
        var random = new Random(5);
        int[][] blocks = [.. Enumerable.Range(0, 4).Select(i => RandomModels.Ids(random, 6 + i))];
        double[][] wanted = [.. blocks.SelectMany(b => Probabilities(model.Network, b))];
        var found = NextTokenDistribution.Of(model, blocks);
        Assert.Equal(wanted.Average(p => -p.Sum(x => x * Math.Log(x))), found.Entropy, 1e-5);
        Assert.Equal(wanted.Average(p => p.OrderDescending().Take(NextTokenDistribution.TopCount).Sum()), found.TopMass, 1e-5);
        Assert.Equal(wanted.Average(p => GiniCoefficient.Of(p)), found.Gini, 1e-5);
        Assert.Equal(wanted.Select(p => p.Index().MaxBy(x => x.Item).Index), found.Predictions.SelectMany(p => p));
    }

    static IEnumerable<double[]> Probabilities(CausalLM model, int[] block)
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var shares = model.Logits(tensor(Array.ConvertAll(block, i => (long)i)).unsqueeze(0)).squeeze(0).to(float64).softmax(1);
        return [.. Enumerable.Range(0, block.Length - 1).Select(i => shares[i].data<double>().ToArray())];
    }
}
