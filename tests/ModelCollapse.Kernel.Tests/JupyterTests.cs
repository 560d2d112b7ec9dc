using System.Text.Json.Nodes;

namespace ModelCollapse.Kernel.Tests;

/// <summary>The installed kernel with Jupyter's own programs.</summary>
[Collection(nameof(Alone))]
public class JupyterTests(InstalledKernel kernel) : IClassFixture<InstalledKernel>
{
    [Fact]
    public void Passes_Jupyters_tests_of_kernels()
    {
        var (code, output) = InstalledKernel.Run(kernel.Data, "/usr/bin/python3", "-m", "unittest", "-v", "kernel_suite.CSharp");
        Assert.True(code == 0, output);
        Assert.Contains("Ran 12 tests", output);
        Assert.Contains("OK (skipped=1)", output);
        Assert.Contains("test_pager (kernel_suite.CSharp.test_pager) ... skipped", output);
    }

    [Fact]
    public void Nbconvert_executes_a_notebook()
    {
        using var folder = new ModelCollapse.Tests.TemporaryFolder();
        var notebook = folder.File("n.ipynb", Notebook("var x = 20;", "Console.WriteLine(\"text\"); new[] { x + 1, 2 }").ToJsonString());
        var (code, output) = InstalledKernel.Run(kernel.Data, "jupyter-nbconvert", "--to", "notebook", "--execute", "--inplace", "--ExecutePreprocessor.startup_timeout=120", notebook);
        Assert.True(code == 0, output);
        var outputs = JsonNode.Parse(File.ReadAllText(notebook))!["cells"]![1]!["outputs"]!;
        Assert.Equal("text\n", string.Concat(outputs[0]!["text"]!.AsArray().Select(l => (string)l!)));
        Assert.Equal("[ 21, 2 ]", string.Concat(outputs[1]!["data"]!["text/plain"]!.AsArray().Select(l => (string)l!)));
        (code, output) = InstalledKernel.Run(kernel.Data, "jupyter-nbconvert", "--to", "html", notebook);
        Assert.True(code == 0, output);
    }

    [Fact]
    public void Nbconvert_fails_where_a_cell_fails()
    {
        using var folder = new ModelCollapse.Tests.TemporaryFolder();
        foreach (var cell in new[] { "throw new Exception(\"the reason\");", "Environment.Exit(0); // the reason" })
        {
            var notebook = folder.File("n.ipynb", Notebook(cell, "1").ToJsonString());
            var (code, output) = InstalledKernel.Run(kernel.Data, "jupyter-nbconvert", "--to", "notebook", "--execute", "--stdout", "--ExecutePreprocessor.startup_timeout=120", notebook);
            Assert.NotEqual(0, code);
            Assert.Contains("the reason", output);
        }
    }

    [Fact]
    public void Another_kernel_of_that_name_is_not_replaced_unless_asked_to()
    {
        using var folder = new ModelCollapse.Tests.TemporaryFolder();
        const string foreign = """{ "argv": ["dotnet", "interactive", "jupyter", "{connection_file}"], "display_name": ".NET (C#)", "language": "C#" }""";
        var spec = folder.File("kernels/.net-csharp/kernel.json", foreign);
        var (code, output) = InstalledKernel.Install(folder.Path);
        Assert.Equal((0, foreign), (code, File.ReadAllText(spec)));
        Assert.Contains("--replace", output);
        for (var again = 0; again < 2; again++)
        {
            (code, output) = InstalledKernel.Install(folder.Path, again == 0 ? ["--replace"] : []);
            Assert.True(code == 0, output);
            Assert.Contains("ModelCollapse.Kernel.dll", File.ReadAllText(spec));
        }
        Assert.Equal(["kernel", "kernel.json"], Directory.GetFileSystemEntries(Path.GetDirectoryName(spec)!).Select(Path.GetFileName).Order());
    }

    static JsonObject Notebook(params string[] cells) => new()
    {
        ["cells"] = new JsonArray([.. cells.Select(c => (JsonNode)new JsonObject { ["cell_type"] = "code", ["execution_count"] = null, ["metadata"] = new JsonObject(), ["outputs"] = new JsonArray(), ["source"] = c })]),
        ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["name"] = ".net-csharp", ["display_name"] = ".NET (C#)", ["language"] = "C#" } },
        ["nbformat"] = 4, ["nbformat_minor"] = 4,
    };
}
