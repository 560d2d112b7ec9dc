using System.Reflection;
using System.Runtime.CompilerServices;
using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using ModelCollapse.Metrics;
using ModelCollapse.Statistics;

namespace ModelCollapse.Tests.Metrics;

/// <summary>
/// What holds of every metric: the order of the texts changes nothing, and nothing, one thing and copies of one thing give a number or a clear
/// error. The list is complete: a public static method of the namespace that it does not name fails.
/// </summary>
public class EveryMetricTests
{
    /// <summary>What metrics are given, all made of the same texts.</summary>
    sealed class Input(int[][] texts)
    {
        public int[][] Texts => texts;

        public int[] Joined => [.. texts.SelectMany(t => t)];

        /// <summary>A word for each token and a sentence for each text.</summary>
        public string[] Sentences => [.. texts.Select(t => string.Join(' ', t.Select(token => $"{"bdfgklmnpr"[token % 10]}a{"aeiouaeiou"[token % 10]}ly")) + ".")];

        /// <summary>One number for each text.</summary>
        public double[] Numbers => [.. texts.Select(t => t.Sum() + t.Length / 7.0)];

        /// <summary>A point for each text; other texts of the same tokens are the same point.</summary>
        public double[][] Points => [.. texts.Select(t => new[] { t.Length, t.Sum(), 1 + t.Sum(token => token * token % 7) / 3.0 })];

        /// <summary>What texts are compared with: always the same.</summary>
        public static double[][] Others { get; } = [.. Enumerable.Range(0, 8).Select(i => new[] { 3 + Math.Sin(i), 20 + 5 * Math.Cos(3 * i), 4 + Math.Sin(5 * i) })];

        /// <summary>Occurrences of the tokens 0 to 9.</summary>
        public long[] Counts => [.. Enumerable.Range(0, 10).Select(token => (long)Joined.Count(t => t == token))];

        public double[] Shares => [.. Counts.Select(c => (double)c / Counts.Sum())];

        public double[] Weights => [.. texts.Select(_ => 1.0 / texts.Length)];

        public double[,] Costs(double[][] targets) => OptimalTransport.SquaredDistances(Points, targets);

        /// <summary>Similarity of each pair.</summary>
        public Matrix<double> Similarity => Matrix<double>.Build.Dense(texts.Length, texts.Length, (i, j) => Math.Exp(-Costs(Points)[i, j]));

        public Input Reordered => new([.. texts.Reverse()]);
    }

    static readonly double[] EvenShares = [.. Enumerable.Repeat(0.1, 10)], EvenWeights = [.. Enumerable.Repeat(0.125, 8)];

