using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using ModelCollapse.ClosedForm;
using ModelCollapse.Metrics;
using ModelCollapse.Monitoring;
using ModelCollapse.Statistics;

namespace ModelCollapse.Tests.Metrics;

/// <summary>What holds of the metrics for any input: bounds, order, what identical and empty inputs give.</summary>
public class MetricPropertyTests
{
    const long Few = 200; // inputs per property

    static readonly Gen<int[][]> Texts = Gen.Int[0, 9].Array[0, 20].Array[0, 12];
    static readonly Gen<double[]> Numbers = Gen.Double[-5, 5].Array[1, 20];

    /// <summary>Two sets of vectors of one length, some of them equal.</summary>
    static readonly Gen<(double[][] X, double[][] Y)> Sets = Gen.Int[1, 4].SelectMany(d =>
        Gen.Select(Gen.OneOf(Gen.Double[-3, 3].Array[d], Gen.Const(new double[d]).Select(z => z.Select(_ => 1.0).ToArray())).Array[7, 15], Gen.Double[-3, 3].Array[d].Array[7, 15]));

    [Fact]
    public void Self_bleu_of_identical_texts_is_one() => Gen.Select(Gen.Int[0, 9].Array[5, 20], Gen.Int[2, 6]).Sample((text, copies) =>
    {
        var bleu = SelfBleu.Of([.. Enumerable.Repeat(text, copies)]);
        for (var n = 1; n <= 5; n++)
        {
            Assert.Equal(1, bleu.Mean(n), 12);
            Assert.Equal(1, bleu.CorpusLevel(n), 12);
        }
    }, iter: Few);

    /// <summary>The two highest counts of each n-gram give what comparing all pairs gives.</summary>
    [Fact]
    public void Self_bleu_is_that_of_its_definition() => Texts.Where(t => t.Length > 1).Sample(texts =>
    {
        var found = SelfBleu.Of(texts, maxLength: 3).PerText(3);
        for (var h = 0; h < texts.Length; h++) Assert.Equal(Bleu(texts[h], [.. texts.Where((_, i) => i != h)]), found[h], 12);
    }, iter: Few);

    static double Bleu(int[] text, int[][] others)
    {
        var logs = 0.0;
        for (var n = 1; n <= 3; n++)
        {
            var matches = Grams(text, n).CountBy(g => g).Sum(g => Math.Min(g.Value, others.Max(o => Grams(o, n).Count(x => x == g.Key))));
            if (n == 1 && matches == 0) return 0;
            logs += Math.Log((matches == 0 ? 0.1 : matches) / Math.Max(1, text.Length - n + 1));
        }

        var closest = others.Select(o => o.Length).MinBy(l => (Math.Abs(l - text.Length), l));
        return Math.Exp(logs / 3) * (text.Length > closest ? 1 : Math.Exp(1 - (double)closest / text.Length));

        static IEnumerable<string> Grams(int[] tokens, int n) => Enumerable.Range(0, Math.Max(0, tokens.Length - n + 1)).Select(i => string.Join(' ', tokens[i..(i + n)]));
    }

    [Fact]
    public void Sampled_hypotheses_are_scored_against_all_texts() => Texts.Where(t => t.Length > 3).Sample(texts =>
    {
        var (all, some) = (SelfBleu.Of(texts).PerText(2), SelfBleu.Of(texts, hypotheses: 3, seed: 1));
        Assert.Equal(3, some.Hypotheses);
        Assert.All(some.PerText(2), score => Assert.Contains(score, all));
    }, iter: Few);

    [Fact]
    public void Vendi_score_lies_between_one_and_the_number_of_items() => Gen.Int[1, 5].SelectMany(d => Gen.Double[-3, 3].Array[d].Where(v => v.Any(x => Math.Abs(x) > 0.1)).Array[1, 12]).Sample(vectors =>
    {
        foreach (var order in (double[])[0.5, 1, 2, double.PositiveInfinity]) Assert.InRange(VendiScore.OfVectors(vectors, order), 1 - 1e-9, vectors.Length + 1e-9);
        Equal(VendiScore.OfVectors(vectors), VendiScore.OfVectors([.. vectors.Reverse()]));
        Assert.Equal(1, VendiScore.OfVectors([vectors[0], vectors[0], vectors[0]]), 9);
    }, iter: Few);

