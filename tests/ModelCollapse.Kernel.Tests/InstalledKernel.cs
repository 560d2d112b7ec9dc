using System.Diagnostics;
using System.Text.Json;

namespace ModelCollapse.Kernel.Tests;

/// <summary>The kernel as users have it: installed, with a kernelspec, compiled ahead of time. <c>environment/test</c> has done that; else it is done here.</summary>
public sealed class InstalledKernel : IDisposable
{
    readonly ModelCollapse.Tests.TemporaryFolder? temporary;

    public InstalledKernel()
    {
        Data = Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") ?? "";
        if (Data.Length == 0 || !File.Exists(Spec))
        {
            temporary = new();
            Data = temporary.Path;
            var (code, output) = Install(Data);
            Assert.True(code == 0, output);
        }
        Assert.True(File.Exists("/usr/bin/python3"), "Jupyter is not installed: run environment/setup --notebooks.");
    }

    /// <summary>Jupyter's data folder that has the kernelspec.</summary>
    public string Data { get; }

    public string Spec => Path.Combine(Data, "kernels", ".net-csharp", "kernel.json");

    /// <summary>What starts it, without the connection file.</summary>
    public string[] Command => [.. JsonDocument.Parse(File.ReadAllText(Spec)).RootElement.GetProperty("argv").EnumerateArray().Select(a => a.GetString()!).SkipLast(1)];

    public static (int Code, string Output) Install(string data, params string[] arguments) =>
        Run(data, Path.Combine(KernelClient.Root, "environment", "kernel", "install"), arguments);

    /// <summary>Runs a program of Jupyter, or one that serves it, to its end.</summary>
    public static (int Code, string Output) Run(string data, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory };
        start.Environment["JUPYTER_DATA_DIR"] = data;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + error.Result;
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    public void Dispose() => temporary?.Dispose();
}
