using System.Diagnostics;
using System.Globalization;
using ModelCollapse.Metrics;
using ModelCollapse.Reporting;
using ModelCollapse.Statistics;

namespace ModelCollapse.Cli.Benchmarks;

/// <summary>
/// Time and memory of each metric of texts and of features on made-up input: Zipfian tokens, of which some texts are loops, and clustered
/// features. Metrics that compare all pairs work on samples, as their references do.
/// </summary>
static class MetricBenchmark
{
    const int Length = 64, Vocabulary = 50_000, Width = 384, Clusters = 20, SampledPairs = 5000, SampledTransport = 2000, SampledExactTransport = 500;

    /// <summary>Measures all metrics.</summary>
    /// <param name="count">Number of texts of 64 tokens, and of features.</param>
    /// <param name="told">Told what is being measured.</param>
    public static IEnumerable<MetricBenchmarkResult> Run(int count, Action<string> told)
    {
        var random = new Random(1);
        var texts = Texts(count, random);
        foreach (var (name, metric) in OfTexts(texts)) yield return Measure(name, () => metric());

        // Decoded text and features have their turn when the tokens are no longer needed.
        string[] words = [.. texts.Select(t => string.Join(' ', t.Select(Word)) + ".")];
        texts = [];
        yield return Measure("compression", () => CompressionRatio.Of(words).Ratio);
        yield return Measure("readability", () => new Readability(TextCounts.Of(string.Join('\n', words))).FleschReadingEase);
        words = [];
        double[][] human = Features(count, 0, random), written = Features(count, 0.3, random);
        foreach (var (name, metric) in OfFeatures(human, written)) yield return Measure(name, () => metric());

        MetricBenchmarkResult Measure(string name, Func<double> metric)
        {
            GC.Collect();
            using var memory = new PeakMemory();
            var clock = Stopwatch.StartNew();
            var value = metric();
            var seconds = clock.Elapsed.TotalSeconds;
            told(string.Create(CultureInfo.InvariantCulture, $"{name}: {seconds:F1} s"));
            return new(name, value, seconds, memory.Before, memory.Peak());
        }
    }

    static IEnumerable<(string Name, Func<double> Metric)> OfTexts(int[][] texts) =>
    [
        ("distinct-4", () => DistinctN.Of(texts, 4)),
        ("seq-rep-4", () => SeqRepN.Of(texts, 4)),
        ("diversity", () => Diversity.Pooled(texts)),
        ($"self-bleu-5, {SelfBleu.UsualHypotheses} scored against all", () => SelfBleu.Of(texts, hypotheses: SelfBleu.UsualHypotheses).Mean(5)),
        ("unigrams: types, entropy, Gini", () => EntropyAndGini(new(texts))),
        ("bigram entropy", () => NGrams.Entropy(texts, 2)),
        ("entropy rate", () => TextEntropyRate.Mean(texts)),
        ("Zipf", () => ZipfCoefficient.Of(texts).Coefficient),
        ("Heaps", () => HeapsLaw.Of(texts).Beta),
        ("MTLD", () => Mtld.Of(texts.SelectMany(t => t).ToArray())),
        ("HD-D", () => HdD.Of(texts)),
        ("loops", () => RepetitionLoop.Share(texts)),
        ("rep/16", () => PredictionRepetition.Of(texts.Select(t => (t, t[1..])), 16).Rep),
        ("divergence of two halves' unigrams", () => HalvesDivergence(texts)),
        ("log-probabilities and their histogram", () => LogProbabilitiesOf(texts)),
    ];

    static IEnumerable<(string Name, Func<double> Metric)> OfFeatures(double[][] human, double[][] written) =>
    [
        ($"MAUVE, {new MauveOptions().MaxTexts} of each", () => Mauve.OfFeatures(human, written, 1).Score),
        ("Vendi", () => VendiScore.OfVectors(written)),
        ("effective rank", () => PrincipalComponents.Of(written).EffectiveRank),
        ("Fréchet", () => GaussianWasserstein.Frechet(human, written)),
        ($"precision and recall, {SampledPairs} of each", () => PrecisionRecall.Of(First(human, SampledPairs), First(written, SampledPairs)).Recall),
        ($"energy distance, {SampledPairs} of each", () => EnergyDistance.Squared(First(human, SampledPairs), First(written, SampledPairs))),
        ($"MMD, {SampledPairs} of each", () => MaximumMeanDiscrepancy.Of(First(human, SampledPairs), First(written, SampledPairs), 30).Biased),
        ($"median distance, {SampledTransport} of each", () => MaximumMeanDiscrepancy.MedianDistance(First(human, SampledTransport), First(written, SampledTransport))),
        ($"exact optimal transport, {SampledExactTransport} of each", () => ExactTransport(First(human, SampledExactTransport), First(written, SampledExactTransport))),
        ($"Sinkhorn divergence, {SampledTransport} of each", () => Sinkhorn.Divergence(First(human, SampledTransport), First(written, SampledTransport), 100)),
        ("Wasserstein and Kolmogorov-Smirnov on the line", () => Wasserstein.OfSamples([.. human.Select(h => h[0])], [.. written.Select(w => w[0])]) + KolmogorovSmirnov.Of([.. human.Select(h => h[0])], [.. written.Select(w => w[0])]).LimitP()),
    ];

