using System.Diagnostics;
using System.Text.Json;

namespace ModelCollapse.Runs;

/// <summary>
/// One process at a time per folder. The file <c>lock</c> is locked through the operating system, so a killed owner frees it, and
/// names its owner, for the message to others and for hosts that share the disk but not its locks.
/// </summary>
sealed class RunLock : IDisposable
{
    const string FileName = "lock";

    readonly FileStream file;

    RunLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock of a folder.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <exception cref="InputException">A live process, or one on another host, has it.</exception>
    public static RunLock Acquire(string folder) => TryAcquire(folder, out var owner) ?? throw new InputException(
        $"{folder} is in use by process {owner.Pid} on {owner.Host} since {owner.Started:u}: wait for it, or if it no longer runs delete {Path.Combine(folder, FileName)}.");

    /// <summary>Takes the lock of a folder, or says who has it.</summary>
    public static RunLock? TryAcquire(string folder, out LockOwner owner)
    {
        var path = Path.Combine(folder, FileName);
        var me = LockOwner.Me;
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException) when (File.Exists(path))
        {
            owner = ReadOwner(path) ?? new LockOwner(0, "unknown host", default);
            return null;
        }

        // The lock is ours as far as this host knows. A name inside is of a process that died, or of another host.
        if (Parse(ReadAll(file)) is { } other && (other.Host != me.Host || (other != me && other.IsAlive)))
        {
            owner = other;
            file.Dispose();
            return null;
        }

        owner = me;
        Write(file, JsonSerializer.Serialize(me, JsonSerializerOptions.Web));
        return new(file);
    }

    /// <summary>Who has the lock of a folder now; null if nobody.</summary>
    public static LockOwner? OwnerOf(string folder)
    {
        var owner = ReadOwner(Path.Combine(folder, FileName));
        return owner is null || (owner.Host == LockOwner.Me.Host && !owner.IsAlive) ? null : owner;
    }

    /// <summary>Frees the lock. The file stays, empty: deleting it could take it from under another process.</summary>
    public void Dispose()
    {
        Write(file, "");
        file.Dispose();
    }

    static void Write(FileStream file, string content)
    {
        file.SetLength(0);
        file.Write(System.Text.Encoding.UTF8.GetBytes(content));
        file.Flush();
    }

    static LockOwner? ReadOwner(string path)
    {
        try
        {
            // Opening with FileShare.ReadWrite asks for no lock, so it works while another process holds it.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            return Parse(ReadAll(file));
        }
        catch (IOException)
        {
            return null;
        }
    }

    static string ReadAll(FileStream file)
    {
        file.Position = 0;
        return new StreamReader(file).ReadToEnd();
    }

    static LockOwner? Parse(string content)
    {
        try
        {
            return content.Length == 0 ? null : JsonSerializer.Deserialize<LockOwner>(content, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null; // Written halfway by a process that died.
        }
    }
}

/// <summary>A process that works on a folder.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Host">The machine that it runs on.</param>
/// <param name="Started">When it was started: numbers are used again.</param>
public sealed record LockOwner(int Pid, string Host, DateTime Started)
{
    internal static LockOwner Me { get; } = Of(Process.GetCurrentProcess());

    internal bool IsAlive
    {
        get
        {
            try
            {
                // The start time is computed from clock ticks and moves by a little from reading to reading.
                using var process = Process.GetProcessById(Pid);
                return !process.HasExited && (Of(process).Started - Started).Duration() < TimeSpan.FromSeconds(2);
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }

    static LockOwner Of(Process process) => new(process.Id, Environment.MachineName, process.StartTime.ToUniversalTime());
}
