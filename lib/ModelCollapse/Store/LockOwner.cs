using System.ComponentModel;
using System.Diagnostics;

namespace ModelCollapse.Store;

/// <summary>A process that works on a folder.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Host">The machine that it runs on.</param>
/// <param name="Started">When it was started: numbers are used again.</param>
public sealed record LockOwner(int Pid, string Host, DateTime Started)
{
    internal static LockOwner Me { get; } = Of(Process.GetCurrentProcess());

    /// <summary>Whether the process still runs. Only for processes of this host.</summary>
    internal bool IsAlive
    {
        get
        {
            try
            {
                // The start time is computed from clock ticks and differs a little from reading to reading.
                using var process = Process.GetProcessById(Pid);
                return !process.HasExited && !IsZombie && (Of(process).Started - Started).Duration() < TimeSpan.FromSeconds(2);
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception or IOException)
            {
                return false;
            }
        }
    }

    /// <summary>A killed process that its parent has not collected yet still has an entry, on Linux.</summary>
    bool IsZombie => File.Exists($"/proc/{Pid}/stat") && File.ReadAllText($"/proc/{Pid}/stat").Contains(") Z ", StringComparison.Ordinal);

    static LockOwner Of(Process process) => new(process.Id, Environment.MachineName, process.StartTime.ToUniversalTime());

    /// <inheritdoc/>
    public override string ToString() => Pid == 0 ? $"a process on {Host}" : $"process {Pid} on {Host}, started {Started:u}";
}
