using System.Globalization;
using CsCheck;
using ModelCollapse.Results;

namespace ModelCollapse.Tests.Results;

public class CsvTests
{
    [Fact]
    public void Fields_are_quoted_where_rfc_4180_says_so_and_nowhere_else() => Assert.Equal(
        "arm,label,value\na,\"replace, beams\",0.5\nb,\"say \"\"x\"\"\",NaN\nc,\"two\nlines\",1E-05\nd,,-0\ne,\"\",Infinity\n",
        Csv.Write(["arm", "label", "value"],
        [
            ["a", "replace, beams", 0.5], ["b", "say \"x\"", double.NaN], ["c", "two\nlines", 1e-5], ["d", null, -0.0], ["e", "", double.PositiveInfinity],
        ]));

    [Fact]
    public void Whatever_is_written_is_read_back() =>
        Gen.OneOf(Gen.String, Gen.Const(""), Gen.Const(",\"\r\n"), Gen.Int.Select(_ => (string)null!)).Array[1, 4].Array[1, 5].Where(rows => rows.All(r => r.Length == rows[0].Length)).Sample(rows =>
        {
            string[] columns = [.. rows[0].Select((_, i) => $"column {i}")];
            var back = Csv.Read(Csv.Write(columns, rows), "x.csv");
            Assert.Equal(columns, back[0]);
            Assert.Equal(rows, back.Skip(1));
        });

    [Fact]
    public void Doubles_are_read_back_to_the_last_bit_in_any_culture() => Gen.Double.Sample(value =>
    {
        var field = Csv.Read(Csv.Write(["x"], [[value]]), "x.csv")[1][0]!;
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(double.Parse(field, CultureInfo.InvariantCulture)));
    });

    [Fact]
    public void Lines_may_end_as_on_windows_and_the_last_one_need_not_end() => Assert.Equal([["a", "b"], ["1", null]], Csv.Read("a,b\r\n1,", "x.csv"));

    [Theory]
    [InlineData("a,b\n1\n", "row 2 has 1 fields but the first has 2")]
    [InlineData("a\n\"1\n", "the quote at character 3 is not closed")]
    [InlineData("a\n\"1\"2\n", "after the quotes at character 3")]
    public void Damage_is_said_in_one_sentence(string text, string said)
    {
        var message = Assert.Throws<InputException>(() => Csv.Read(text, "x.csv")).Message;
        Assert.Contains(said, message);
        Assert.Contains("x.csv", message);
    }
}
