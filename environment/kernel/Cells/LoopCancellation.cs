using System.Runtime.CompilerServices;

namespace ModelCollapse.Kernel.Cells;

/// <summary>Where a loop of an interrupted cell stops. Calls are inserted by the kernel.</summary>
public static class LoopCancellation
{
    static volatile Cell? interrupted;

    internal static Cell? Interrupted { set => interrupted = value; }

    /// <exception cref="OperationCanceledException">The cell, of which the calling thread runs code, was interrupted.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check()
    {
        if (interrupted is not null) ThrowIfInterrupted();
    }

    // Threads that an earlier cell left running go on.
    static void ThrowIfInterrupted()
    {
        if (interrupted is { } cell && Cell.Current == cell) throw new OperationCanceledException(cell.Cancellation.Token);
    }
}
