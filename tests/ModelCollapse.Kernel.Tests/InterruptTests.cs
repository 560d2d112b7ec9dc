using System.Diagnostics;

namespace ModelCollapse.Kernel.Tests;

/// <summary>A running cell can be stopped, and nothing else is lost.</summary>
public class InterruptTests(SharedKernel shared) : IClassFixture<SharedKernel>
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    readonly KernelClient kernel = shared.Client;

    [Theory]
    [InlineData("while (true);")]
    [InlineData("for (;;) { var s = new string('x', 100); }")]
    [InlineData("do Math.Sqrt(2); while (true);")]
    [InlineData("foreach (var i in Enumerable.Repeat(1, int.MaxValue)) Thread.SpinWait(100);")]
    [InlineData("again: goto again;")]
    [InlineData("while (true) { try { Thread.Sleep(10); } catch { } }")]
    [InlineData("while (true) { try { throw new Exception(); } catch { } }")]
    [InlineData("long Fibonacci(int n) { return n < 2 ? n : Fibonacci(n - 1) + Fibonacci(n - 2); } Fibonacci(80)")]
    [InlineData("Thread.Sleep(Timeout.Infinite);")]
    [InlineData("await Task.Delay(Timeout.Infinite);")]
    [InlineData("Task.Delay(Timeout.Infinite).Wait();")]
    [InlineData("await new TaskCompletionSource().Task;")]
    [InlineData("await Task.Run(() => { while (true); });")]
    [InlineData("Parallel.For(0, 4, i => { while (true); });")]
    [InlineData("await Task.Delay(Timeout.Infinite, KernelInvocationContext.Current.CancellationToken);")]
    [InlineData("while (true) await Task.Yield();")]
    [InlineData("async IAsyncEnumerable<int> Endless() { while (true) { await Task.Yield(); yield return 1; } } await foreach (var e in Endless());")]
    [InlineData("System.Diagnostics.Process.Start(\"sleep\", \"100\").WaitForExit();")]
    public void A_cell_stops(string code)
    {
        kernel.Execute("int kept = 42;").Ok();
        var id = Running(code);
        var watch = Stopwatch.StartNew();
        kernel.Ask("interrupt_request", [], onControl: true);
        var ended = kernel.Finish(id);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Limit);
        Assert.Equal("Interrupted", ended.Error.Text("ename"));
        Assert.Equal("42", kernel.Execute("kept").Ok().Result);
    }

    [Fact]
    public void A_restore_stops()
    {
        using var folder = new ModelCollapse.Tests.TemporaryFolder();
        using var slow = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        slow.Start(); // takes connections, never answers
        folder.File("NuGet.config", $"<configuration><packageSources><clear /><add key=\"slow\" value=\"http://{slow.LocalEndpoint}/index.json\" allowInsecureConnections=\"true\" /></packageSources></configuration>");
        using var own = new KernelClient(folder.Path);
        var id = own.Begin("#r \"nuget: SomePackageThatIsNotCached, 1.0.0\"");
        using var connection = slow.AcceptTcpClient();
        var watch = Stopwatch.StartNew();
        own.Ask("interrupt_request", [], onControl: true);
        Assert.Equal("Interrupted", own.Finish(id).Error.Text("ename"));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Limit);
    }

    // Sends a cell and waits until it has begun.
    string Running(string code)
    {
        var id = kernel.Begin("Console.WriteLine(\"running\");\n" + code);
        kernel.Next(id, m => m.Type == "stream");
        return id;
    }

    [Fact]
    public void Cells_that_wait_are_aborted()
    {
        var (running, waiting) = (Running("while (true);"), kernel.Begin("1"));
        Thread.Sleep(300);
        kernel.Ask("interrupt_request", [], onControl: true);
        Assert.Equal("error", kernel.Finish(running).Status);
        Assert.Equal("aborted", kernel.Finish(waiting).Status);
    }

    [Fact]
    public void A_call_that_cannot_be_stopped_is_named_and_its_end_awaited()
    {
        var id = Running("Enumerable.Range(0, int.MaxValue).Sum(i => (long)i % 3) + Enumerable.Range(0, int.MaxValue).Sum(i => (long)i % 5)");
        kernel.Ask("interrupt_request", [], onControl: true);
        Assert.Contains("cannot be interrupted", kernel.Next(id, m => m.Type == "stream").Text("text"));
        kernel.Finish(id);
        Assert.Equal("2", kernel.Execute("1 + 1").Ok().Result);
    }

    [Fact]
    public void Threads_of_earlier_cells_go_on()
    {
        kernel.Execute("var ticks = 0L; var go = true; new Thread(() => { while (go) { ticks++; Thread.Sleep(1); } }) { IsBackground = true }.Start();").Ok();
        var id = Running("while (true);");
        kernel.Ask("interrupt_request", [], onControl: true);
        Assert.Equal("error", kernel.Finish(id).Status);
        Assert.Equal("True", kernel.Execute("var before = ticks; Thread.Sleep(500); go = false; ticks > before").Ok().Result);
    }

    [Fact]
    public void An_interrupt_without_a_running_cell_does_nothing()
    {
        kernel.Execute("1").Ok();
        Assert.Equal("ok", kernel.Ask("interrupt_request", [], onControl: true).GetProperty("status").GetString());
        Assert.Equal("3", kernel.Execute("for (var i = 0; i < 10; i++); 3").Ok().Result);
    }

    [Fact]
    public void Sigint_interrupts_too()
    {
        var id = Running("while (true);");
        Process.Start("kill", ["-INT", $"{kernel.Process.Id}"]).WaitForExit();
        Assert.Equal("Interrupted", kernel.Finish(id).Error.Text("ename"));
    }
}
