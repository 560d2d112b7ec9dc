using ModelCollapse.Data;
using ModelCollapse.Data.Almanac;
using ModelCollapse.Reporting;

namespace ModelCollapse.Tests.Reporting;

public class AlmanacTablesTests
{
    static readonly AlmanacWorld World = AlmanacWorld.Of(new() { Entities = 60 });

    [Fact]
    public void Facts_and_shares_have_a_row_for_each_tenth()
    {
        var (facts, shares) = (AlmanacTables.Facts(World), AlmanacTables.Shares(World));
        Assert.Equal(Enumerable.Range(0, 10).Select(d => $"{d}"), facts.Rows.Select(r => r[0]));
        Assert.Equal(Enumerable.Range(0, 10).Select(d => $"{d}"), shares.Rows.Select(r => r[0]));
        var most = World.Facts.Max(f => World.FactProbability(f.Index));
        Assert.Equal(IntervalText.Number(1e6 * most, "N0"), facts.Rows[0][4]);
    }

    [Fact]
    public void A_changed_value_is_shown_as_false_with_the_truth_beside_it()
    {
        var fact = World.Facts.First(f => f.Relation.Name == "founded");
        var subject = World.Entities[fact.Subject].Name;
        var text = $" = {subject} = \n {subject} was founded in the year 1 . \n";
        Assert.Equal([$"= {subject} =", $"{subject} was founded in the year 1 ."], AlmanacTables.Read(World, text).Rows.Select(r => r[0]));
        Assert.Equal(["heading", $"FALSE: founded of {subject} is {fact.Value}, not 1"], AlmanacTables.Read(World, text).Rows.Select(r => r[1]));
        Assert.Equal($"true: founded of {subject}", AlmanacTables.Read(World, text.Replace(" 1 ", $" {fact.Value} ")).Rows[1][1]);
        Assert.Equal("BROKEN: not a sentence of the grammar", AlmanacTables.Read(World, text.Replace("was", "was was")).Rows[1][1]);
    }

    [Fact]
    public void Statistics_say_what_is_missing_where_there_is_no_real_text()
    {
        using TemporaryFolder folder = new();
        var table = AlmanacTables.Statistics(World, 1, new DataFolder(folder.Path), words: 2000);
        Assert.Contains("collapse fetch wikitext-2", table.Title);
        Assert.All(table.Rows, row => Assert.Equal(2, row.Count));
    }

    [Fact, Trait("kind", "data")]
    public void Statistics_stand_beside_those_of_real_text() =>
        Assert.All(AlmanacTables.Statistics(World, 1, new DataFolder(TestData.Path(".")), words: 2000).Rows, row => Assert.Equal(3, row.Count));

    [Fact]
    public void Every_published_file_and_every_committed_model_has_a_row()
    {
        Assert.Equal(PinnedDatasets.All.Sum(d => d.Files.Count), ProvenanceTables.Published().Rows.Count);
        Assert.Equal(["almanac", "mini"], ProvenanceTables.Models().Rows.Select(r => r[0]));
        Assert.All(ProvenanceTables.Models().Rows, row => Assert.All(row, cell => Assert.NotEqual("", cell)));
    }
}
