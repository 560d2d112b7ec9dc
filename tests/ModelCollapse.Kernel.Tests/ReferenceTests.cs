namespace ModelCollapse.Kernel.Tests;

/// <summary><c>#r</c>: assemblies by path, packages by name, and one sentence where there is none.</summary>
public class ReferenceTests(SharedKernel shared) : IClassFixture<SharedKernel>
{
    /// <summary>Where the library that notebooks refer to is built.</summary>
    static readonly string Library = Path.Combine(KernelClient.Root, "lib", "ModelCollapse.Reporting", "bin", "Release", "net10.0");

    readonly KernelClient kernel = shared.Client;

    [Fact]
    public void A_path_is_relative_to_the_notebook_and_brings_its_packages()
    {
        // A class library's folder has no packages: they are found by its deps.json.
        Assert.True(File.Exists(Path.Combine(Library, "ModelCollapse.Reporting.dll")), "Build Research.sln first.");
        using var own = new KernelClient(Library);
        own.Execute("#r \"../net10.0/ModelCollapse.Reporting.dll\"").Ok();
        Assert.Equal("Tensor [2, 3], Float32, cpu: 1, 1, 1, 1, 1, 1", own.Execute("using TorchSharp; torch.ones(2, 3)").Ok().Result);
        Assert.Equal("True", own.Execute("typeof(ModelCollapse.Models.CausalLM).Assembly == System.Reflection.Assembly.Load(\"ModelCollapse.Neural\")").Ok().Result);
        Assert.Equal("True", own.Execute("var plot = new ScottPlot.Plot(); plot.Add.Signal(new[] { 1.0, 2 }); plot.GetImageBytes(60, 40).Length > 100").Ok().Result);
    }

    [Fact]
    public void What_a_loaded_file_refers_to_is_relative_to_the_file()
    {
        using ModelCollapse.Tests.TemporaryFolder folder = new();
        using var own = new KernelClient(folder.Path);
        var script = Path.Combine(KernelClient.Root, "lib", "notebook.csx");
        own.Execute($"#load \"{Path.GetRelativePath(folder.Path, script)}\"\nusing ModelCollapse.ClosedForm;").Ok();
        Assert.Equal("0", own.Execute("new Gaussian().Mean").Ok().Result);
        Assert.Equal("Tensor [2], Float32, cpu: 1, 1", own.Execute("using TorchSharp; torch.ones(2)").Ok().Result);
    }

    /// <summary>Debian has a libtorch of its own for Python, of another version.</summary>
    [Fact]
    public void A_library_of_the_system_does_not_take_the_place_of_a_packages()
    {
        using ModelCollapse.Tests.TemporaryFolder system = new();
        File.CreateSymbolicLink(Path.Combine(system.Path, "libtorch_cpu.so"), "/lib/x86_64-linux-gnu/libm.so.6");
        using var own = new KernelClient(["env", $"LD_LIBRARY_PATH={system.Path}", "dotnet", KernelClient.Program], Library);
        own.Execute("#r \"../net10.0/ModelCollapse.Reporting.dll\"").Ok();
        Assert.Equal("Tensor [2], Float32, cpu: 1, 1", own.Execute("using TorchSharp; torch.ones(2)").Ok().Result);
    }

    [Fact]
    public void A_package_with_native_libraries_is_restored()
    {
        using var own = new KernelClient();
        var shown = own.Execute("#r \"nuget: TorchSharp-cpu, 0.107.0\"\nusing static TorchSharp.torch;\narange(20).reshape(4, 5)").Ok();
        Assert.Equal("Tensor [4, 5], Int64, cpu: 0, 1, 2, 3, 4, 5, 6, 7, …", shown.Result);
    }

    [Fact]
    public void A_data_frame_is_a_table()
    {
        using var own = new KernelClient();
        var shown = own.Execute("#r \"nuget: Microsoft.Data.Analysis, 0.23.1\"\nusing Microsoft.Data.Analysis;\nnew DataFrame(new Int32DataFrameColumn(\"n\", Enumerable.Range(0, 30)), new StringDataFrameColumn(\"s\", Enumerable.Repeat(\"<b>\", 30)))").Ok().Outputs.Single();
        var html = shown.Text("data", "text/html");
        Assert.Contains("<th>n</th><th>s</th>", html);
        Assert.Contains("<td>19</td><td>&lt;b&gt;</td>", html);
        Assert.DoesNotContain("<td>20</td>", html);
        Assert.Contains("20 of 30 rows", html);
    }

    [Fact]
    public void Packages_of_a_cell_that_does_not_compile_are_there_for_the_next()
    {
        using var own = new KernelClient();
        Assert.Contains("CS0103", own.Execute("#r \"nuget: MathNet.Numerics, 5.0.0\"\nunknown").Error.Text("evalue"));
        Assert.Equal("3", own.Execute("MathNet.Numerics.Combinatorics.Combinations(3, 2)").Ok().Result);
        Assert.Contains("already in use", own.Execute("#r \"nuget: MathNet.Numerics, 4.15.0\"").Ok().Stderr);
    }

    [Theory]
    [InlineData("#r \"nope/missing.dll\"", "there is no file ")]
    [InlineData("#r \"connection.json\"", "is not a .NET assembly")]
    [InlineData("#r \"nuget: ThisPackageDoesNotExistAnywhere, 1.0.0\"", "There is no package 'ThisPackageDoesNotExistAnywhere'")]
    [InlineData("#r \"nuget: CsCheck, 99.0.0\"", "Package 'CsCheck' has no such version")]
    [InlineData("#r \"nuget: \"", "is not understood")]
    public void What_is_not_there_is_said_in_one_sentence(string code, string sentence)
    {
        var failed = kernel.Execute(code + "\nint unreached = 1;");
        Assert.Contains(sentence, failed.Error.Text("evalue"));
        Assert.Equal([failed.Error.Text("evalue")], failed.Trace);
        Assert.DoesNotContain('\n', failed.Trace[0]);
        // A failed package must not stand in the way of the next one.
        Assert.Equal("1", kernel.Execute("#r \"nuget: MathNet.Numerics, 5.0.0\"\n1").Ok().Result);
    }

    [Fact]
    public void Without_network_one_sentence_says_so()
    {
        using var folder = new ModelCollapse.Tests.TemporaryFolder();
        folder.File("NuGet.config", "<configuration><packageSources><clear /><add key=\"nowhere\" value=\"http://127.0.0.1:9/index.json\" allowInsecureConnections=\"true\" /></packageSources></configuration>");
        using var own = new KernelClient(folder.Path);
        var failed = own.Execute("#r \"nuget: CsvHelper, 33.0.0\"");
        Assert.StartsWith("The package source cannot be reached, so 'CsvHelper' was not restored: check the network.", failed.Error.Text("evalue"));
        Assert.Single(failed.Trace);
    }

    [Fact]
    public void A_package_that_the_kernel_itself_uses_is_there() =>
        Assert.Equal("NetMQMessage", kernel.Execute("#r \"nuget: NetMQ, 4.0.4.5\"\ntypeof(NetMQ.NetMQMessage).Name").Ok().Result);

    [Fact]
    public void An_assembly_of_the_runtime_is_there_anyway() => kernel.Execute("#r \"System.Net.Http\"\n#r \"System.Xml.Linq.dll\"\nnew System.Xml.Linq.XElement(\"x\")").Ok();
}
