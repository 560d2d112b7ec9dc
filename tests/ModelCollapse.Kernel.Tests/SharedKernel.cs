namespace ModelCollapse.Kernel.Tests;

/// <summary>One kernel for the tests of a class: they run one after the other, and use names of their own.</summary>
public sealed class SharedKernel : IDisposable
{
    public KernelClient Client { get; } = new();

    public void Dispose() => Client.Dispose();
}
