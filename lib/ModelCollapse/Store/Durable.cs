using System.Runtime.InteropServices;

namespace ModelCollapse.Store;

/// <summary>Writes that survive a crash of the machine: bytes and directory entries are on disk when a method returns.</summary>
static partial class Durable
{
    /// <summary>Replaces a file as a whole: at any moment it has either its old or its new content.</summary>
    public static void WriteFile(string path, string content)
    {
        var temporary = path + ".new";
        File.WriteAllText(temporary, content);
        FlushFile(temporary);
        File.Move(temporary, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Flushes every file and folder below <paramref name="folder"/>, and itself.</summary>
    public static void FlushTree(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder)) FlushFile(file);
        foreach (var child in Directory.EnumerateDirectories(folder)) FlushTree(child);
        FlushFolder(folder);
    }

    static void FlushFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Flushes the entries of a folder. .NET has no call for it; on Windows a move is durable without.</summary>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = open(path, 0);
        if (descriptor < 0) throw new IOException($"Folder {path} cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}");
        try
        {
            // Some file systems cannot flush a folder and say EINVAL: then there is nothing more to do.
            if (fsync(descriptor) == 0) return;
            var error = Marshal.GetLastPInvokeError();
            if (error != InvalidArgument)
                throw new IOException($"Folder {path} cannot be written to disk: {Marshal.GetLastPInvokeErrorMessage()}", error);
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    /// <summary>Gives a file a second name, or copies it where the file system cannot.</summary>
    public static void LinkOrCopy(string from, string to)
    {
        if (OperatingSystem.IsWindows() || link(from, to) != 0) File.Copy(from, to);
    }

    const int InvalidArgument = 22;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string from, string to);
}
