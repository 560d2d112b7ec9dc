using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ModelCollapse.Metrics;

namespace ModelCollapse.Tests.Metrics;

/// <summary>Diversity, repetition and self-BLEU against NLTK, SciPy, lexicalrichness and zlib.</summary>
[Trait("kind", "golden")]
public partial class TextDiversityGoldenTests
{
    const string Golden = "metrics/text_diversity.json";
    const double Tolerance = 1e-9, CompressionTolerance = 0.05;

    /// <summary>Below this size the compressor's header and tables are most of the output (golden/metrics/README.md).</summary>
    const int LeastBytesToCompress = 1000;

    static readonly JsonElement Root = GoldenFolder.Json(Golden);

    /// <summary>Names of the cases.</summary>
    public static TheoryData<string> Cases => [.. Root.GetProperty("cases").EnumerateArray().Select(c => c.Text("name"))];

    [Theory, MemberData(nameof(Cases))]
    public void Agrees(string name)
    {
        var (golden, comparison) = (Root.GetProperty("cases").EnumerateArray().Single(c => c.Text("name") == name), new GoldenComparison(Golden));
        string[][] words = [.. golden.GetProperty("texts").EnumerateArray().Select(t => t.EnumerateArray().Select(w => w.GetString()!).ToArray())];
        var ids = new Dictionary<string, int>();
        int[][] texts = [.. words.Select(t => t.Select(w => ids.TryGetValue(w, out var id) ? id : ids[w] = ids.Count).ToArray())];
        int[] joined = [.. texts.SelectMany(t => t)];
        var (unigrams, bleu, settings) = (new UnigramDistribution(texts), SelfBleu.Of(texts), Root.GetProperty("settings"));
        var (threshold, draws) = (settings.Number("mtld_threshold"), settings.GetProperty("hdd_draws").GetInt32());
        foreach (var field in golden.GetProperty("expected").EnumerateObject())
            switch (field.Name)
            {
                case "self_bleu_4_per_text": comparison.Add("self-BLEU of each text", bleu.PerText(4), field.Value.Numbers(), Tolerance); break;
                case "mtld_per_text": comparison.Add("MTLD", texts.Select(t => Mtld.Of(t, threshold)), field.Value.Numbers(), Tolerance); break;
                case "zipf":
                    foreach (var fit in field.Value.EnumerateArray())
                    {
                        var zipf = ZipfCoefficient.Of(texts, fit.GetProperty("top").GetInt32());
                        comparison.Fields("Zipf", fit, Tolerance, key => key switch { "top" => fit.Number("top"), "ranks_used" => zipf.Ranks, "slope" => -zipf.Coefficient, "coefficient" => zipf.Coefficient, "intercept" => zipf.Intercept, "r" => zipf.Correlation, _ => null });
                    }

                    break;
                case "heaps":
                    var heaps = HeapsLaw.Of(texts);
                    comparison.Fields("Heaps", field.Value, Tolerance, key => key switch { "beta" => heaps.Beta, "K" => heaps.K, "r" => heaps.Correlation, _ => null });
                    break;
                case "compression": Compressed(words, field.Value, comparison); break;
                default:
                    var n = Length().Match(field.Name) is { Success: true } match ? int.Parse(match.Value, CultureInfo.InvariantCulture) : 0;
                    var key = Length().Replace(field.Name, "n", 1);

                    // What does not exist is null there, and an error here.
                    if (field.Value.ValueKind == JsonValueKind.Null)
                    {
                        Assert.ThrowsAny<ArgumentException>(() => Found(key, n));
                        break;
                    }

                    var (what, found) = Found(key, n);
                    comparison.Add(what, found, field.Value.Number(), Tolerance);
                    break;
            }

        comparison.Report();

        (string What, double Found) Found(string key, int n) => key switch
        {
            "token_count" => ("counts", unigrams.Tokens),
            "vocabulary_size" => ("counts", unigrams.Types),
            "type_token_ratio" => ("counts", unigrams.TypeTokenRatio),
            "unigram_entropy_nats" => ("entropy", unigrams.Entropy),
            "bigram_entropy_nats" => ("entropy", NGrams.Entropy(texts, 2)),
            "distinct_n_pooled" => ("distinct-n", DistinctN.Of(texts, n)),
            "distinct_n_mean_per_text" => ("distinct-n of each text", DistinctN.MeanPerText(texts, n)),
            "seq_rep_n" => ("seq-rep-n", SeqRepN.Of(texts, n)),
            "self_bleu_n" => ("self-BLEU", bleu.Mean(n)),
            "self_bleu_n_corpus_level" => ("self-BLEU of the corpus", bleu.CorpusLevel(n)),
            "mtld" => ("MTLD", Mtld.Of(joined, threshold)),
            "hdd" => ("HD-D", HdD.Of([joined], draws)),
            _ => throw new InvalidDataException($"{Golden} has a field {key} that nothing is compared with."),
        };
    }

    /// <summary>The .NET runtime has another DEFLATE (zlib-ng), so sizes are alike, not equal.</summary>
    static void Compressed(string[][] words, JsonElement expected, GoldenComparison comparison)
    {
        var found = CompressionRatio.Of(words.Select(t => string.Join(' ', t)));
        comparison.Add("compression, raw bytes", found.RawBytes, expected.Number("raw_bytes"), 0);
        if (found.RawBytes < LeastBytesToCompress)
        {
            Assert.True(found.ZlibBytes < found.GzipBytes);
            return;
        }

        comparison.Add("compression", found.ZlibBytes / expected.Number("zlib_bytes"), 1, CompressionTolerance);
        comparison.Add("compression", found.GzipBytes / expected.Number("gzip_bytes"), 1, CompressionTolerance);
        comparison.Add("compression", found.Ratio / expected.Number("ratio_gzip"), 1, CompressionTolerance);
    }

    [GeneratedRegex(@"(?<=_)\d+")]
    private static partial Regex Length();
}