    [Fact]
    public void Vendi_score_of_unlike_items_is_their_number() => Assert.Equal(4, VendiScore.OfSimilarity(Matrix<double>.Build.DenseIdentity(4)), 12);

    /// <summary>Each distance is 0 of a set to itself, symmetric, and does not see the order.</summary>
    [Fact]
    public void Distances_of_sets() => Sets.Sample((x, y) =>
    {
        Func<double[][], double[][], double>[] distances =
        [
            GaussianWasserstein.Frechet, EnergyDistance.Squared, (a, b) => MaximumMeanDiscrepancy.Of(a, b, 1).Biased,
            (a, b) => Sinkhorn.Divergence(a, b, 10), (a, b) => OptimalTransport.Cost(Weights(a), Weights(b), OptimalTransport.SquaredDistances(a, b)),
        ];
        foreach (var distance in distances)
        {
            var value = distance(x, y);
            Assert.True(value >= -1e-9, $"{value}");
            Assert.InRange(distance(x, x), -1e-7, 1e-7);
            Equal(value, distance(y, x), 1e-7);
            Equal(value, distance([.. x.Reverse()], y), 1e-7);
        }

        static double[] Weights(double[][] set) => [.. set.Select(_ => 1.0 / set.Length)];
    }, iter: 30);

    /// <summary>Empty bins of a histogram are points without mass.</summary>
    [Fact]
    public void Points_without_mass_do_not_count() => Sets.Sample((x, y) =>
    {
        double[] a = Even(x.Length), b = Even(y.Length), more = [0, .. a];
        double[][] beside = [[.. x[0].Select(v => v + 100)], .. x];
        double[,] cost = OptimalTransport.SquaredDistances(x, y), costBeside = OptimalTransport.SquaredDistances(beside, y);
        Equal(OptimalTransport.Cost(a, b, cost), OptimalTransport.Cost(more, b, costBeside), 1e-9);
        Sinkhorn without = Sinkhorn.Solve(a, b, cost, 10), with = Sinkhorn.Solve(more, b, costBeside, 10);
        Equal(without.TransportCost, with.TransportCost, 1e-9);
        Equal(without.Objective, with.Objective, 1e-9);
        Equal(without.ObjectiveWithEntropy, with.ObjectiveWithEntropy, 1e-9);
        Equal(Sinkhorn.Divergence(x, y, 10), Sinkhorn.Divergence(beside, y, 10, more), 1e-7);
        Assert.ThrowsAny<ArgumentException>(() => Sinkhorn.Solve(new double[x.Length], b, cost, 10));

        static double[] Even(int count) => [.. Enumerable.Repeat(1.0 / count, count)];
    }, iter: 30);

    [Fact]
    public void Wasserstein_on_the_line_is_optimal_transport() => Gen.Select(Numbers, Numbers).Sample((x, y) =>
    {
        var cost = OptimalTransport.Cost([.. x.Select(_ => 1.0 / x.Length)], [.. y.Select(_ => 1.0 / y.Length)], OptimalTransport.SquaredDistances([.. x.Select(v => new[] { v })], [.. y.Select(v => new[] { v })]));
        Equal(Math.Sqrt(cost), Wasserstein.OfSamples(x, y, 2), 1e-7);
        Assert.Equal(0, Wasserstein.OfSamples(x, x));
        Assert.Equal(2.5, Wasserstein.OfSamples(x, [.. x.Select(v => v + 2.5)]), 9);
    }, iter: Few);

