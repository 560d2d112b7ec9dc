using System.Text.Json;

namespace ModelCollapse.Store;

/// <summary>
/// One process at a time per folder. The file <c>lock</c> is locked through the operating system, so that a killed owner frees it;
/// <c>owner.json</c> names the owner, for the message to others and for hosts that share the disk but not its locks.
/// </summary>
sealed class RunLock : IDisposable
{
    /// <summary>The file that the operating system locks. It stays: deleting it could take it from under another process.</summary>
    public const string LockFile = "lock";

    /// <summary>The file that names the owner while there is one.</summary>
    public const string OwnerFile = "owner.json";

    readonly FileStream file;
    readonly string ownerPath;

    RunLock(FileStream file, string ownerPath) => (this.file, this.ownerPath) = (file, ownerPath);

    /// <summary>Takes the lock of a folder.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <exception cref="InputException">A live process, or one on another host, has it.</exception>
    public static RunLock Acquire(string folder) => TryAcquire(folder, out var owner) ?? throw new InputException(
        $"{folder} is in use by {owner}: wait for it, or if it no longer runs delete {Path.Combine(folder, OwnerFile)}.");

    /// <summary>Takes the lock of a folder, or says who has it.</summary>
    public static RunLock? TryAcquire(string folder, out LockOwner owner)
    {
        var ownerPath = Path.Combine(folder, OwnerFile);
        FileStream file;
        try
        {
            file = new FileStream(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            owner = Read(ownerPath) ?? new LockOwner(0, "this host or another", default);
            return null;
        }

        // The lock is ours as far as this host knows. An owner on record is a process that died, or one on another host.
        if (Read(ownerPath) is { } other && other != LockOwner.Me && (other.Host != LockOwner.Me.Host || other.IsAlive))
        {
            file.Dispose();
            owner = other;
            return null;
        }

        owner = LockOwner.Me;
        var temporary = ownerPath + ".new";
        File.WriteAllText(temporary, JsonSerializer.Serialize(owner, JsonSerializerOptions.Web));
        File.Move(temporary, ownerPath, overwrite: true);
        return new(file, ownerPath);
    }

    /// <summary>Who has the lock of a folder now; null if nobody.</summary>
    public static LockOwner? OwnerOf(string folder) =>
        Read(Path.Combine(folder, OwnerFile)) is { } owner && (owner.Host != LockOwner.Me.Host || owner.IsAlive) ? owner : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        File.Delete(ownerPath);
        file.Dispose();
    }

    static LockOwner? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<LockOwner>(File.ReadAllText(path), JsonSerializerOptions.Web);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }
}
