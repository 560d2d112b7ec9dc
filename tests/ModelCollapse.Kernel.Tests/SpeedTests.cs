using System.Diagnostics;

namespace ModelCollapse.Kernel.Tests;

/// <summary>Times beside Debian's ipykernel, by turns on the same machine, and so as ratios.</summary>
[Collection(nameof(Alone))]
public class SpeedTests(InstalledKernel installed) : IClassFixture<InstalledKernel>
{
    const int Starts = 5, Cells = 60, Rounds = 3;

    [Fact]
    public void A_warm_cell_takes_less_than_three_times_ipykernels()
    {
        using var folder = new ModelCollapse.Tests.TemporaryFolder();
        Environment.SetEnvironmentVariable("IPYTHONDIR", folder.Path);
        KernelClient Csharp() => new(installed.Command);
        KernelClient Python() => new(["/usr/bin/python3", "-m", "ipykernel_launcher", "-f"]);

        var (starts, firsts) = (new List<(double, double)>(), new List<(double, double)>());
        for (var i = 0; i < Starts; i++)
        {
            var (mine, theirs) = (First(Csharp), First(Python));
            starts.Add((mine.Start, theirs.Start));
            firsts.Add((mine.Start + mine.Cell, theirs.Start + theirs.Cell));
        }
        Report("start to the first reply", starts);
        Report("start to the first 1 + 1", firsts);

        // Other programs on the machine disturb some cells and some rounds: what counts is the fastest tenth of the best round.
        using var csharp = Csharp();
        using var python = Python();
        for (var i = 0; i < 20; i++) Assert.True(Cell(csharp) + Cell(python) > 0);
        Assert.Contains(Enumerable.Range(0, Rounds).Select(_ => Report("a warm 1 + 1", [.. Enumerable.Range(0, Cells).Select(_ => (Cell(csharp), Cell(python)))])), ratio => ratio < 3);
    }

    static (double Start, double Cell) First(Func<KernelClient> start)
    {
        using var kernel = start();
        return (kernel.StartTime.TotalMilliseconds, Cell(kernel));
    }

    static double Cell(KernelClient kernel)
    {
        var watch = Stopwatch.StartNew();
        Assert.Equal("2", kernel.Execute("1 + 1").Ok().Result);
        return watch.Elapsed.TotalMilliseconds;
    }

    /// <summary>Prints the ratio of the medians.</summary>
    /// <returns>The ratio of the fastest tenths.</returns>
    static double Report(string what, List<(double Mine, double Theirs)> times)
    {
        var (mine, theirs) = (times.Select(t => t.Mine).Order().ToArray(), times.Select(t => t.Theirs).Order().ToArray());
        var (middle, tenth) = (times.Count / 2, times.Count / 10);
        Console.WriteLine($"{what}: {mine[middle] / theirs[middle]:0.00} times ipykernel's ({mine[middle]:0.0} ms, {theirs[middle]:0.0} ms; medians of {times.Count}); the fastest tenth {mine[tenth] / theirs[tenth]:0.00} times");
        return mine[tenth] / theirs[tenth];
    }
}
