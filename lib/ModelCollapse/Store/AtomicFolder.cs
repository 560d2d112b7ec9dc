using System.Security.Cryptography;

namespace ModelCollapse.Store;

/// <summary>
/// A folder that is whole or absent. It is filled under a temporary name, gets a list of hashes (<c>files.sha256</c>, the format of
/// <c>sha256sum</c>), is flushed to disk and then renamed.
/// </summary>
static class AtomicFolder
{
    /// <summary>The list of hashes in each folder.</summary>
    public const string HashFile = "files.sha256";

    /// <summary>Files that may differ between two equal runs, such as timings: not part of the list of hashes.</summary>
    public const string CostFile = "cost.json";

    const string PartialSuffix = ".partial";

    /// <summary>The temporary folder of <paramref name="path"/>, whether it exists or not.</summary>
    public static string PartialOf(string path) => path + PartialSuffix;

    /// <summary>An empty temporary folder for <paramref name="path"/>; what an interrupted attempt left is removed.</summary>
    public static string Begin(string path)
    {
        var partial = PartialOf(path);
        if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        Directory.CreateDirectory(partial);
        return partial;
    }

    /// <summary>Makes the temporary folder of <paramref name="path"/> final.</summary>
    public static void Commit(string path, bool durable = true)
    {
        var partial = PartialOf(path);
        var lines = FilesOf(partial).Select(f => $"{HashOf(Path.Combine(partial, f))}  {f}\n");
        File.WriteAllText(Path.Combine(partial, HashFile), string.Concat(lines));
        if (durable) Durable.FlushTree(partial);
        Directory.Move(partial, path);
        if (durable) Durable.FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Compares a folder with its list of hashes.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="mayBeAbsent">Files that may have been removed since, by the beginning of their name; null for none.</param>
    /// <exception cref="InputException">A file is missing, changed or additional.</exception>
    public static void Verify(string path, string? mayBeAbsent = null)
    {
        var list = Path.Combine(path, HashFile);
        if (!File.Exists(list)) throw Corrupt(path, $"its {HashFile} is missing");
        var expected = File.ReadLines(list).Select(l => l.Split("  ", 2)).Where(l => l.Length == 2).ToDictionary(l => l[1], l => l[0]);
        var present = FilesOf(path).Where(f => f != HashFile).ToHashSet();
        foreach (var (file, hash) in expected)
        {
            if (!present.Remove(file))
            {
                if (mayBeAbsent is not null && file.StartsWith(mayBeAbsent, StringComparison.Ordinal)) continue;
                throw Corrupt(path, $"its file {file} is missing");
            }

            if (HashOf(Path.Combine(path, file)) != hash) throw Corrupt(path, $"the content of its file {file} has changed");
        }

        if (present.Count > 0) throw Corrupt(path, $"its file {present.Order(StringComparer.Ordinal).First()} is not in {HashFile}");
    }

    /// <summary>SHA-256 of a file, in lower-case hexadecimal digits.</summary>
    public static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    static IEnumerable<string> FilesOf(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/'))
            .Where(f => f != CostFile)
            .Order(StringComparer.Ordinal);

    static InputException Corrupt(string path, string problem) =>
        new($"{path} is damaged, {problem}: delete this folder and those of later generations, and run again to recompute them.");
}