    [Fact]
    public void Kolmogorov_Smirnov_of_a_sample_with_itself() => Numbers.Sample(x =>
    {
        var test = KolmogorovSmirnov.Of(x, x);
        Assert.Equal((0, 1, 1), (test.Statistic, test.ExactP(), test.LimitP()));
        Assert.Equal(1, KolmogorovSmirnov.Of(x, [.. x.Select(v => v + 100)]).Statistic);
    }, iter: Few);

    [Fact]
    public void Divergences_of_distributions() => Gen.Select(Gen.Long[0, 9].Array[4], Gen.Long[0, 9].Array[4]).Where(x => x.Item1.Sum() > 0 && x.Item2.Sum() > 0).Sample((a, b) =>
    {
        double[] p = [.. a.Select(v => (double)v / a.Sum())], q = [.. b.Select(v => (double)v / b.Sum())];
        Assert.InRange(Divergence.JensenShannon(p, q), 0, Math.Log(2) + 1e-12);
        Assert.InRange(Divergence.TotalVariation(p, q), 0, 1 + 1e-12);
        Assert.True(Divergence.KullbackLeibler(p, q) >= -1e-12);
        Assert.True(double.IsFinite(Divergence.KullbackLeiblerSmoothed(a, b)));
        Assert.Equal(0, Divergence.KullbackLeibler(p, p));
        Assert.InRange(Mauve.OfCounts(a, b).Score, 0, 1 + 1e-12);
        Assert.Equal(1, Mauve.OfCounts(a, a).Score, 9);
        Assert.Equal(0, Mauve.OfCounts(a, a).FrontierIntegral, 9);
    }, iter: Few);

    [Fact]
    public void Mauve_is_the_same_with_the_same_seed_and_low_for_what_is_far_away() => Gen.Double[-1, 1].Array[3].Array[30, 40].Sample(x =>
    {
        double[][] far = [.. x.Select(v => new[] { 5 + v[0], 9 - v[1], v[2] })];
        double[][] near = [.. x.Select(v => new[] { 9 + v[0], 5 - v[1], v[2] })];
        Assert.Equal(Mauve.OfFeatures(near, far, 3).Score, Mauve.OfFeatures(near, far, 3).Score);
        Assert.InRange(Mauve.OfFeatures(near, far, 3).Score, 0, 0.2);
    }, iter: 20);

    [Fact]
    public void Precision_and_recall_of_a_set_with_itself_are_one_and_of_what_is_far_away_zero() => Gen.Double[-1, 1].Array[3].Array[6, 20].Sample(x =>
    {
        if (x.Select(v => string.Join(' ', v)).Distinct().Count() < x.Length) return; // copies have no neighbourhood
        var (same, far) = (PrecisionRecall.Of(x, x), PrecisionRecall.Of(x, [.. x.Select(v => v.Select(u => u + 50).ToArray())]));
        Assert.Equal((1, 1), (same.Precision, same.Recall));
        Assert.Equal((0, 0, 0, 0), (far.Precision, far.Recall, far.Density, far.Coverage));
    }, iter: Few);

    [Fact]
    public void Earlier_matches_are_those_of_comparing_all_pairs() => Gen.Int[0, 2].Array[0, 40].Sample(tokens =>
    {
        var found = TextEntropyRate.LongestEarlierMatches(tokens);
        for (var i = 0; i < tokens.Length; i++)
        {
            var longest = 0;
            for (var j = 0; j < i; j++)
            {
                var length = 0;
                while (i + length < tokens.Length && tokens[j + length] == tokens[i + length]) length++;
                longest = Math.Max(longest, length);
            }

            Assert.Equal(longest, found[i]);
        }
    }, iter: Few);

    [Fact]
    public void Entropy_rate_of_random_text_nears_the_logarithm_of_its_words_and_that_of_a_loop_nothing()
    {
        var random = new Random(1);
        int[] noise = [.. Enumerable.Range(0, 20_000).Select(_ => random.Next(16))], loop = [.. Enumerable.Range(0, 20_000).Select(i => i % 5)];
        Assert.InRange(TextEntropyRate.Of(noise), 0.75 * Math.Log(16), 1.1 * Math.Log(16));
        Assert.InRange(TextEntropyRate.Of(loop), 0, 0.02);
    }

