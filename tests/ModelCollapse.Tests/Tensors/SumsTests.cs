using System.Diagnostics;
using ModelCollapse.Tensors;
using static TorchSharp.torch;

namespace ModelCollapse.Tests.Tensors;

/// <summary>Numbers that operators get as objects must not be freed while they are used.</summary>
public class SumsTests
{
    static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Sums_are_right_while_garbage_is_collected()
    {
        using var stop = new CancellationTokenSource();
        var collector = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        using var units = ones([256, 256]);
        var sums = 0;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Duration; sums++)
        {
            using var scope = NewDisposeScope();
            var two = units.Plus(units);
            Assert.Equal(2, two[7, 7].item<float>());
            two.Accumulate(units);
            Assert.Equal(3, two[7, 7].item<float>());
            Assert.Equal(3.5f, two.Shift(0.5)[7, 7].item<float>());
            Assert.Equal(7, two.Scale(2)[7, 7].item<float>());
        }

        await stop.CancelAsync();
        await collector;
        Assert.True(sums > 100);
    }
}
