namespace ModelCollapse.Kernel.Cells;

/// <summary>What code in a cell may know about its execution. The name and the members are those of .NET Interactive.</summary>
public sealed class KernelInvocationContext
{
    KernelInvocationContext(CancellationToken token) => CancellationToken = token;

    /// <summary>Of the cell whose code calls; outside a cell, one that is never cancelled.</summary>
    public static KernelInvocationContext Current => new(Cell.Current?.Cancellation.Token ?? CancellationToken.None);

    /// <summary>Cancelled when the user interrupts the cell: give it to calls that take long.</summary>
    public CancellationToken CancellationToken { get; }
}