    [Theory]
    [InlineData(new[] { 1, 2, 3, 4, 5, 6 }, false)]
    [InlineData(new[] { 1, 9, 2, 3, 4, 2, 3, 4 }, true)]
    [InlineData(new[] { 7, 7, 7, 7, 7 }, false)] // a phrase of one token must come more than 50 times, and three of it are a phrase that comes once
    public void Loops_at_the_end(int[] tokens, bool loops) => Assert.Equal(loops, RepetitionLoop.EndsIn(tokens));

    [Fact]
    public void Repeated_predictions_are_counted_by_hand()
    {
        // Predicted for 2, 3, 1: 1 (repeats, wrong), 3 (new), 1 (repeats, right); with a window of 1 only the first looks back to its own token.
        (int[], int[])[] texts = [([1, 2, 3, 1], [1, 3, 1])];
        Assert.Equal(new(2 / 3.0, 1 / 3.0), PredictionRepetition.Of(texts, 16));
        Assert.Equal(new(1 / 3.0, 1 / 3.0), PredictionRepetition.Of(texts, 1));
    }

    [Fact]
    public void Statistics_of_constant_and_single_values() => Gen.Select(Gen.Double[-5, 5], Gen.Int[1, 12]).Sample((value, count) =>
    {
        double[] same = [.. Enumerable.Repeat(value, count)];
        Assert.Equal(value, MeanInterval.Of(same).Mean, 9);
        var bootstrap = Bootstrap.Of(same, x => x.Average(), 1, resamples: 50);
        Assert.Equal(value, bootstrap.Percentile.Low, 9);
        if (count > 1) Assert.Equal(value, bootstrap.Bca.High, 9);
        else Assert.True(double.IsNaN(bootstrap.Bca.High));
        var paired = PairedComparison.Of(same, same);
        Assert.Equal((0, 0, 1), (paired.Test.Difference, paired.EffectSize, paired.SignFlipP));
        Assert.False(paired.Test.P < 0.05);
        Assert.Equal(0, MannKendall.Of(same).Z);
        Assert.True(double.IsNaN(RocCurve.Of([.. same.Select(_ => true)], same).Area));
        Assert.True(MultipleTesting.Holm([]).Length == 0);
    }, iter: Few);

    [Fact]
    public void Holm_lies_between_the_p_values_and_Bonferroni_and_keeps_their_order() => Gen.Double[0, 1].Array[1, 12].Sample(p =>
    {
        double[] holm = MultipleTesting.Holm(p), bonferroni = MultipleTesting.Bonferroni(p), hochberg = MultipleTesting.BenjaminiHochberg(p);
        for (var i = 0; i < p.Length; i++)
        {
            Assert.InRange(holm[i], p[i], bonferroni[i]);
            Assert.InRange(hochberg[i], p[i] - 1e-12, holm[i] + 1e-12);
            for (var j = 0; j < p.Length; j++) Assert.False(p[i] < p[j] && holm[i] > holm[j]);
        }
    }, iter: Few);

    [Fact]
    public void Exact_and_random_permutations_agree()
    {
        double[] x = [.. Enumerable.Range(0, 14).Select(i => Math.Sin(i))], y = [.. Enumerable.Range(0, 14).Select(i => Math.Cos(i) + 0.4)];
        double[] longer = [.. x, .. y.Take(10)];
        var exact = PermutationTest.SignFlip([.. longer.Take(20)]);
        Assert.Equal(1 << 20, exact.Arrangements);
        var random = PermutationTest.TwoSample(x, y, seed: 1); // 40,116,600 arrangements
        Assert.Equal(100_000, random.Arrangements);
        Assert.InRange(random.TwoSided, TTest.Welch(x, y).P - 0.02, TTest.Welch(x, y).P + 0.02);
    }

