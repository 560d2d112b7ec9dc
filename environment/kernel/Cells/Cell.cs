using ModelCollapse.Kernel.Wire;

namespace ModelCollapse.Kernel.Cells;

/// <summary>One execution of a cell.</summary>
sealed class Cell(Message request, int number)
{
    static readonly AsyncLocal<Cell?> current = new();

    public Message Request { get; } = request;
    public int Number { get; } = number;
    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>The cell whose code the current thread or task runs, whether or not that cell has ended.</summary>
    public static Cell? Current { get => current.Value; set => current.Value = value; }

    /// <summary>The cell that the front end waits for.</summary>
    public static Cell? Running { get; set; }
}
