using System.Text.RegularExpressions;

namespace ModelCollapse.Text;

/// <summary>
/// Documents as vectors of word weights: term frequency times inverse document frequency, with the defaults of scikit-learn. A cheap stand-in
/// for sentence embeddings where words matter more than meaning.
/// </summary>
/// <param name="Vocabulary">Words in the order of their code points.</param>
/// <param name="InverseDocumentFrequencies">ln((1 + n) / (1 + df)) + 1 of each word.</param>
public sealed partial record TfIdf(IReadOnlyList<string> Vocabulary, IReadOnlyList<double> InverseDocumentFrequencies)
{
    /// <summary>Learns vocabulary and frequencies.</summary>
    /// <param name="documents">The documents.</param>
    public static TfIdf Fit(IReadOnlyCollection<string> documents)
    {
        List<string> words = [.. documents.SelectMany(d => WordsOf(d).Distinct())];
        string[] vocabulary = [.. words.Distinct().Order(StringComparer.Ordinal)];
        var frequencies = words.CountBy(w => w).ToDictionary();
        return new(vocabulary, [.. vocabulary.Select(w => Math.Log((1.0 + documents.Count) / (1 + frequencies[w])) + 1)]);
    }

    /// <summary>The vector of a document, of length 1; zeros where it holds no known word.</summary>
    /// <param name="document">Any text.</param>
    public double[] Vector(string document)
    {
        var counts = WordsOf(document).CountBy(w => w).ToDictionary();
        double[] weights = [.. Vocabulary.Zip(InverseDocumentFrequencies, (word, idf) => counts.GetValueOrDefault(word) * idf)];
        var norm = Math.Sqrt(weights.Sum(w => w * w));
        return norm == 0 ? weights : [.. weights.Select(w => w / norm)];
    }

    static IEnumerable<string> WordsOf(string document) => Words().Matches(document.ToLowerInvariant()).Select(m => m.Value);

    /// <summary>Two or more letters, digits or underscores.</summary>
    [GeneratedRegex(@"[\p{L}\p{N}_]{2,}")]
    private static partial Regex Words();
}
