using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ModelCollapse.Tensors;
using ModelCollapse.Tests;

namespace ModelCollapse.Notebooks.Tests;

/// <summary>
/// Jupyter Notebook on this machine alone, on a copy of the notebooks, with settings and sessions of its own. Disposing it ends the server and
/// its kernels.
/// </summary>
sealed class NotebookServer : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly TemporaryFolder folder = new();
    readonly Process process;
    readonly HttpClient client = new();
    readonly string token = Guid.NewGuid().ToString("N");
    readonly Task<string> log;

    public NotebookServer(InstalledKernel kernel)
    {
        // Paths in notebooks lead to the library and the data beside them.
        foreach (var shared in (string[])["lib", "data"]) Directory.CreateSymbolicLink(Path.Combine(folder.Path, shared), Path.Combine(Notebook.Root, shared));
        foreach (var name in Notebook.Names) File.Copy(Path.Combine(Notebook.Root, "notebooks", name), folder.File($"notebooks/{name}"));
        Port = FreePort();
        ProcessStartInfo start = new("jupyter-notebook",
        [
            "--no-browser", "--allow-root", "--ip=127.0.0.1", $"--port={Port}", "--port-retries=0", $"--notebook-dir={folder.Path}", $"--NotebookApp.token={token}",
        ])
        { RedirectStandardError = true };
        start.Environment["JUPYTER_DATA_DIR"] = kernel.Data;
        start.Environment["JUPYTER_CONFIG_DIR"] = Path.Combine(folder.Path, "config");
        start.Environment["JUPYTER_RUNTIME_DIR"] = Runtime;
        start.Environment["MODEL_COLLAPSE_DATA"] = Path.Combine(folder.Path, "no-data");
        process = Process.Start(start)!;
        log = process.StandardError.ReadToEndAsync();
    }

    public int Port { get; }

    string Runtime => Path.Combine(folder.Path, "runtime");

    public string AddressOf(string notebook) => $"http://127.0.0.1:{Port}/notebooks/notebooks/{notebook}?token={token}";

    /// <summary>Waits until it answers.</summary>
    public async Task StartAsync()
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience; await Task.Delay(250))
        {
            if (process.HasExited) Assert.Fail($"jupyter-notebook ended with {process.ExitCode}: {await log}");
            try
            {
                if ((await client.GetAsync($"http://127.0.0.1:{Port}/api/status?token={token}")).IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }

        Assert.Fail($"jupyter-notebook did not answer within {Patience.TotalSeconds} seconds.");
    }

    /// <summary>Asks it to end, with its kernels, and waits until it has.</summary>
    public async Task StopAsync()
    {
        await client.PostAsync($"http://127.0.0.1:{Port}/api/shutdown?token={token}", null);
        await process.WaitForExitAsync(new CancellationTokenSource(Patience).Token);
    }

    /// <summary>Processes that still work on a connection file of this server: its kernels.</summary>
    public IReadOnlyList<string> Kernels() =>
        [.. Directory.EnumerateDirectories("/proc").Where(p => int.TryParse(Path.GetFileName(p), out _)).Select(CommandOf).Where(c => c.Contains(Runtime, StringComparison.Ordinal))];

    public void Dispose()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        client.Dispose();
        folder.Dispose();
    }

    static string CommandOf(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
