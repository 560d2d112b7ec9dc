using System.Globalization;
using ModelCollapse.Data;
using ModelCollapse.Data.Almanac;
using ModelCollapse.Metrics;

namespace ModelCollapse.Reporting;

/// <summary>The world of the Almanac, its text, and what its reader makes of any text, as tables.</summary>
public static class AlmanacTables
{
    /// <summary>One fact of each tenth: what it says and how often it is said.</summary>
    /// <param name="world">The world.</param>
    public static Table Facts(AlmanacWorld world) => new(
        string.Create(CultureInfo.InvariantCulture, $"{world.Facts.Count:N0} facts about {world.Entities.Count:N0} things; the most frequent of each decile"),
        ["decile", "subject", "relation", "value", "mentions per million"],
        [
            .. world.Facts.GroupBy(f => world.Decile(f.Index)).OrderBy(g => g.Key).Select(g => g.MaxBy(f => world.FactProbability(f.Index))!).Select(f => (string[])
            [
                $"{world.Decile(f.Index)}", $"{world.Entities[f.Subject].Name} ({world.Entities[f.Subject].Noun})", f.Relation.Name, f.Value,
                IntervalText.Number(1e6 * world.FactProbability(f.Index), "N0"),
            ]),
        ]);

    /// <summary>What each tenth of the facts has of all mentions, the most frequent first.</summary>
    /// <param name="world">The world.</param>
    public static Table Shares(AlmanacWorld world) => new("Share of all mentions", ["decile of the facts", "share"],
        [.. Enumerable.Range(0, 10).Select(d => (string[])[$"{d}", IntervalText.Number(world.Facts.Where(f => world.Decile(f.Index) == d).Sum(f => world.FactProbability(f.Index)), "P1")])]);

    /// <summary>A text, sentence by sentence, with the reader's verdict.</summary>
    /// <param name="world">The world.</param>
    /// <param name="text">The text.</param>
    /// <param name="title">Line above; may be empty.</param>
    public static Table Read(AlmanacWorld world, string text, string title = "") => new(title, ["sentence", "verdict"],
        [.. new AlmanacReader(world).Read(text).GroupBy(r => (r.Start, r.End)).Select(g => (string[])[text[g.Key.Start..g.Key.End].Trim(), string.Join("; ", g.Select(r => InWords(world, r)))])]);

    /// <summary>Statistics of the Almanac's text, beside WikiText-2's where that is on this machine, of as many words.</summary>
    /// <param name="world">The world.</param>
    /// <param name="seed">Decides the Almanac's text.</param>
    /// <param name="data">Where WikiText-2 is; null for the user's folder.</param>
    /// <param name="words">Words of each.</param>
    public static Table Statistics(AlmanacWorld world, long seed, DataFolder? data = null, int words = 200_000)
    {
        var ours = CorpusStatistics.Of(new AlmanacWriter(world).Articles(seed).Select(a => a.Text), words);
        var theirs = Real((data ?? DataFolder.Default).PathOf("wikitext-2"), words);
        string[] Row(string name, Func<CorpusStatistics, double> value, string format) => theirs is null ? [name, IntervalText.Number(value(ours), format)] : [name, IntervalText.Number(value(ours), format), IntervalText.Number(value(theirs), format)];
        return new(
            string.Create(CultureInfo.InvariantCulture, $"{words:N0} words{(theirs is null ? "; WikiText-2 is not on this machine: collapse fetch wikitext-2" : "")}"),
            ["statistic", "Almanac", .. theirs is null ? (string[])[] : ["WikiText-2"]],
            [
                Row("words per sentence", s => s.SentenceLength, "F1"), Row("their standard deviation", s => s.SentenceDeviation, "F1"),
                Row("words per article", s => s.ArticleLength, "F0"), Row("different words", s => s.Vocabulary, "N0"),
                Row("entropy of words (nats)", s => s.Entropy, "F2"), Row("slope of Zipf's law", s => s.Zipf, "F2"),
            ]);
    }

    static CorpusStatistics? Real(string folder, int words)
    {
        try
        {
            return CorpusStatistics.Of(new WikiText2(folder, WikiTextVersion.Tokens).Documents("valid"), words);
        }
        catch (InputException)
        {
            return null;
        }
    }

    static string InWords(AlmanacWorld world, Reading reading) => reading.Kind switch
    {
        ReadingKind.TrueFact => $"true: {reading.Relation} of {world.Entities[reading.Subject].Name}",
        ReadingKind.FalseFact when reading.Fact >= 0 => $"FALSE: {reading.Relation} of {world.Entities[reading.Subject].Name} is {world.Facts[reading.Fact].Value}, not {reading.Value}",
        ReadingKind.FalseFact => $"FALSE: there is no such fact ({reading.Relation}: {reading.Value})",
        ReadingKind.Empty => "states no fact",
        ReadingKind.Unresolved => "without a known subject",
        ReadingKind.Unparseable => "BROKEN: not a sentence of the grammar",
        ReadingKind.Heading => "heading",
        _ => "cut off",
    };
}