    [Fact]
    public void No_detector_takes_what_is_not_a_number()
    {
        foreach (var detector in (IChangeDetector[])[new Cusum(new()), new Ewma(new()), new PageHinkley(new()), new Adwin(new()), new Kswin(new(), 1)])
        {
            Assert.Throws<ArgumentException>(() => detector.Update(double.NaN));
            Assert.Empty(detector.Alarms(Enumerable.Repeat(0.0, 300)));
        }
    }

    [Fact]
    public void Every_detector_sees_a_shift()
    {
        var random = new Random(2);
        double[] shifted = [.. Enumerable.Range(0, 400).Select(i => MathNet.Numerics.Distributions.Normal.Sample(random, i < 200 ? 0 : 4, 1))];
        foreach (var detector in (IChangeDetector[])[new Cusum(new()), new Ewma(new()), new PageHinkley(new() { Threshold = 30 }), new Adwin(new()), new Kswin(new(), 1)])
            Assert.InRange(detector.Alarms(shifted).First(), 200, 260);
        var bayesian = new BayesianChangePoint(new());
        foreach (var value in shifted[..220]) bayesian.Update(value);
        Assert.InRange(bayesian.MostProbableRunLength, 15, 25);
    }

    [Fact]
    public void Fits_of_random_data() => Gen.Double[-3, 3].Array[2].Array[30, 40].Sample(x =>
    {
        var fit = GaussianMixture.Fit(x, components: 2, seed: 1);
        Assert.Equal(1, fit.Mixture.Weights.Sum(), 9);
        for (var i = 1; i < fit.LowerBounds.Count; i++) Assert.True(fit.LowerBounds[i] >= fit.LowerBounds[i - 1] - 1e-5); // the regularisation may cost a little
        Assert.Equal(0, fit.Mixture.SquaredL2(fit.Mixture), 9);
        var clusters = KMeans.Fit(x, 4, seed: 1);
        Assert.Equal(4, clusters.Labels.Distinct().Count());
        Assert.Equal(clusters.Inertia, KMeans.Fit(x, 4, seed: 1).Inertia);
        Assert.True(KMeans.Fit(x, x.Length, seed: 1).Inertia < 1e-12);
        var components = PrincipalComponents.Of(x);
        Assert.Equal(1, components.VarianceRatios.Sum(), 9);
        Assert.InRange(components.EffectiveRank, 1, 2 + 1e-9);
    }, iter: 30);

    [Fact]
    public void Samples_have_the_moments_of_their_model()
    {
        var random = new Random(4);
        var gaussian = new MultivariateGaussian([1, -2], Matrix<double>.Build.DenseOfArray(new[,] { { 2, 0.8 }, { 0.8, 1 } }));
        double[][] samples = [.. Enumerable.Range(0, 20_000).Select(_ => gaussian.Sample(random))];
        Assert.InRange(MultivariateGaussian.Fit(samples).KullbackLeibler(gaussian), 0, 0.001);
        var mixture = new GaussianMixture([0.3, 0.7], [gaussian, new([6, 6], Matrix<double>.Build.DenseIdentity(2))]);
        Assert.InRange(Enumerable.Range(0, 20_000).Count(_ => mixture.Sample(random)[0] < 4) / 20_000.0, 0.27, 0.33);
        var density = KernelDensity.WithBandwidth([[0, 0], [10, 10]], 1);
        double[][] drawn = [.. Enumerable.Range(0, 20_000).Select(_ => density.Sample(random))];
        Assert.InRange(drawn.Average(s => s[0]), 4.9, 5.1);
        Assert.InRange(MultivariateGaussian.Fit(drawn).Covariance[0, 0], 25.5, 26.5);
    }

    static void Equal(double a, double b, double tolerance = 1e-9) =>
        Assert.True(a.Equals(b) || Math.Abs(a - b) <= tolerance * Math.Max(1, Math.Abs(b)), $"{a} and {b}");
}
