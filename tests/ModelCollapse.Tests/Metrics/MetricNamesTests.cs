using ModelCollapse.Images;
using ModelCollapse.Metrics;
using ModelCollapse.Store;

namespace ModelCollapse.Tests.Metrics;

/// <summary>Names of numbers as they are stored, and what is known of each.</summary>
public class MetricNamesTests
{
    /// <summary>All names in the committed results.</summary>
    static IReadOnlyList<string> Stored { get; } =
    [
        .. Directory.EnumerateFiles(Repository.PathOf("data/results"), "metrics.csv", SearchOption.AllDirectories)
            .SelectMany(f => File.ReadLines(f).Skip(1)).Select(line => line.Split(',')[4]).Distinct().Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void Every_stored_name_is_read_and_printed_back_unchanged()
    {
        Assert.InRange(Stored.Count, 100, 1000);
        foreach (var name in Stored) Assert.Equal(name, MetricKey.Parse(name).ToString());
    }

    [Fact]
    public void Every_key_is_printed_and_read_back_unchanged()
    {
        string[] names = ["", "mean", "human", "low", "kept-human", "quantile-0.05", "deviation-of-training-set", "drop-repeats.kept-human"];
        foreach (var name in names)
            foreach (var decile in (int?[])[null, 0, 9])
                foreach (var part in Enum.GetValues<NumberPart>())
                {
                    // A part of nothing has no text of its own.
                    if (name.Length == 0 && decile is null && part != NumberPart.Value) continue;
                    MetricKey key = new("metric", new(name, decile, part));
                    Assert.Equal(key, MetricKey.Parse(key.ToString()));
                }

        Assert.Equal(new MetricKey("almanac-cloze", new("accuracy", 3)), "almanac-cloze.accuracy.decile-3");
        Assert.Equal(new MetricKey("almanac-text", new("recall", 3, NumberPart.Human)), "almanac-text.recall.decile-3.human");
        Assert.Equal(new MetricKey("almanac-text", new("hallucination", Part: NumberPart.HumanHigh)), "almanac-text.hallucination.human-high");
        Assert.Equal(new MetricKey("training-origins", new("human")), "training-origins.human");
    }

    [Fact]
    public void Every_stored_number_is_described()
    {
        Kinds.Register(typeof(LatentDeviation).Assembly);
        foreach (var name in Stored)
        {
            var found = MetricCatalog.Find(name);
            Assert.True(found is not null, $"{name} is described nowhere.");
            Assert.True(found.Label.Length > 0 && found.Source.Length > 0, name);
        }

        Assert.Equal("nats", MetricCatalog.Find("almanac-text.kl.excess")!.Unit);
        Assert.Equal(UnderCollapse.Rises, MetricCatalog.Find("perplexity.ofMeanLoss")!.UnderCollapse);
        Assert.Equal(MetricCatalog.Find("diversity.distinct-2"), MetricCatalog.Find("training-diversity.distinct-2"));
        Assert.Null(MetricCatalog.Find("diversity.nothing"));
    }
}
