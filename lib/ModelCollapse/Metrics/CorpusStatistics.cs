using System.Runtime.InteropServices;

namespace ModelCollapse.Metrics;

/// <summary>
/// Statistics of a text in the form of WikiText-2, to see how near a corpus comes to real text. Words are what stands between blanks; headings count as
/// words but not as sentences. All but the lengths depend on the number of words, so compare equal numbers.
/// </summary>
/// <param name="Words">Words that were counted.</param>
/// <param name="SentenceLength">Mean number of words of a sentence, its full stop counted.</param>
/// <param name="SentenceDeviation">Standard deviation of that number.</param>
/// <param name="ArticleLength">Mean number of words of an article.</param>
/// <param name="Vocabulary">Different words.</param>
/// <param name="TypeTokenRatio">Different words over words.</param>
/// <param name="Entropy">Plug-in entropy of single words in nats.</param>
/// <param name="Zipf">Minus the slope of the logarithm of a word's count on that of its rank: <see cref="ZipfCoefficient"/>.</param>
public sealed record CorpusStatistics(
    int Words, double SentenceLength, double SentenceDeviation, double ArticleLength, int Vocabulary, double TypeTokenRatio, double Entropy, double Zipf)
{
    /// <summary>Statistics of the first articles that have a number of words together; the last is cut to it.</summary>
    /// <param name="articles">The articles.</param>
    /// <param name="words">Words to count. Range: at least 2.</param>
    /// <exception cref="InputException">The articles have fewer words.</exception>
    public static CorpusStatistics Of(IEnumerable<string> articles, int words)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(words, 2);
        List<int> ids = [], sentences = [], lengths = [];
        Dictionary<string, int> vocabulary = new(StringComparer.Ordinal);
        foreach (var article in articles)
        {
            if (ids.Count >= words) break;
            var before = ids.Count;
            foreach (var line in article.Split('\n')) Line(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            lengths.Add(ids.Count - before);
        }

        if (ids.Count < words) throw new InputException($"The articles have {ids.Count} words and {words} are asked for: give more text, or ask for fewer.");
        int[] text = [.. ids.Take(words)];
        UnigramDistribution distribution = new([text]);
        var mean = sentences.Average();
        return new(
            words, mean, Math.Sqrt(sentences.Sum(n => (n - mean) * (n - mean)) / (sentences.Count - 1)), lengths.Average(),
            distribution.Types, distribution.TypeTokenRatio, distribution.Entropy, ZipfCoefficient.Of([text]).Coefficient);

        void Line(string[] line)
        {
            foreach (var word in line)
            {
                ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(vocabulary, word, out var known);
                if (!known) id = vocabulary.Count - 1;
                ids.Add(id);
            }

            if (line is [] or ["=", ..]) return;
            var length = 0;
            foreach (var word in line)
            {
                length++;
                if (word is not ("." or "!" or "?")) continue;
                sentences.Add(length);
                length = 0;
            }

            if (length > 0) sentences.Add(length);
        }
    }
}
