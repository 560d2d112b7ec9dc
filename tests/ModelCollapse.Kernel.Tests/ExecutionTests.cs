namespace ModelCollapse.Kernel.Tests;

/// <summary>What cells do and show.</summary>
public class ExecutionTests(SharedKernel shared) : IClassFixture<SharedKernel>
{
    readonly KernelClient kernel = shared.Client;

    [Theory]
    [InlineData("1 + 1", "2")]
    [InlineData("var a = 5; a * 2", "10")]
    [InlineData("await Task.Run(async () => { await Task.Yield(); return 3; })", "3")]
    [InlineData("int[] list = [1, 2, .. new[] { 3 }]; list.Length", "3")]
    [InlineData("record struct Pair(int X, int Y); new Pair(1, 2).Y", "2")]
    [InlineData("unsafe { int v = 3; int* p = &v; Console.Write(*p); } \"unsafe\"", "unsafe")]
    [InlineData("string? nothing = null; nothing", "<null>")]
    [InlineData("class Named { public string Name { get; set => field = value.Trim(); } = \"\"; } new Named { Name = \" x \" }.Name", "x")] // C# 14
    [InlineData("1234.5", "1234.5")]
    [InlineData("1234.5.ToString(\"N1\", new System.Globalization.CultureInfo(\"de-DE\"))", "1.234,5")]
    [InlineData("Math.Max(1, 2);", null)]
    [InlineData("Console.Write(1)", null)]
    [InlineData("// nothing", null)]
    [InlineData("using System.Xml;", null)]
    [InlineData("", null)]
    public void The_last_expression_is_the_result(string code, string? result) => Assert.Equal(result, kernel.Execute(code).Ok().Result);

    [Fact]
    public void State_lasts_and_may_be_declared_anew()
    {
        kernel.Execute("using System.Globalization; int v = 1; string F() => \"first\"; record Redefined(int X); var old = new Redefined(1);").Ok();
        kernel.Execute("string v = \"text\"; string F() => \"second\"; record Redefined(string Y, int Z = 3);").Ok();
        Assert.Equal("text second 3 1 Invariant Language (Invariant Country)", kernel.Execute("$\"{v} {F()} {new Redefined(\"y\").Z} {old.X} {CultureInfo.InvariantCulture.EnglishName}\"").Ok().Result);
    }

    [Fact]
    public void What_a_failed_cell_had_done_stays()
    {
        Assert.Equal("error", kernel.Execute("var done = 8;\nthrow new Exception();").Status);
        Assert.Equal("8", kernel.Execute("done").Ok().Result);
    }

    [Fact]
    public void Output_comes_while_the_cell_runs()
    {
        var id = kernel.Begin("Console.WriteLine(\"early\"); Thread.Sleep(1500); Console.WriteLine(\"late\");");
        kernel.Next(id, m => m.Type == "stream" && m.Text("text").Contains("early"));
        Assert.Null(kernel.TryReply(id, TimeSpan.FromMilliseconds(300)));
        Assert.Equal("late\n", kernel.Finish(id).Stdout);
    }

    [Fact]
    public void Output_keeps_its_order()
    {
        var outputs = kernel.Execute("Console.Write(1); Console.Error.Write(2); display(3); Console.Write(4); 5").Ok().Outputs;
        Assert.Equal(["stream 1", "stream 2", "display_data 3", "stream 4", "execute_result 5"], outputs.Select(m => $"{m.Type} {(m.Type == "stream" ? m.Text("text") : m.Plain)}"));
    }

    [Fact]
    public void Native_code_and_child_processes_write_to_the_cell()
    {
        kernel.Execute("using System.Runtime.InteropServices; [DllImport(\"libc\")] static extern int puts(string s); [DllImport(\"libc\")] static extern nint write(int to, string s, nint n);").Ok();
        var execution = kernel.Execute("puts(\"from libc\"); write(2, \"to stderr\\n\", 10); System.Diagnostics.Process.Start(\"echo\", \"from a child\").WaitForExit();").Ok();
        Assert.Contains("from libc\n", execution.Stdout);
        Assert.Contains("from a child\n", execution.Stdout);
        Assert.Contains("to stderr\n", execution.Stderr);
    }

