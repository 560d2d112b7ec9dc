namespace ModelCollapse.Kernel.Tests;

/// <summary>One kernel for the tests of a class: they run one after the other, and use names of their own.</summary>
public sealed class SharedKernel : IDisposable
{
    public KernelClient Client { get; } = new();

    public void Dispose() => Client.Dispose();
}

/// <summary>Tests that want the machine for themselves, or load it: they run after the others, one at a time.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public static class Alone;
