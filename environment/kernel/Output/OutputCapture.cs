using System.Text;
using System.Text.Json.Nodes;

namespace ModelCollapse.Kernel.Output;

/// <summary>
/// Collects what is written to standard output and standard error, by .NET and by native code, and hands it on in pieces: after 50 ms
/// or 32,768 characters, whichever comes first. A cell may write <see cref="Limit"/> characters.
/// </summary>
sealed class OutputCapture
{
    /// <summary>Characters of text, or of one displayed value, that a front end gets from one cell.</summary>
    public const int Limit = 32 << 20;

    const int Piece = 32 << 10;
    readonly Lock sync = new();
    readonly StringBuilder buffer = new();
    readonly Action<string, JsonObject> publish;
    readonly NativeOutput? native;
    string stream = "stdout";
    long written;

    /// <param name="publish">Gets the type and the content of each message.</param>
    public OutputCapture(Action<string, JsonObject> publish)
    {
        this.publish = publish;
        Console.SetOut(new Writer(this, "stdout"));
        Console.SetError(new Writer(this, "stderr"));
        native = NativeOutput.Start((name, text) => Write(name, text));
        new Thread(() => { for (; ; Thread.Sleep(50)) { Flush(); Tick?.Invoke(); } }) { IsBackground = true, Name = "output" }.Start();
    }

    /// <summary>Raised every 50 ms, after text was handed on.</summary>
    public event Action? Tick;

    /// <summary>A new cell: it may write <see cref="Limit"/> characters again.</summary>
    public void StartCell()
    {
        lock (sync) written = 0;
    }

    public void Write(string name, ReadOnlySpan<char> text)
    {
        lock (sync)
        {
            if (name != stream) Publish();
            stream = name;
            var room = Limit - written;
            written += text.Length;
            buffer.Append(room >= text.Length ? text : text[..(int)Math.Max(0, room)]);
            if (room > 0 && room < text.Length)
            {
                Publish();
                stream = "stderr";
                buffer.Append($"\nOutput is cut here: a cell may write {Limit >> 20} million characters. Write long output to a file.\n");
            }
            if (buffer.Length >= Piece) Publish();
        }
    }

    /// <summary>Hands on what was written so far, so that what comes next stays behind it.</summary>
    public void Flush()
    {
        lock (sync) Publish();
    }

    /// <summary>As <see cref="Flush"/>, and waits for native code's output, which comes through a pipe.</summary>
    public void FlushAll()
    {
        native?.Drain();
        Flush();
    }

    void Publish()
    {
        if (buffer.Length == 0) return;
        // A surrogate pair must not fall apart between two messages.
        var length = char.IsHighSurrogate(buffer[^1]) && buffer.Length > 1 ? buffer.Length - 1 : buffer.Length;
        publish("stream", new() { ["name"] = stream, ["text"] = buffer.ToString(0, length) });
        buffer.Remove(0, length);
    }

    sealed class Writer(OutputCapture capture, string name) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;
        public override void Write(char value) => capture.Write(name, [value]);
        public override void Write(string? value) => capture.Write(name, value);
        public override void Write(ReadOnlySpan<char> value) => capture.Write(name, value);
        public override void Write(char[] value, int index, int count) => capture.Write(name, value.AsSpan(index, count));
        public override void WriteLine(string? value) => capture.Write(name, value + "\n");
        public override void WriteLine() => capture.Write(name, "\n");
        public override void Flush() => capture.Flush();
    }
}
