using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ModelCollapse.Kernel.Cells;
using ModelCollapse.Kernel.Wire;

namespace ModelCollapse.Kernel.Output;

/// <summary><see cref="Console.In"/> of a cell: asks the front end for a line.</summary>
sealed class FrontEndInput(Sockets sockets, OutputCapture capture) : TextReader
{
    readonly BlockingCollection<string> lines = [];
    string rest = "";

    /// <summary>Gets the front end's answers; any thread.</summary>
    public void Answer(Message reply) => lines.Add(reply.Text("value"));

    public override string ReadLine()
    {
        if (rest.Length > 0)
        {
            var line = rest.TrimEnd('\n');
            rest = "";
            return line;
        }
        var cell = Cell.Running;
        if (cell is null || !cell.Request.Flag("allow_stdin", false))
            throw new KernelException("Input is not to be had: the program that runs this notebook takes none. Give the value in the cell instead.");
        while (lines.TryTake(out _)) { }
        capture.Flush();
        sockets.AskInput(cell.Request, new() { ["prompt"] = "", ["password"] = false });
        return lines.Take(cell.Cancellation.Token);
    }

    public override int Read()
    {
        var next = Peek();
        if (next >= 0) rest = rest[1..];
        return next;
    }

    public override int Peek()
    {
        if (rest.Length == 0) rest = ReadLine() + "\n";
        return rest[0];
    }

    public override string ReadToEnd() => ReadLine();
}