    static double EntropyAndGini(UnigramDistribution unigrams) => unigrams.Entropy + unigrams.Gini;

    static double HalvesDivergence(int[][] texts)
    {
        UnigramDistribution first = new(texts[..(texts.Length / 2)]), second = new(texts[(texts.Length / 2)..]);
        return Divergence.KullbackLeiblerSmoothed([.. Enumerable.Range(0, Vocabulary).Select(first.CountOf)], [.. Enumerable.Range(0, Vocabulary).Select(second.CountOf)]);
    }

    /// <summary>Those of the unigrams' own distribution, one for each token, and the texts' perplexities under it.</summary>
    static double LogProbabilitiesOf(int[][] texts)
    {
        var unigrams = new UnigramDistribution(texts);
        double[][] logs = [.. texts.Select(t => t.Select(token => Math.Log((double)unigrams.CountOf(token) / unigrams.Tokens)).ToArray())];
        return LogProbabilities.Of(logs.SelectMany(l => l)).TailMean + PerplexityHistogram.Of([.. logs.Select(l => Math.Exp(-l.Average()))]).Median;
    }

    static double ExactTransport(double[][] human, double[][] written) => OptimalTransport.Cost(
        [.. human.Select(_ => 1.0 / human.Length)], [.. written.Select(_ => 1.0 / written.Length)], OptimalTransport.SquaredDistances(human, written));

    // The features are in random order already.
    static double[][] First(double[][] set, int count) => set[..Math.Min(count, set.Length)];

    static int[][] Texts(int count, Random random)
    {
        var cumulative = new double[Vocabulary];
        for (var i = 0; i < Vocabulary; i++) cumulative[i] = (i > 0 ? cumulative[i - 1] : 0) + 1.0 / (i + 1);
        return [.. Enumerable.Range(0, count).Select(t =>
        {
            var period = t % 10 == 0 ? random.Next(1, 8) : Length;
            var text = new int[Length];
            for (var i = 0; i < Length; i++)
                text[i] = i >= period ? text[i - period] : Math.Abs(Array.BinarySearch(cumulative, random.NextDouble() * cumulative[^1])) % Vocabulary;
            return text;
        })];
    }

    static string Word(int token)
    {
        const string consonants = "bdfgklmnprst", vowels = "aeiou";
        var word = new System.Text.StringBuilder();
        for (var rest = token + 1; rest > 0; rest /= 60) word.Append(consonants[rest % 12]).Append(vowels[rest % 60 / 12]);
        return word.ToString();
    }

    /// <summary>Clusters around random centres, with variances that fall along the coordinates as those of hidden states do.</summary>
    static double[][] Features(int count, double shift, Random random)
    {
        var fixedCentres = new Random(7);
        double[][] centres = [.. Enumerable.Range(0, Clusters).Select(_ => Point(fixedCentres, 3))];
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var (point, centre) = (Point(random, 1), centres[random.Next(Clusters)]);
            for (var j = 0; j < Width; j++) point[j] += centre[j] + shift / (1 + j);
            return point;
        })];

        static double[] Point(Random source, double scale)
        {
            var point = new double[Width];
            MathNet.Numerics.Distributions.Normal.Samples(source, point, 0, 1);
            for (var j = 0; j < Width; j++) point[j] *= scale * 4 / Math.Sqrt(1 + j);
            return point;
        }
    }

    /// <summary>The largest working set of the process while it lives, looked at every few milliseconds.</summary>
    sealed class PeakMemory : IDisposable
    {
        readonly CancellationTokenSource ended = new();
        readonly Task watching;
        long peak;

        public PeakMemory()
        {
            Before = peak = Now();
            watching = Task.Factory.StartNew(() =>
            {
                while (!ended.Token.WaitHandle.WaitOne(5)) peak = Math.Max(peak, Now());
            }, TaskCreationOptions.LongRunning);
        }

        /// <summary>Bytes before, the input included.</summary>
        public long Before { get; }

        /// <summary>The largest number of bytes so far.</summary>
        public long Peak() => Math.Max(Interlocked.Read(ref peak), Now());

        public void Dispose()
        {
            ended.Cancel();
            watching.Wait();
            ended.Dispose();
        }

        static long Now() => Environment.WorkingSet;
    }
}

/// <summary>One metric.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Value">What it gave.</param>
/// <param name="Seconds">Time.</param>
/// <param name="BytesBefore">Memory of the process before, the input included.</param>
/// <param name="PeakBytes">Largest memory of the process meanwhile.</param>
sealed record MetricBenchmarkResult(string Metric, double Value, double Seconds, long BytesBefore, long PeakBytes);
