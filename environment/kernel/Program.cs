using System.Globalization;
using System.Runtime.InteropServices;
using ModelCollapse.Kernel;
using ModelCollapse.Kernel.Output;
using ModelCollapse.Kernel.Wire;

if (args is not [var path])
{
    Console.Error.WriteLine("The C# kernel is started by Jupyter, with the path of a connection file.");
    return 2;
}
// NetMQ's messages must arrive while a cell keeps the thread pool busy, the one that interrupts it above all: .NET's sockets tell of them
// on their own thread then. They read this setting when the first is opened.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
// A notebook gives the same output on every machine.
CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
try
{
    var sockets = new Sockets(Connection.Read(path));
    var shell = new Shell(sockets);
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
    {
        signal.Cancel = true;
        shell.Interrupt();
    });
    ParentProcess.WhenGone(shell.Stop);
    shell.Run();
    sockets.Drain();
}
catch (KernelException e)
{
    NativeOutput.Original.WriteLine($"csharp kernel: {e.Message}");
    return 1;
}
// Cells may have left threads that are not in the background.
Environment.Exit(0);
return 0;
