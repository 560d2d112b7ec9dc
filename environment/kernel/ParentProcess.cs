using System.Runtime.InteropServices;

namespace ModelCollapse.Kernel;

/// <summary>The program that started the kernel. A kernel without it serves nobody.</summary>
static partial class ParentProcess
{
    /// <summary>Calls <paramref name="action"/> when the parent has ended. Jupyter says by <c>JPY_PARENT_PID</c> that it wants that. Not on Windows.</summary>
    public static void WhenGone(Action action)
    {
        if (OperatingSystem.IsWindows() || Environment.GetEnvironmentVariable("JPY_PARENT_PID") is null) return;
        var parent = getppid();
        new Thread(() =>
        {
            while (getppid() == parent) Thread.Sleep(1000);
            action();
        })
        { IsBackground = true, Name = "parent" }.Start();
    }

#pragma warning disable IDE1006 // name of libc
    [LibraryImport("libc")] private static partial int getppid();
#pragma warning restore IDE1006
}