    /// <summary>Every metric by its methods.</summary>
    static readonly Dictionary<string, Func<Input, IEnumerable<double>>> Metrics = new()
    {
        ["CompressionRatio.Of"] = x => [CompressionRatio.Of(x.Sentences).RawBytes],
        ["DistinctN.Of"] = x => [DistinctN.Of(x.Texts, 2)],
        ["DistinctN.OccurringOnce"] = x => [DistinctN.OccurringOnce(x.Texts, 2)],
        ["DistinctN.MeanPerText"] = x => [DistinctN.MeanPerText(x.Texts, 3)],
        ["Divergence.KullbackLeibler"] = x => [Divergence.KullbackLeibler(x.Shares, EvenShares)],
        ["Divergence.KullbackLeiblerSmoothed"] = x => [Divergence.KullbackLeiblerSmoothed(x.Counts, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])],
        ["Divergence.TotalVariation"] = x => [Divergence.TotalVariation(x.Shares, EvenShares)],
        ["Divergence.JensenShannon"] = x => [Divergence.JensenShannon(x.Shares, EvenShares)],
        ["Divergence.Hellinger"] = x => [Divergence.Hellinger(x.Shares, EvenShares)],
        ["Divergence.ChiSquare"] = x => [Divergence.ChiSquare(x.Shares, EvenShares)],
        ["Divergence.ChiSquareSymmetric"] = x => [Divergence.ChiSquareSymmetric(x.Shares, EvenShares)],
        ["Divergence.Entropy"] = x => [Divergence.Entropy(x.Counts), Divergence.Entropy(x.Shares)],
        ["Divergence.EntropyMillerMadow"] = x => [Divergence.EntropyMillerMadow(x.Counts)],
        ["Diversity.Pooled"] = x => [Diversity.Pooled(x.Texts)],
        ["Diversity.PooledWithoutLast"] = x => [Diversity.PooledWithoutLast(x.Texts)],
        ["Diversity.MeanPerText"] = x => [Diversity.MeanPerText(x.Texts)],
        ["EnergyDistance.Squared"] = x => [EnergyDistance.Squared(x.Points, Input.Others), EnergyDistance.Squared(x.Numbers, [1, 2, 5])],
        ["GaussianWasserstein.Squared"] = x => [GaussianWasserstein.Squared(Mean(x.Points), Vectors.Scatter(x.Points, Mean(x.Points)) / x.Points.Length, [0, 0, 0], Matrix<double>.Build.DenseIdentity(3))],
        ["GaussianWasserstein.Frechet"] = x => [GaussianWasserstein.Frechet(x.Points, Input.Others)],
        ["GiniCoefficient.Of"] = x => [GiniCoefficient.Of(x.Numbers)],
        ["HdD.Of"] = x => [HdD.Of(x.Texts, 5)],
        ["KolmogorovSmirnov.Of"] = x => [KolmogorovSmirnov.Of(x.Numbers, [1, 2, 5]).Statistic, KolmogorovSmirnov.Of(x.Numbers, [1, 2, 5]).ExactP(), KolmogorovSmirnov.Of(x.Numbers, [1, 2, 5]).LimitP()],
        ["LogProbabilities.Of"] = x => Numbers(LogProbabilities.Of(x.Joined.Select(t => Math.Log(t / 9.0))), found => [found.Mean, found.TailMean, .. found.Quantiles]),
        ["Mauve.OfCounts"] = x => Numbers(Mauve.OfCounts(x.Counts, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), found => [found.Score, found.SmoothedScore, found.FrontierIntegral, found.SmoothedFrontierIntegral]),
        ["MaximumMeanDiscrepancy.Of"] = x => Numbers(MaximumMeanDiscrepancy.Of(x.Points, Input.Others, 3), found => [found.Biased, found.Unbiased]),
        ["MaximumMeanDiscrepancy.MedianDistance"] = x => [MaximumMeanDiscrepancy.MedianDistance(x.Points, Input.Others)],
        ["NGrams.Entropy"] = x => [NGrams.Entropy(x.Texts, 2)],
        ["OptimalTransport.Cost"] = x => [OptimalTransport.Cost(x.Weights, EvenWeights, x.Costs(Input.Others))],
        ["PerplexityHistogram.Of"] = x => Numbers(PerplexityHistogram.Of([.. x.Numbers.Select(n => 1 + n)]), found => [found.Median, .. found.Quantiles, .. found.Counts.Select(c => (double)c)]),
        ["PrecisionRecall.Of"] = x => Numbers(PrecisionRecall.Of(Input.Others, x.Points, neighbours: 2), found => [found.Precision, found.Recall, found.Density, found.Coverage]),
        ["PredictionRepetition.Of"] = x => Numbers(PredictionRepetition.Of(x.Texts.Select(t => (t, t.Take(t.Length - 1).ToArray())), 16), found => [found.Rep, found.WrongRep]),
        ["Readability"] = x => OfReadability(new(TextCounts.Of(string.Join(' ', x.Sentences)))),
        ["RepetitionLoop.Share"] = x => [RepetitionLoop.Share(x.Texts)],
        ["SelfBleu.Of"] = x => Numbers(SelfBleu.Of(x.Texts), found => [found.Mean(4), found.CorpusLevel(4), .. found.PerText(2).Order()]),
        ["SeqRepN.Of"] = x => [SeqRepN.Of(x.Texts, 4)],
        ["Sinkhorn.Solve"] = x => Numbers(Sinkhorn.Solve(x.Weights, EvenWeights, x.Costs(Input.Others), 50), found => [found.TransportCost, found.Objective, found.ObjectiveWithEntropy]),
        ["Sinkhorn.SolveSymmetric"] = x => [Sinkhorn.SolveSymmetric(x.Weights, x.Costs(x.Points), 50).Objective],
        ["Sinkhorn.Divergence"] = x => [Sinkhorn.Divergence(x.Points, Input.Others, 50)],
        ["Sinkhorn.DivergenceOfTransportCosts"] = x => [Sinkhorn.DivergenceOfTransportCosts(x.Points, Input.Others, 50)],
        ["TextEntropyRate.Mean"] = x => [TextEntropyRate.Mean(x.Texts)],
        ["UnigramDistribution"] = x => Numbers(new UnigramDistribution(x.Texts), found => [found.Tokens, found.Types, found.Entropy, found.Gini, found.TypeTokenRatio]),
        ["VendiScore.OfVectors"] = x => [VendiScore.OfVectors(x.Points), VendiScore.OfVectors(x.Points, double.PositiveInfinity)],
        ["VendiScore.OfSimilarity"] = x => [VendiScore.OfSimilarity(x.Similarity)],
        ["VendiScore.Spectrum"] = x => VendiScore.Spectrum(x.Similarity),
        ["VendiScore.OfEigenvalues"] = x => [VendiScore.OfEigenvalues(x.Shares, 2)],
        ["Wasserstein.OfSamples"] = x => [Wasserstein.OfSamples(x.Numbers, [1, 2, 5], 2)],
        ["Wasserstein.OnIndices"] = x => [Wasserstein.OnIndices(x.Shares, EvenShares)],
        ["ZipfCoefficient.Of"] = x => Numbers(ZipfCoefficient.Of(x.Texts), found => [found.Coefficient, found.Intercept, found.Correlation]),
        ["PrincipalComponents.Of"] = x => Numbers(PrincipalComponents.Of(x.Points), found => [found.EffectiveRank, found.ParticipationRatio, .. found.VarianceRatios]),
    };

    /// <summary>Metrics of one text or of texts one after another, and one with random clusters: their order is part of what they measure, or decides draws.</summary>
    static readonly Dictionary<string, Func<Input, IEnumerable<double>>> InOrder = new()
    {
        ["HeapsLaw.Of"] = x => Numbers(HeapsLaw.Of(x.Texts), found => [found.Beta, found.K, found.Correlation]),
        ["Mauve.OfFeatures"] = x => Numbers(Mauve.OfFeatures(Input.Others, x.Points, seed: 1), found => [found.Score, found.SmoothedScore, found.FrontierIntegral]),
        ["Mtld.Of"] = x => [Mtld.Of(x.Joined)],
        ["RepetitionLoop.EndsIn"] = x => [RepetitionLoop.EndsIn(x.Joined) ? 1 : 0],
        ["TextEntropyRate.Of"] = x => [TextEntropyRate.Of(x.Joined)],
        ["Syllables.Count"] = x => x.Sentences.Select(s => (double)Syllables.Count(s)),
        ["TextCounts.Of"] = x => Numbers(TextCounts.Of(string.Join(' ', x.Sentences)), found => [found.Words, found.Sentences, found.Letters]),
        ["TextCounts.WordsOf"] = x => [TextCounts.WordsOf(string.Join(' ', x.Sentences)).Count],
        ["NGrams.Count"] = x => [NGrams.Count(x.Joined, 2, [])],
        ["OptimalTransport.SquaredDistances"] = x => x.Costs(Input.Others).Cast<double>(),
        ["VendiScore.Normalised"] = x => VendiScore.Normalised(x.Similarity).Enumerate(),
    };

    /// <summary>What needs a model, an experiment or a world: tested beside those (MetricsInTheLoopTests, AlmanacMetricTests, NextTokenTests) and where they are used.</summary>
    static readonly string[] OfModels =
    [
        "AlmanacSamples.Band", "AlmanacTally.Of", "CorpusStatistics.Of", "DecodedTexts.Of", "MetricCatalog.Find", "NextTokenDistribution.Of", "TestText.Under",
        "TextModels.AlmanacWorld", "TextModels.CheckOwnText", "TextModels.TextModel", "TextModels.TextModel0",
    ];

    static IEnumerable<double> Numbers<T>(T found, Func<T, IEnumerable<double>> numbers) => numbers(found);

    /// <summary>Names of all metrics.</summary>
    public static TheoryData<string> Names => [.. Metrics.Keys, .. InOrder.Keys];

    /// <summary>Names of those that measure a set.</summary>
    public static TheoryData<string> NamesOfSets => [.. Metrics.Keys];

    [Fact]
    public void The_list_is_complete()
    {
        // Distances of distributions are statistics; vectors and sums there are parts of them.
        Type[] statistics = [typeof(Divergence), typeof(KolmogorovSmirnov), typeof(PrincipalComponents)];
        var methods = typeof(DistinctN).Assembly.GetExportedTypes().Where(t => (t.Namespace == typeof(DistinctN).Namespace && !typeof(Delegate).IsAssignableFrom(t)) || statistics.Contains(t))
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Where(m => !m.IsSpecialName && !m.IsDefined(typeof(CompilerGeneratedAttribute))).Select(m => $"{t.Name}.{m.Name}"))
            .Distinct().ToList();
        string[] unknown = [.. methods.Except([.. Metrics.Keys, .. InOrder.Keys, .. OfModels])];
        Assert.True(unknown.Length == 0, $"Add {string.Join(", ", unknown)} to the lists of this file.");
        Assert.Empty(OfModels.Except(methods));
    }

    [Theory, MemberData(nameof(NamesOfSets))]
    public void The_order_of_the_texts_changes_nothing(string name) => Gen.Int[0, 9].Array[1, 12].Array[3, 8].Sample(texts =>
    {
        var input = new Input(texts);
        double[] found = Measured(name, input), reordered = Measured(name, input.Reordered);
        Assert.Equal(found.Length, reordered.Length);
        foreach (var (a, b) in found.Zip(reordered)) Assert.True(a.Equals(b) || Math.Abs(a - b) <= 1e-7 * Math.Max(1, Math.Abs(b)), $"{a} and {b}");
    }, iter: 30, threads: 1);

    /// <summary>Nothing, one thing, and many of the same.</summary>
    [Theory, MemberData(nameof(Names))]
    public void Nothing_one_thing_and_copies_give_a_number_or_a_clear_error(string name)
    {
        int[] loop = [1, 1, 1, 1, 1, 1, 1, 1], sentence = [1, 2, 3, 4, 5, 6, 7];
        int[][][] inputs =
        [
            [], [[]], [[], []], [[1]], [[0]], [[1], [1]], [loop], [sentence],
            [.. Enumerable.Repeat(loop, 12)], [.. Enumerable.Repeat(sentence, 12)], [.. Enumerable.Repeat<int[]>([1], 12)], [.. Enumerable.Repeat<int[]>([0], 12)], [.. Enumerable.Repeat<int[]>([], 12)],
        ];
        foreach (var texts in inputs) Assert.DoesNotContain(double.NaN, Measured(name, new(texts)));
    }

    /// <summary>What a metric gives; nothing where it says in a sentence why it cannot. Any other exception is a defect.</summary>
    static double[] Measured(string name, Input input)
    {
        try
        {
            return [.. Metrics.GetValueOrDefault(name, InOrder.GetValueOrDefault(name)!)(input)];
        }
        catch (ArgumentException e)
        {
            Assert.Matches(@"\w+ \w+ \w+.*[.)]", e.Message);
            return [];
        }
    }

    static double[] Mean(double[][] points)
    {
        Vectors.Check(points, nameof(points));
        return Vectors.Mean(points);
    }

    static double[] OfReadability(Readability r) => [r.FleschReadingEase, r.FleschKincaidGrade, r.GunningFog, r.SmogIndex, r.ColemanLiauIndex, r.ColemanLiauIndexOfTextstat, r.AutomatedReadabilityIndex, r.Lix];
}
