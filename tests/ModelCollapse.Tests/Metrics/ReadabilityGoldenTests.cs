using System.Text.Json;
using ModelCollapse.Metrics;

namespace ModelCollapse.Tests.Metrics;

/// <summary>Readability scores and the counts below them against textstat.</summary>
[Trait("kind", "golden")]
public class ReadabilityGoldenTests
{
    const string Golden = "metrics/readability.json";
    const double Tolerance = 1e-9, ShareOfSyllables = 0.85;

    /// <summary>In fewer words a single error may be a large share.</summary>
    const int FewWords = 12;

    static readonly JsonElement Root = GoldenFolder.Json(Golden);

    [Fact]
    public void Scores_follow_from_the_counts()
    {
        var comparison = new GoldenComparison(Golden);
        foreach (var golden in Root.GetProperty("cases").EnumerateArray())
        {
            var counts = golden.GetProperty("counts");
            int Count(string name) => counts.GetProperty(name).GetInt32();
            var scores = new Readability(new()
            {
                Words = Count("words"),
                Sentences = Count("sentences"),
                Syllables = Count("syllables"),
                Polysyllables = Count("polysyllable_words_3plus"),
                DifficultWords = Count("difficult_words_fog"),
                LongWords = Count("long_words_over_6"),
                Letters = Count("letters"),
                Characters = Count("characters_no_space"),
                Tokens = Count("whitespace_tokens"),
            });
            comparison.Fields("scores from the counts", golden.GetProperty("expected"), Tolerance, name => name switch
            {
                "flesch_reading_ease" => scores.FleschReadingEase,
                "flesch_kincaid_grade" => scores.FleschKincaidGrade,
                "gunning_fog" => scores.GunningFog,
                "smog_index" => scores.SmogIndex,
                "coleman_liau_index" => scores.ColemanLiauIndexOfTextstat,
                "coleman_liau_index_original_0.0588" => scores.ColemanLiauIndex,
                "automated_readability_index" => scores.AutomatedReadabilityIndex,
                "lix" => scores.Lix,
                _ => null,
            });
        }

        comparison.Report();
    }

    [Fact]
    public void Words_sentences_and_characters_are_counted_as_textstat_does()
    {
        var comparison = new GoldenComparison(Golden);
        foreach (var golden in Root.GetProperty("cases").EnumerateArray())
        {
            var (text, counts) = (golden.Text("text"), golden.GetProperty("counts"));
            Assert.Equal(golden.GetProperty("words").EnumerateArray().Select(w => w.GetString()), TextCounts.WordsOf(text));
            var found = TextCounts.Of(text);
            foreach (var (name, value) in new[]
            {
                ("words", found.Words), ("sentences", found.Sentences), ("long_words_over_6", found.LongWords),
                ("letters", found.Letters), ("characters_no_space", found.Characters), ("whitespace_tokens", found.Tokens),
            })
                comparison.Add($"{name} of the texts", value, counts.Number(name), 0);
        }

        comparison.Report();
    }

    /// <summary>textstat looks syllables up in two dictionaries that are not shipped here.</summary>
    [Fact]
    public void Syllables_of_most_words_agree()
    {
        List<JsonProperty> words = [.. Root.GetProperty("syllables_by_word").EnumerateObject()];
        var wrong = words.Count(w => Syllables.Count(w.Name) != w.Value[0].GetInt32());
        GoldenFolder.Report(Golden, "share of words with other syllables", (double)wrong / words.Count, 1 - ShareOfSyllables);

        // Over many words the errors cancel: the more, the better.
        (double Found, double Wanted, double Words)[] texts =
        [
            .. Root.GetProperty("cases").EnumerateArray().Select(c => (Counts: c.GetProperty("counts"), Text: c.Text("text")))
                .Select(c => ((double)TextCounts.Of(c.Text).Syllables, c.Counts.Number("syllables"), c.Counts.Number("words"))),
        ];
        GoldenFolder.Report(Golden, "syllables of a text, relative", texts.Where(t => t.Words >= FewWords).Select(t => Math.Abs(t.Found / t.Wanted - 1)).DefaultIfEmpty().Max(), 0.15);
        GoldenFolder.Report(Golden, "syllables of all texts, relative", Math.Abs(texts.Sum(t => t.Found) / texts.Sum(t => t.Wanted) - 1), 0.05);
    }
}