    [Fact]
    public void Text_of_all_planes_arrives_whole() => Assert.Equal(string.Concat(Enumerable.Repeat("a𝒳é", 50_000)), kernel.Execute("for (var i = 0; i < 50_000; i++) Console.Write(\"a𝒳é\");").Ok().Stdout);

    [Fact]
    public void Errors_have_the_cells_lines_and_no_internal_frames()
    {
        kernel.Execute("int Divide(int a, int b)\n{\n    return a / b;\n}").Ok();
        var failed = kernel.Execute("var one = 1;\nfor (var i = 0; i < 3; i++) { one++; }\n\nawait Task.Yield();\nDivide(one,\n  0)");
        var number = failed.Reply.Content.GetProperty("execution_count").GetInt32();
        Assert.Equal("System.DivideByZeroException", failed.Error.Text("ename"));
        Assert.Equal(
            ["System.DivideByZeroException: Attempted to divide by zero.", $"   at Cell [{number - 1}], line 3, in Divide(Int32 a, Int32 b)", $"   at Cell [{number}], line 5"],
            failed.Trace);
        Assert.Equal(failed.Error.Text("evalue"), failed.Reply.Text("evalue"));
    }

    [Fact]
    public void Inner_errors_are_told()
    {
        var trace = kernel.Execute("throw new Exception(\"outer\", new ArgumentException(\"inner\"));").Trace;
        Assert.Equal("System.Exception: outer", trace[0]);
        Assert.Contains("caused by System.ArgumentException: inner", trace);
    }

    [Theory]
    [InlineData("int x = 1\nint y = 2;", 1, 10, "CS1002")]
    [InlineData("var ok = 1;\nwhile (ok > 2) { ok = unknown; }", 2, 23, "CS0103")]
    [InlineData("for (;;) for (;;) unknown();", 1, 19, "CS0103")]
    [InlineData("#!time\n  unknown", 2, 3, "CS0103")]
    public void An_error_of_the_compiler_is_placed(string code, int line, int column, string id)
    {
        var failed = kernel.Execute(code);
        Assert.Contains($", line {line}, column {column}: error {id}: ", failed.Error.Text("evalue"));
        Assert.Equal("    " + code.Split('\n')[line - 1], failed.Trace[1]);
        Assert.Equal(new string(' ', 3 + column) + "^", failed.Trace[2]);
    }

    [Fact]
    public void What_scripts_do_not_know_is_explained()
    {
        Assert.Contains(kernel.Execute("using var reader = new StringReader(\"x\");\nreader.ReadLine()").Trace, l => l.Contains("put these lines in braces"));
        kernel.Execute("{ using var reader = new StringReader(\"x\"); reader.ReadLine(); }").Ok();
    }

    [Fact]
    public void Times_a_cell()
    {
        var shown = kernel.Execute("#!time\nThread.Sleep(20);").Ok().Outputs.Single();
        Assert.Matches(@"^Wall time: \d+(\.\d+)? ms$", shown.Plain);
        Assert.StartsWith("#!fsharp is not known", kernel.Execute("#!fsharp\nlet x = 1").Error.Text("evalue"));
        Assert.Equal("#!time\n", kernel.Execute("var script = \"\"\"\n#!time\n\n\"\"\"; script").Ok().Result);
    }

    [Fact]
    public void Loads_a_file()
    {
        using var folder = new ModelCollapse.Tests.TemporaryFolder();
        using var own = new KernelClient(folder.Path);
        folder.File("part.csx", "int Loaded(int n)\n{\n    while (n > 5) n--;\n    return 10 / (n - 5);\n}");
        Assert.Equal("-10", own.Execute("#load \"part.csx\"\nLoaded(4)").Ok().Result);
        Assert.Contains("   at part.csx, line 4, in Loaded(Int32 n)", own.Execute("Loaded(9)").Trace);
        Assert.Contains("absent.csx", own.Execute("#load \"absent.csx\"").Error.Text("evalue"));
    }
}
