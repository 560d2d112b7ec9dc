using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ModelCollapse.Kernel.Output;

/// <summary>
/// Takes over file descriptors 1 and 2, where C libraries (libtorch's printf) and child processes write past <see cref="Console"/>.
/// Each is replaced by a pipe that a thread reads. Not on Windows.
/// </summary>
sealed partial class NativeOutput
{
    readonly List<(int End, FlagHolder Busy)> pipes = [];

    /// <summary>A writer to the standard error that the process was started with, for messages about the kernel itself.</summary>
    public static TextWriter Original { get; private set; } = Console.Error;

    /// <returns>Null where descriptors cannot be taken over.</returns>
    public static NativeOutput? Start(Action<string, string> write)
    {
        if (OperatingSystem.IsWindows()) return null;
        Original = new StreamWriter(new FileStream(new SafeFileHandle(dup(2), true), FileAccess.Write)) { AutoFlush = true };
        var output = new NativeOutput();
        foreach (var (descriptor, name) in new[] { (1, "stdout"), (2, "stderr") })
        {
            var ends = new int[2];
            if (pipe(ends) != 0) return null;
            dup2(ends[1], descriptor);
            close(ends[1]);
            var busy = new FlagHolder();
            output.pipes.Add((ends[0], busy));
            new Thread(() => Read(ends[0], busy, text => write(name, text))) { IsBackground = true, Name = name }.Start();
        }
        return output;
    }

    /// <summary>Waits until what native code has written so far is read, at most half a second.</summary>
    public void Drain()
    {
        fflush(0);
        var until = Environment.TickCount64 + 500;
        foreach (var (end, busy) in pipes)
            while ((Waiting(end) > 0 || busy.Set) && Environment.TickCount64 < until) Thread.Sleep(1);
    }

    static void Read(int end, FlagHolder busy, Action<string> write)
    {
        var bytes = new byte[1 << 16];
        var chars = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        var decoder = Encoding.UTF8.GetDecoder();
        var poll = new PollDescriptor { Descriptor = end, Events = 1 };
        while (true)
        {
            // Busy is set before the bytes leave the pipe and reset after they are written: Drain has no gap to fall into.
            if (NativeOutput.poll(ref poll, 1, -1) < 0) continue;
            busy.Set = true;
            var count = (int)read(end, bytes, (nuint)bytes.Length);
            if (count <= 0) return;
            write(new(chars, 0, decoder.GetChars(bytes, 0, count, chars, 0)));
            busy.Set = false;
        }
    }

    static int Waiting(int end) => ioctl(end, OperatingSystem.IsMacOS() ? 0x4004667FU : 0x541BU, out var count) == 0 ? count : 0; // FIONREAD

    sealed class FlagHolder
    {
        public volatile bool Set;
    }

    [StructLayout(LayoutKind.Sequential)]
    struct PollDescriptor
    {
        public int Descriptor;
        public short Events, Returned;
    }

#pragma warning disable SYSLIB1054, IDE1006, CA2101 // names of libc
    [LibraryImport("libc")] private static partial int dup(int descriptor);
    [LibraryImport("libc")] private static partial int dup2(int from, int to);
    [LibraryImport("libc")] private static partial int pipe([Out] int[] ends);
    [LibraryImport("libc")] private static partial int close(int descriptor);
    [LibraryImport("libc")] private static partial nint read(int descriptor, [Out] byte[] buffer, nuint count);
    [LibraryImport("libc")] private static partial int fflush(nint file);
    [LibraryImport("libc")] private static partial int ioctl(int descriptor, nuint request, out int count);
    [LibraryImport("libc")] private static partial int poll(ref PollDescriptor descriptors, nuint count, int milliseconds);
#pragma warning restore SYSLIB1054, IDE1006, CA2101
}
