using System.Globalization;
using ModelCollapse.Kernel.Tests;
using ModelCollapse.Tests;

namespace ModelCollapse.Notebooks.Tests;

/// <summary>What <c>Run.Fresh</c> promises in a chapter: the recipe runs from the cell, is kept, and is read again where it is complete.</summary>
public class FreshRunTests
{
    [Fact]
    public void A_recipe_on_text_runs_from_a_cell_and_is_not_run_twice()
    {
        using TemporaryFolder folder = new();
        for (var i = 0; i < 10; i++)
            folder.File(string.Create(CultureInfo.InvariantCulture, $"texts/{i}.txt"), string.Concat(Enumerable.Range(0, 60).Select(k => string.Create(CultureInfo.InvariantCulture, $"Bridge {(i * 60) + k} crosses the river near mile {(k * k) + i}.\n"))));
        var library = Path.Combine(Notebook.Root, "lib", "ModelCollapse.Reporting", "bin", "Release", "net10.0");

        using KernelClient kernel = new(folder.Path);
        kernel.Execute($"#r \"{library}/ModelCollapse.dll\"\n#r \"{library}/ModelCollapse.Reporting.dll\"\nusing ModelCollapse.Reporting;").Ok();
        kernel.Execute($$"""
            Run.Fresh = true;
            Run.Folder = @"{{folder.Path}}/runs";
            string[] changes = [@"data.corpus.path={{folder.Path}}/texts", "generations=1", "seeds=[0]", "training.epochs=1", "sampling.blocksPerGeneration=8"];
            var results = await Run.ResultsAsync("folder", changes);
            """).Ok();
        var table = kernel.Execute("RunTables.OverGenerations(results, MetricLabel.Perplexity)").Ok().Outputs.Single().Plain;
        Assert.All(["replace", "10 % real", "control"], arm => Assert.Contains(arm, table));

        var written = Directory.GetFiles(Path.Combine(folder.Path, "runs"), "metrics.json", SearchOption.AllDirectories).ToDictionary(f => f, File.GetLastWriteTimeUtc);
        Assert.Equal(2 * 3, written.Count);
        Assert.Equal("True", kernel.Execute("(await Run.ResultsAsync(\"folder\", changes)).Metrics.SequenceEqual(results.Metrics)").Ok().Result);
        Assert.All(written, file => Assert.Equal(file.Value, File.GetLastWriteTimeUtc(file.Key)));

        // Finished runs are read without opening what they were made from.
        Directory.Delete(Path.Combine(folder.Path, "texts"), recursive: true);
        kernel.Execute($$"""Run.Fresh = false; Run.Finished = @"{{folder.Path}}/runs";""").Ok();
        Assert.Equal("True", kernel.Execute("(await Run.ResultsAsync(\"folder\")).Metrics.SequenceEqual(results.Metrics)").Ok().Result);
        Assert.Equal("True", kernel.Execute("(await Run.ResultsAsync(\"wikitext2-mini\")).Metrics.Count > 1000").Ok().Result);
        File.Delete(Directory.GetFiles(Path.Combine(folder.Path, "runs"), "status.json", SearchOption.AllDirectories)[0]);
        Assert.Contains("is not finished", kernel.Execute("await Run.ResultsAsync(\"folder\")").Error.Content.GetProperty("evalue").GetString());
    }
}
