namespace ModelCollapse.Kernel.References;

/// <summary>The SDK's reference assemblies of the running runtime, which bring documentation along.</summary>
static class ReferencePack
{
    /// <summary>The runtime's own assemblies where there is no SDK beside it.</summary>
    public static IEnumerable<string> Assemblies { get; } = Find() is { } folder ? Directory.GetFiles(folder, "*.dll") : AssemblyFiles.Framework;

    static string? Find()
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));
        return !Directory.Exists(root) ? null : Directory.GetDirectories(root, $"{Environment.Version.Major}.*")
            .Select(d => Path.Combine(d, "ref", $"net{Environment.Version.Major}.0")).LastOrDefault(Directory.Exists);
    }
}
