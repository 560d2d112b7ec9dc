using System.Runtime.InteropServices;

namespace ModelCollapse.Metrics;

/// <summary>
/// Self-BLEU (Zhu et al., Texygen, SIGIR 2018; literature.md, Definitions of metrics): BLEU of each text with all others as references, equal weights, zero counts
/// smoothed by method 1 of Chen and Cherry (0.1 in place of 0), as NLTK computes it. Rises under collapse, as texts come to resemble each other
/// (followed over generations in literature.md, Drayson et al. 2025), to 1 for identical texts. It rises with the number of texts too, so compare
/// sets of equal size only.
/// </summary>
/// <remarks>
/// An n-gram's highest count in one other text is found from the two highest counts over all texts, so time grows linearly with the number of
/// texts, and memory with the hypotheses alone. NLTK compares every pair; Microsoft.Extensions.AI.Evaluation.NLP smooths in another way.
/// </remarks>
public sealed class SelfBleu
{
    /// <summary>Texts that Holtzman et al. 2020 draw to score against all others.</summary>
    public const int UsualHypotheses = 1000;

    /// <summary>Method 1 counts a match of this much where there is none.</summary>
    const double Smoothing = 0.1;

    readonly double[][] perText;
    readonly double[] corpus;

    SelfBleu(double[][] perText, double[] corpus) => (this.perText, this.corpus) = (perText, corpus);

    /// <summary>Number of texts that were scored.</summary>
    public int Hypotheses => perText.Length;

    /// <summary>Mean sentence BLEU with n-grams up to <paramref name="n"/>.</summary>
    /// <param name="n">Longest n-gram, 1 to the length asked for.</param>
    public double Mean(int n) => perText.Average(scores => scores[n - 1]);

    /// <summary>
    /// Corpus BLEU: matches and lengths of all texts are added up before the ratio, so long texts weigh more. Another number than
    /// <see cref="Mean"/>.
    /// </summary>
    /// <param name="n">Longest n-gram, 1 to the length asked for.</param>
    public double CorpusLevel(int n) => corpus[n - 1];

    /// <summary>Sentence BLEU of each hypothesis, in the order of the texts.</summary>
    /// <param name="n">Longest n-gram, 1 to the length asked for.</param>
    public IReadOnlyList<double> PerText(int n) => [.. perText.Select(scores => scores[n - 1])];

    /// <summary>Scores a set of texts.</summary>
    /// <param name="texts">Token ids of each text; two or more texts.</param>
    /// <param name="maxLength">Longest n-gram, 1 to 5.</param>
    /// <param name="hypotheses">How many texts to score against all others; null for all. Range: at least 1.</param>
    /// <param name="seed">Decides which, where not all are.</param>
    public static SelfBleu Of(IReadOnlyList<int[]> texts, int maxLength = NGrams.MaxLength, int? hypotheses = null, long seed = 0)
    {
        NGrams.CheckLength(maxLength);
        if (texts.Count < 2) throw new ArgumentException($"Self-BLEU compares texts with each other, but there are {texts.Count}: give two or more.", nameof(texts));
        if (hypotheses < 1) throw new ArgumentOutOfRangeException(nameof(hypotheses), hypotheses, "At least one text is scored.");
        var scored = Drawn(texts.Count, hypotheses ?? texts.Count, seed);
        var (matches, totals) = (new int[maxLength, scored.Length], new int[maxLength, scored.Length]);
        for (var n = 1; n <= maxLength; n++) CountMatches(texts, scored, n, matches, totals);

        var lengths = texts.GroupBy(t => t.Length).ToDictionary(g => g.Key, g => g.Count());
        int[] references = [.. scored.Select(i => ClosestLength(lengths, texts[i].Length))];
        double[][] scores = [.. scored.Select((text, h) => Bleus(n => matches[n, h], n => Math.Max(1, totals[n, h]), texts[text].Length, references[h], maxLength))];
        return new(scores, Bleus(n => Sum(matches, n), n => Each(totals, n).Sum(t => Math.Max(1, t)), scored.Sum(i => (long)texts[i].Length), references.Sum(r => (long)r), maxLength));
    }

    static int[] Drawn(int count, int wanted, long seed)
    {
        int[] all = [.. Enumerable.Range(0, count)];
        if (wanted >= count) return all;
        Seeds.NewRandom(seed).Shuffle(all);
        return [.. all.Take(wanted).Order()];
    }

    /// <summary>For each hypothesis its n-grams, and how many of them another text has as often.</summary>
    static void CountMatches(IReadOnlyList<int[]> texts, int[] scored, int n, int[,] matches, int[,] totals)
    {
        Dictionary<UInt128, int> own = [], numbers = [];
        List<Highest> highest = [];
        var grams = new (int Number, int Count)[scored.Length][];
        for (var h = 0; h < scored.Length; h++)
        {
            own.Clear();
            totals[n - 1, h] = NGrams.Count(texts[scored[h]], n, own);
            grams[h] = [.. own.Select(gram => (NumberOf(gram.Key), gram.Value))];
        }

        for (var t = 0; t < texts.Count; t++)
        {
            own.Clear();
            NGrams.Count(texts[t], n, own);
            foreach (var (gram, count) in own)
                if (numbers.TryGetValue(gram, out var number)) CollectionsMarshal.AsSpan(highest)[number].Add(t, count);
        }

        for (var h = 0; h < scored.Length; h++)
            foreach (var (number, count) in grams[h]) matches[n - 1, h] += Math.Min(count, highest[number].Without(scored[h]));

        int NumberOf(UInt128 gram)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, gram, out var known);
            if (known) return number;
            number = highest.Count;
            highest.Add(default);
            return number;
        }
    }

    /// <summary>The other text whose length is closest, the shorter one on a tie.</summary>
    static int ClosestLength(Dictionary<int, int> lengths, int own) => lengths
        .Where(l => l.Key != own || l.Value > 1).Select(l => l.Key).MinBy(l => (Math.Abs(l - own), l));

    /// <summary>BLEU with n-grams up to each length.</summary>
    static double[] Bleus(Func<int, double> matches, Func<int, double> totals, double length, double reference, int maxLength)
    {
        var (scores, logs) = (new double[maxLength], 0.0);
        if (matches(0) == 0) return scores;
        var penalty = length > reference ? 1 : Math.Exp(1 - reference / length);
        for (var n = 0; n < maxLength; n++)
        {
            logs += Math.Log((matches(n) == 0 ? Smoothing : matches(n)) / totals(n));
            scores[n] = penalty * Math.Exp(logs / (n + 1));
        }

        return scores;
    }

    static IEnumerable<int> Each(int[,] table, int n) => Enumerable.Range(0, table.GetLength(1)).Select(h => table[n, h]);

    static long Sum(int[,] table, int n) => Each(table, n).Sum(v => (long)v);

    /// <summary>The two highest counts of an n-gram in one text, and which text has the first.</summary>
    struct Highest
    {
        int first, second, text;

        public void Add(int index, int count)
        {
            if (count > first) (first, second, text) = (count, first, index);
            else if (count > second) second = count;
        }

        /// <summary>The highest count in another text.</summary>
        public readonly int Without(int index) => text == index ? second : first;
    }
}
