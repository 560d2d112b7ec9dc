using System.Diagnostics;

namespace ModelCollapse.Kernel.Tests;

/// <summary>Cells that bring bad kernels down.</summary>
public class HardCellTests
{
    const int Limit = 32 << 20;

    [Fact]
    public void A_million_lines_arrive_all()
    {
        using var kernel = new KernelClient();
        var printed = kernel.Execute("for (var i = 0; i < 1_000_000; i++) Console.WriteLine(i);").Ok();
        Assert.Equal(string.Concat(Enumerable.Range(0, 1_000_000).Select(i => $"{i}\n")), printed.Stdout);
        Assert.InRange(printed.Outputs.Count, 2, 2000);
    }

    [Fact]
    public void Two_hundred_megabytes_are_cut_with_a_sentence()
    {
        using var kernel = new KernelClient();
        var printed = kernel.Execute("var line = new string('x', 999); for (var i = 0; i < 200_000; i++) Console.WriteLine(line); \"done\"").Ok();
        Assert.Equal(Limit, printed.Stdout.Length);
        Assert.Contains("Output is cut here", printed.Stderr);
        Assert.Equal("done", printed.Result);
        foreach (var code in new[] { "new string('x', 200_000_000)", "display(new string('x', 200_000_000));" })
            Assert.StartsWith("This output of 200 million characters is not shown", kernel.Execute(code).Ok().Outputs.Single().Plain);
        Assert.Equal("again\n", kernel.Execute("Console.WriteLine(\"again\");").Ok().Stdout);
    }

    [Fact]
    public void A_thread_that_throws_leaves_the_kernel_alive()
    {
        using var kernel = new KernelClient();
        kernel.Execute("int kept = 1;").Ok();
        var thrown = kernel.Execute("var t = new Thread(() => throw new InvalidOperationException(\"from a thread\"));\nt.Start(); t.Join(); Thread.Sleep(200);").Ok();
        Assert.Contains("A background thread ended with an error.\nSystem.InvalidOperationException: from a thread\n   at Cell [2], line 1\n", thrown.Stderr);
        kernel.Execute("async void Later() { await Task.Delay(50); throw new Exception(\"async void\"); } Later();").Ok();
        Thread.Sleep(500);
        Assert.Equal("1", kernel.Execute("kept").Ok().Result);
    }

    [Fact]
    public void Exit_is_answered_before_the_kernel_ends()
    {
        using var kernel = new KernelClient();
        var exited = kernel.Execute("Console.WriteLine(\"before\"); Environment.Exit(3);");
        Assert.Equal("before\n", exited.Stdout);
        Assert.Equal("The cell ended the kernel with code 3: variables are lost.", exited.Error.Text("evalue"));
        Assert.True(kernel.Process.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Equal(3, kernel.Process.ExitCode);
    }

    [Fact]
    public void Five_hundred_cells_in_one_session()
    {
        using var kernel = new KernelClient();
        double Megabytes()
        {
            kernel.Execute("GC.Collect(); GC.WaitForPendingFinalizers(); GC.Collect(2, GCCollectionMode.Aggressive, true, true);").Ok();
            return double.Parse(kernel.Execute("Environment.WorkingSet").Ok().Result!) / (1 << 20);
        }

        TimeSpan Median(int cells) => Enumerable.Range(0, cells).Select(i =>
        {
            var watch = Stopwatch.StartNew();
            Assert.Equal($"{i + 1}", kernel.Execute($"{i} + 1").Ok().Result);
            return watch.Elapsed;
        }).Order().ElementAt(cells / 2);

        var first = Median(100);
        var before = Megabytes();
        Median(300);
        var last = Median(100);
        var growth = (Megabytes() - before) / 402;
        Console.WriteLine($"500 cells: {growth:0.000} MiB each, {before:0} MiB after the first hundred; median {first.TotalMilliseconds:0.0} ms at first, {last.TotalMilliseconds:0.0} ms at the end");
        Assert.InRange(growth, -1, 0.5);
    }
}
