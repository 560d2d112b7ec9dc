using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModelCollapse.Kernel.Tests;
using ModelCollapse.Reporting;
using ModelCollapse.Tests;
using ModelCollapse.Tests.Reporting;

namespace ModelCollapse.Notebooks.Tests;

/// <summary>
/// Every notebook from top to bottom through nbclient, with nothing in the data folder: as on a fresh clone. What does not depend on the
/// machine must come out as it is committed.
/// </summary>
public class HeadlessTests(InstalledKernel kernel) : IClassFixture<InstalledKernel>
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    public static TheoryData<string> Names => [.. Notebook.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_runs_without_data_and_gives_what_is_committed(string name)
    {
        using TemporaryFolder folder = new();
        var (code, output) = Execute("notebooks", ["--to", folder.Path, name], data: Path.Combine(folder.Path, "no-data"));
        Assert.True(code == 0, output);
        var (committed, now) = (Notebook.Committed(name), Notebook.Read(Path.Combine(folder.Path, name)));
        Assert.Equal(committed.Cells.Select(c => c.Source), now.Cells.Select(c => c.Source));
        foreach (var (was, isNow) in committed.CodeCells.Zip(now.CodeCells))
        {
            Assert.DoesNotContain(isNow.Outputs, o => o.Type == "error");
            if (!was.Varies) RequireSame(was, isNow);
        }
    }

    [Fact]
    public void An_error_fails_the_run_and_is_shown()
    {
        var (code, output) = Execute("notebooks", ["no-such-notebook"], data: null);
        Assert.Equal(1, code);
        Assert.Contains("there are 00-start-here.ipynb", output);
    }

    static void RequireSame(Cell was, Cell isNow)
    {
        Assert.Equal(was.Outputs.Select(o => $"{was} {o.Type} {string.Join(' ', o.Data.Keys.Order(StringComparer.Ordinal))}"), isNow.Outputs.Select(o => $"{isNow} {o.Type} {string.Join(' ', o.Data.Keys.Order(StringComparer.Ordinal))}"));
        foreach (var (before, after) in was.Outputs.Zip(isNow.Outputs))
        {
            Assert.Equal(before.Text, after.Text);
            foreach (var (mimeType, value) in before.Data)
                switch (mimeType)
                {
                    case PlotlyFigure.MimeType: RequireSame($"{was}", value, after.Data[mimeType]); break;
                    case "image/png": RequireSamePicture(Cell.TextOf(value), after.DataText(mimeType)); break;
                    case "text/html" when Picture(Cell.TextOf(value)) is { Success: true } picture:
                        RequireSamePicture(picture.Groups[1].Value, Picture(after.DataText(mimeType)).Groups[1].Value);
                        break;
                    default: Assert.Equal(Cell.TextOf(value), after.DataText(mimeType)); break;
                }
        }
    }

    static Match Picture(string html) => Regex.Match(html, "base64,([^\"]*)\"");

    // Fonts differ a little between machines.
    static void RequireSamePicture(string was, string isNow) => Assert.InRange(Pictures.Difference(Convert.FromBase64String(was.Trim()), Convert.FromBase64String(isNow.Trim())), 0, 0.02);

    /// <summary>The same JSON; numbers may differ in the last of their six digits.</summary>
    static void RequireSame(string place, JsonNode? was, JsonNode? isNow)
    {
        switch (was)
        {
            case JsonObject fields:
                Assert.Equal(fields.Select(f => f.Key).Order(StringComparer.Ordinal), isNow!.AsObject().Select(f => f.Key).Order(StringComparer.Ordinal));
                foreach (var (name, value) in fields) RequireSame($"{place}.{name}", value, isNow[name]);
                break;
            case JsonArray items:
                Assert.Equal(items.Count, isNow!.AsArray().Count);
                for (var i = 0; i < items.Count; i++) RequireSame($"{place}[{i}]", items[i], isNow[i]);
                break;
            case JsonValue value when value.TryGetValue(out double number):
                Assert.True(Math.Abs(number - (double)isNow!) <= 2e-5 * Math.Abs(number), string.Create(CultureInfo.InvariantCulture, $"{place} was {number} and is {isNow}"));
                break;
            default:
                Assert.Equal(was?.ToJsonString(), isNow?.ToJsonString());
                break;
        }
    }

    /// <summary>Runs a program of <c>environment</c> with a limit of time; at the limit it is stopped with everything that it started.</summary>
    (int Code, string Output) Execute(string program, string[] arguments, string? data)
    {
        var start = new ProcessStartInfo(Path.Combine(Notebook.Root, "environment", program), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["JUPYTER_DATA_DIR"] = kernel.Data;
        if (data is not null) start.Environment["MODEL_COLLAPSE_DATA"] = data;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} took longer than {Limit.TotalMinutes} minutes.");
        }

        return (process.ExitCode, output.Result + error.Result);
    }
}
