namespace ModelCollapse.Kernel.Tests;

/// <summary>The kernel on a machine that is busy.</summary>
[Collection(nameof(Alone))]
public class LoadTests
{
    [Fact]
    public void Types_are_not_ambiguous_under_load()
    {
        // Under load the order of the compiler's threads varies: that is when references once were mixed up.
        var stop = false;
        var load = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() => { while (!Volatile.Read(ref stop)) { } }) { IsBackground = true }).ToArray();
        foreach (var thread in load) thread.Start();
        try
        {
            for (var round = 0; round < 2; round++)
            {
                using var kernel = new KernelClient();
                kernel.Execute("record Item(string Name, Task<int> Work, ReadOnlyMemory<byte> Bytes, DateTimeOffset At); var items = new List<Item>();").Ok();
                kernel.Ask("complete_request", new() { ["code"] = "items.", ["cursor_pos"] = 6 });
                kernel.Execute("#r \"nuget: MathNet.Numerics, 5.0.0\"\nusing MathNet.Numerics; items.Add(new(\"a\", Task.FromResult(1), new byte[3], DateTimeOffset.Now));").Ok();
                kernel.Ask("inspect_request", new() { ["code"] = "Task", ["cursor_pos"] = 4, ["detail_level"] = 0 });
                for (var i = 0; i < 5; i++)
                    Assert.Equal("a 1 3", kernel.Execute($"Func<Task> f{i} = async () => await Task.Yield(); await f{i}(); $\"{{items[0].Name}} {{await items[0].Work}} {{items[0].Bytes.Length}}\"").Ok().Result);
            }
        }
        finally
        {
            Volatile.Write(ref stop, true);
        }
    }
}
