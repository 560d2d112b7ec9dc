using System.Globalization;
using ModelCollapse.ClosedForm.Laws;

namespace ModelCollapse.Tests.ClosedForm.Laws;

/// <summary>Every law against the recursive loop.</summary>
public class LawTableTests
{
    /// <summary>Of 40 rows one lies 4 standard errors off in 400 tables by chance; a wrong law lies tens off.</summary>
    const double StandardErrors = 4;

    [Fact]
    public async Task Every_law_holds_in_the_loop()
    {
        List<LawRow> rows = [];
        await foreach (var row in LawTable.MeasureAsync(seed: 1, cancellation: TestContext.Current.CancellationToken)) rows.Add(row);

        TestContext.Current.TestOutputHelper?.WriteLine(Text(rows));
        Assert.All(rows, row => Assert.True(row.StandardError > 0, row.ToString()));
        Assert.All(rows.Where(r => r.Kind == LawKind.Exact), row => Assert.True(Math.Abs(row.Z) < StandardErrors, row.ToString()));
        // What a first-order form leaves out is of the order of its own square.
        Assert.All(rows.Where(r => r.Kind == LawKind.FirstOrder), row => Assert.InRange(row.RelativeError, -0.1, 0.1));
        Assert.All(rows.Where(r => r.Kind == LawKind.Conjecture), row => Assert.InRange(row.RelativeError, -0.1, 0.1));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_table_and_another_seed_another()
    {
        var (a, b, c) = (await First(3), await First(3), await First(4));

        Assert.Equal(a.Points, b.Points);
        Assert.NotEqual(a.Measured, c.Measured);
        Assert.Equal(a.Predicted, c.Predicted);

        static async Task<LawRow> First(long seed)
        {
            await foreach (var row in LawTable.MeasureAsync(seed, size: 0.01, TestContext.Current.CancellationToken)) return row;
            throw new InvalidOperationException("The table is empty.");
        }
    }

    static string Text(IEnumerable<LawRow> rows) => string.Join('\n', rows.Select(r => string.Create(
        CultureInfo.InvariantCulture, $"{r.Kind,-10} {r.Law,-48} {r.Setting,-66} {r.Predicted,10:F5} {r.Measured,10:F5} ± {r.StandardError:F5} {r.RelativeError,9:P2} {r.Repetitions,7}")));
}
