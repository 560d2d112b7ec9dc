using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModelCollapse.Reporting;
using ModelCollapse.Tests.Reporting;

namespace ModelCollapse.Notebooks.Tests;

/// <summary>The notebooks as they are committed: what a reader sees without running anything.</summary>
public partial class CommittedNotebookTests
{
    const string Plotly = PlotlyFigure.MimeType;

    public static TheoryData<string> Names => [.. Notebook.Names];

    [Fact]
    public void The_chapters_are_there() =>
        Assert.All((string[])["00-start-here.ipynb", "03-baseline.ipynb", "04-recursive-fine-tuning.ipynb", "06-decoding.ipynb"], name => Assert.Contains(name, Notebook.Names));

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_small_names_our_kernel_and_was_run_from_top_to_bottom(string name)
    {
        var notebook = Notebook.Committed(name);
        Assert.InRange(new FileInfo(notebook.Path).Length, 1, 1_500_000);
        Assert.Equal((".net-csharp", ".NET (C#)"), ((string)notebook.Json["metadata"]!["kernelspec"]!["name"]!, (string)notebook.Json["metadata"]!["kernelspec"]!["display_name"]!));
        Assert.Equal((4, 5), ((int)notebook.Json["nbformat"]!, (int)notebook.Json["nbformat_minor"]!));
        Assert.Equal(Enumerable.Range(1, notebook.CodeCells.Count()), notebook.CodeCells.Select(c => (int)c.Json["execution_count"]!));
        Assert.All(notebook.CodeCells, c => Assert.DoesNotContain(c.Outputs, o => o.Type is "error" or "stream"));
        Assert.All(notebook.Cells, c => Assert.False(c.Json["metadata"]!.AsObject().ContainsKey("execution"), "times of execution are committed"));
        Assert.Equal(notebook.Cells.Count, notebook.Cells.Select(c => c.Id).Distinct().Count());
    }

    [Fact]
    public void All_begin_with_the_same_short_cell()
    {
        var first = Notebook.Names.Select(n => Notebook.Committed(n).CodeCells.First().Source).Distinct().ToArray();
        Assert.InRange(Assert.Single(first).Split('\n').Length, 2, 9);
        Assert.All(Regex.Matches(first[0], "#r \"(.*)\""), path => Assert.True(File.Exists(Path.Combine(Notebook.Root, "notebooks", path.Groups[1].Value)), path.Value));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_a_chapter_and_its_logic_is_in_the_library(string name)
    {
        var notebook = Notebook.Committed(name);
        var text = string.Concat(notebook.Cells.Where(c => !c.IsCode).Select(c => c.Source));
        Assert.All((string[])["**Question.**", "**At the end you will know**", "**Method.**", "**What it shows.**", "**How sure.**", "**Where the paper differs.**"], part => Assert.Contains(part, text));
        Assert.All(notebook.CodeCells, c => Assert.DoesNotMatch(Declaration(), c.Source));
        Assert.All(notebook.CodeCells.Skip(1), c => Assert.InRange(c.Source.Split('\n').Length, 1, 15));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_figure_is_interactive_and_a_picture_without_scripts_and_network(string name)
    {
        var outputs = Notebook.Committed(name).CodeCells.SelectMany(c => c.Outputs).ToArray();
        foreach (var figure in outputs.Where(o => o.Data.ContainsKey(Plotly) || o.Data.ContainsKey("image/png")))
        {
            Assert.Equal(["application/vnd.plotly.v1+json", "image/png", "text/html", "text/plain"], figure.Data.Keys.Order(StringComparer.Ordinal));
            Assert.IsType<JsonObject>(figure.Data[Plotly]);
            Assert.NotEmpty(figure.Data[Plotly]["data"]!.AsArray());
            Assert.True(Pictures.Colors(Convert.FromBase64String(figure.DataText("image/png").Trim())) > 10, "the picture is blank");
            Assert.Contains("src=\"data:image/webp;base64,", figure.DataText("text/html"));
        }

        Assert.All(outputs.Where(o => o.Data.ContainsKey("text/html")), o => Assert.DoesNotMatch("<script|src=\"http|<link|<style", o.DataText("text/html")));
        Assert.All(outputs.Where(o => o.Data.Count > 0), o => Assert.False(string.IsNullOrWhiteSpace(o.DataText("text/plain"))));
    }

    // A type, a method or a loop belongs into the library.
    [GeneratedRegex(@"^\s*(class|record|struct|enum|static|public|for|foreach|while)\b", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
