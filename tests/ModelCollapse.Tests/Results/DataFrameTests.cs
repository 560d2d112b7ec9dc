using Microsoft.Data.Analysis;
using Microsoft.DotNet.Interactive.Formatting;
using ModelCollapse.ClosedForm.Laws;
using ModelCollapse.Data;
using ModelCollapse.Generations;
using ModelCollapse.Recipes;
using ModelCollapse.Reporting;
using ModelCollapse.Results;
using ModelCollapse.Results.Claims;

namespace ModelCollapse.Tests.Results;

public class DataFrameTests
{
    static RunResults Committed(string recipe) => RunResults.Read(Path.Combine(ProjectData.Require("results"), recipe));

    [Fact]
    public void Results_are_a_tidy_table_with_a_column_for_each_factor()
    {
        var results = Committed("almanac");
        var frame = results.ToDataFrame();
        Assert.Equal(["recipe", "arm", "label", "control", "policy", "decoding", "seed", "generation", "metric", "unit", "value"], frame.Columns.Select(c => c.Name));
        Assert.Equal(results.Metrics.Count, frame.Rows.Count);
        var row = results.Metrics.Index().First(m => m.Item is { Arm: "preserve-beams", Seed: 2, Generation: 9 } && m.Item.Metric == "training-diversity.entropy");
        Assert.Equal(
            ["almanac", "preserve-beams", "10 % real, five beams", "control-beams", "preserve", "beams", 2L, 9L, "training-diversity.entropy", "nats", row.Item.Value],
            frame.Rows[row.Index].ToArray());
    }

    [Fact]
    public void It_is_filtered_grouped_and_joined()
    {
        var results = Committed("wikitext2-mini");
        var frame = results.ToDataFrame();
        var perplexity = frame.Filter(frame["metric"].ElementwiseEquals("perplexity.ofMeanLoss"));
        var last = perplexity.Filter(perplexity["generation"].ElementwiseEquals(9));
        Assert.Equal(5 * 5, last.Rows.Count);

        var means = last.GroupBy("arm").Mean("value");
        foreach (var arm in means.Rows)
            Assert.Equal(results.Metrics.Where(m => m.Arm == (string)arm[0] && m.Generation == 9 && m.Metric == "perplexity.ofMeanLoss").Average(m => m.Value), (double)arm[1], 9);

        // Each arm beside its control.
        var beside = last.Merge(means, ["control"], ["arm"], joinAlgorithm: JoinAlgorithm.Inner);
        Assert.Equal(4 * 5, beside.Rows.Count);
        Assert.DoesNotContain("control", Enumerable.Range(0, (int)beside.Rows.Count).Select(i => (string)beside.Columns[1][i]));
    }

    [Theory]
    [InlineData("almanac")]
    [InlineData("wikitext2-smollm2-zero-shot")]
    [InlineData("vae-mnist")]
    public void It_is_written_to_csv_and_read_back_equal(string recipe)
    {
        using TemporaryFolder folder = new();
        var results = Committed(recipe);
        foreach (var frame in (DataFrame[])[results.ToDataFrame(), results.CostsToDataFrame()])
        {
            FrameCsv.Write(frame, folder.File("new/frame.csv"));
            Equal(frame, FrameCsv.Read(folder.File("new/frame.csv"), new Dictionary<string, Type> { ["value"] = typeof(double) }));
        }
    }

    [Fact]
    public void What_is_no_number_missing_or_full_of_commas_survives_the_file()
    {
        using TemporaryFolder folder = new();
        DataFrame frame = new(
            new StringDataFrameColumn("text", ["a, \"b\"\nc", "", null, "NaN", "−1"]),
            new DoubleDataFrameColumn("number", [double.NaN, double.NegativeInfinity, -0.0, 1 / 3.0, null]),
            new Int64DataFrameColumn("whole", [long.MinValue, long.MaxValue, 0, null, 7]),
            new StringDataFrameColumn("nothing", [null, null, null, null, null]));
        FrameCsv.Write(frame, folder.File("x.csv"));
        Equal(frame, FrameCsv.Read(folder.File("x.csv")));

        File.WriteAllText(folder.File("x.csv"), "a\n1\nx\n");
        Assert.Contains("'x' in the column 'a'", Assert.Throws<InputException>(() => FrameCsv.Read(folder.File("x.csv"), new Dictionary<string, Type> { ["a"] = typeof(double) })).Message);
        Assert.Contains("nowhere.csv", Assert.Throws<InputException>(() => FrameCsv.Read(folder.File("nowhere.csv"))).Message);
    }

    [Fact]
    public async Task Laws_and_verdicts_are_tables_too()
    {
        List<LawRow> laws = [];
        await foreach (var law in LawTable.MeasureAsync(1, 0.001)) laws.Add(law);
        var frame = laws.ToDataFrame();
        Assert.Equal(laws.Sum(l => l.Points.Count), frame.Rows.Count);
        Assert.Equal(["law", "kind", "source", "setting", "repetitions", "x", "predicted", "measured", "standardError"], frame.Columns.Select(c => c.Name));

        var verdicts = ClaimTable.Of(ClaimFile.OfProject().Claims, Committed("wikitext2-mini"));
        var table = verdicts.ToDataFrame();
        Assert.Equal(verdicts.Count, table.Rows.Count);
        Assert.Equal(verdicts.Count(v => v.Outcome == Outcome.Reproduced), table.Filter(table["outcome"].ElementwiseEquals("reproduced")).Rows.Count);
        using TemporaryFolder folder = new();
        FrameCsv.Write(table, folder.File("verdicts.csv"));
        Equal(table, FrameCsv.Read(folder.File("verdicts.csv")));
    }

    [Fact]
    public void A_cell_shows_the_first_twenty_rows_and_says_how_many_there_are()
    {
        var shown = FormattedValue.CreateManyFromObject(FrameOf(1234)).ToDictionary(v => v.MimeType, v => v.Value);
        Assert.Equal(["text/html", "text/plain"], shown.Keys);
        Assert.Contains("first 20 of 1,234 rows, 2 columns", shown["text/html"]);
        Assert.Equal(20, shown["text/html"].Split("<tr>").Length - 2);
        Assert.Contains("&lt;b&gt;", shown["text/html"]);
        Assert.StartsWith("3 rows, 2 columns\n", FrameTable.Of(FrameOf(3)).ToText());
        Assert.Empty(FrameTable.Of(FrameOf(0)).Rows);
    }

    static DataFrame FrameOf(int rows) => new(new StringDataFrameColumn("<b>", Enumerable.Range(0, rows).Select(i => $"<b>{i}")), new DoubleDataFrameColumn("value", Enumerable.Range(0, rows).Select(i => i / 3.0)));

    static void Equal(DataFrame expected, DataFrame found)
    {
        Assert.Equal(expected.Columns.Select(c => (c.Name, c.DataType)), found.Columns.Select(c => (c.Name, c.DataType)));
        Assert.Equal(expected.Rows.Count, found.Rows.Count);
        foreach (var (a, b) in expected.Columns.Zip(found.Columns))
            for (var i = 0L; i < a.Length; i++)
                if (a[i] is double x && b[i] is double y) Assert.Equal(BitConverter.DoubleToInt64Bits(x), BitConverter.DoubleToInt64Bits(y));
                else Assert.Equal(a[i], b[i]);
    }
}
