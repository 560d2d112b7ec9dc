using ModelCollapse.Metrics;
using ModelCollapse.Reporting;
using ModelCollapse.Sampling;

namespace ModelCollapse.Tests.Reporting;

public class LiveModelTests
{
    [Fact]
    public void The_mini_model_writes_without_any_downloaded_text()
    {
        using TemporaryFolder empty = new();
        using var model = LiveModel.Open("wikitext2-mini", new(empty.Path));
        Assert.False(model.HasText);
        Assert.Contains("fetch wikitext-2", model.Note);
        DecodingOptions greedy = new() { MaxNewTokens = 24 }, sampled = new() { Sample = true, MaxNewTokens = 24 };
        var texts = model.Compare(prompts: 8, seed: 0, greedy, sampled);
        Assert.Equal(["greedy", "temperature(1)"], texts.Select(t => t.Decoding));
        Assert.All(texts, t => Assert.All(t.Texts, text => Assert.Equal(24, text.Length)));
        Assert.True(texts[0].MedianPerplexity < texts[1].MedianPerplexity);
        Assert.True(texts[0].Distinct2 < texts[1].Distinct2);
        Assert.Equal(texts[1].Texts, model.Compare(8, 0, sampled)[0].Texts); // the same seed
        Assert.Equal(["greedy", "temperature(1)"], model.Write(0, 0, greedy, sampled).Texts.Select(t => t.Label));
        Assert.Equal(2, DecodingTables.Table(texts).Rows.Count);
        Assert.Equal(2, DecodingTables.Map(texts).Panels[0].Series.Count);
    }

    [Fact]
    public void The_median_is_the_middle_quantile() => Assert.Equal(7, PerplexityHistogram.Of([1, 2, 7, 100, 1000]).Median);
}
