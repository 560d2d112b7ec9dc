using ModelCollapse.Data.Almanac;

namespace ModelCollapse.Tests.Data.Almanac;

/// <summary>Alone, because the memory of the whole process is measured, and other tests would use it.</summary>
[Collection(nameof(Alone))]
public class AlmanacStreamTests
{
    [Fact]
    public void Ten_million_words_stream_in_constant_memory()
    {
        var writer = new AlmanacWriter(AlmanacWorld.Of(new()));
        var (words, before) = (0L, 0L);
        foreach (var article in writer.Articles(1))
        {
            words += article.Text.AsSpan().Count(' ');
            if (before == 0 && words > 100_000) before = GC.GetTotalMemory(forceFullCollection: true);
            if (words > 10_000_000) break;
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 5_000_000);
    }
}
