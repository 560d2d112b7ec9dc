using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using ModelCollapse.Kernel.Cells;

namespace ModelCollapse.Kernel.Execution;

/// <summary>
/// Runs a cell on a thread of its own, to which its awaits return. An interrupt ends it by whatever it can be ended with: the check in its
/// loops, its token, an await that is abandoned, a wait that is woken. Never by an abort, which takes the runtime down in loops that allocate.
/// </summary>
sealed class CellThread
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    readonly Cell cell;
    readonly Thread thread;
    object? result;
    Exception? error;
    volatile bool pumping;

    public CellThread(Cell cell, Func<Task<object?>> body)
    {
        this.cell = cell;
        thread = new(() =>
        {
            Cell.Current = cell;
            try { result = Pump(body); }
            catch (Exception e) { error = e; }
        }, maxStackSize: 16 << 20)
        { IsBackground = true, Name = $"cell {cell.Number}" };
    }

    /// <summary>Runs the cell to its end; its exceptions come out as they are.</summary>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public object? Run()
    {
        LoopCancellation.Interrupted = null;
        thread.Start();
        thread.Join();
        if (cell.Cancellation.IsCancellationRequested && error is OperationCanceledException or ThreadInterruptedException)
            throw new OperationCanceledException("The cell was interrupted.");
        if (error is not null) ExceptionDispatchInfo.Throw(error);
        return result;
    }

    /// <summary>Ends the cell, or says after <see cref="Patience"/> that it cannot.</summary>
    /// <param name="tell">Gets the sentence for the user.</param>
    public void Interrupt(Action<string> tell)
    {
        LoopCancellation.Interrupted = cell;
        // Callbacks of the token may take their time.
        _ = cell.Cancellation.CancelAsync();
        if (thread.Join(100)) return;
        for (var end = DateTime.UtcNow + Patience; DateTime.UtcNow < end;)
        {
            // Only a thread that waits is interrupted: it is woken, nothing is torn.
            if (!pumping && thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin)) thread.Interrupt();
            if (thread.Join(50)) return;
        }
        tell("The cell is in a call that cannot be interrupted: wait for its end, interrupt again, or restart the kernel.");
    }

    object? Pump(Func<Task<object?>> body)
    {
        var queue = new BlockingCollection<(SendOrPostCallback Call, object? State)>();
        SynchronizationContext.SetSynchronizationContext(new Context(queue));
        var task = body();
        // At once, not by the thread pool: on a busy machine that takes a hundred milliseconds.
        task.ContinueWith(_ => queue.CompleteAdding(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        while (true)
        {
            pumping = true;
            var some = queue.TryTake(out var next, Timeout.Infinite, cell.Cancellation.Token);
            pumping = false;
            if (!some) return task.GetAwaiter().GetResult();
            next.Call(next.State);
        }
    }

    sealed class Context(BlockingCollection<(SendOrPostCallback, object?)> queue) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
            try { queue.Add((d, state)); }
            // The cell has ended; what it left running goes on elsewhere.
            catch (InvalidOperationException) { ThreadPool.QueueUserWorkItem(_ => d(state)); }
        }

        public override void Send(SendOrPostCallback d, object? state) => d(state);
        public override SynchronizationContext CreateCopy() => this;
    }
}
