using System.Reflection;
using Microsoft.CodeAnalysis;
using ModelCollapse.Kernel.Cells;

namespace ModelCollapse.Kernel.References;

/// <summary>What the session's cells may use: resolves <c>#r</c>, and keeps each file once.</summary>
sealed class CellReferences
{
    readonly AssemblyFiles files = new();
    readonly List<string> added = [.. Own];
    readonly Dictionary<string, string> packages = new(StringComparer.OrdinalIgnoreCase);
    readonly Dictionary<string, DateTime> given = [];
    List<string> pending = [.. AssemblyFiles.Framework, .. Own];

    // Cells show values and know the kernel's own functions; nothing else of what the kernel is made of.
    static IEnumerable<string> Own =>
        new[] { typeof(CellFunctions).Assembly, typeof(Microsoft.DotNet.Interactive.Formatting.Formatter).Assembly, typeof(Microsoft.AspNetCore.Html.IHtmlContent).Assembly }.Select(a => a.Location);

    /// <summary>Paths of all references so far but those of the runtime.</summary>
    public IReadOnlyList<string> Added => added;

    /// <summary>References that no compiled cell has yet. They stay so until <see cref="Compiled"/>.</summary>
    public IEnumerable<MetadataReference> Pending => pending.Select(p => MetadataReference.CreateFromFile(p));

    public void Compiled() => pending = [];

    /// <summary>Resolves what the directives of one cell ask for.</summary>
    /// <param name="tell">Gets warnings and what was installed.</param>
    /// <exception cref="KernelException">One of them is not to be had; then none is added.</exception>
    public void Resolve(IEnumerable<string> directives, Action<string> tell, CancellationToken cancellation)
    {
        var (paths, asked) = (new List<string>(), new Dictionary<string, string>(packages, StringComparer.OrdinalIgnoreCase));
        foreach (var directive in directives)
            if (directive.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
            {
                var parts = directive["nuget:".Length..].Split(',', StringSplitOptions.TrimEntries);
                if (parts[0].Length == 0 || parts.Length > 2) throw new KernelException($"#r \"{directive}\" is not understood: write #r \"nuget: Name, Version\".");
                var version = parts.ElementAtOrDefault(1) ?? "";
                if (packages.TryGetValue(parts[0], out var old) && version.Length > 0 && old != version)
                    tell($"{parts[0]} {(old.Length > 0 ? old : "(newest)")} is already in use, and stays so: restart the kernel to change to {version}.");
                else asked[parts[0]] = old ?? version;
            }
            else paths.Add(directive);

        var found = paths.Select(Find).OfType<string>().Select(Dependencies.Of).ToList();
        if (asked.Count > packages.Count) found.Add(PackageRestore.Restore(asked, cancellation));
        foreach (var (name, version) in asked) packages[name] = version;
        foreach (var path in paths.Select(Find).OfType<string>())
            if (!given.TryAdd(path, File.GetLastWriteTimeUtc(path)) && given[path] != File.GetLastWriteTimeUtc(path))
                tell($"{path} has changed since it was loaded: restart the kernel to use the new one.");
        foreach (var set in found) Add(set, tell);
    }

    void Add(Dependencies set, Action<string> tell)
    {
        // What is compiled against must be what is loaded, also where the kernel itself brought another version.
        foreach (var path in set.Compile.Select(files.InUse).Where(p => !AssemblyFiles.Framework.Contains(p) && !added.Any(a => Path.GetFileName(a) == Path.GetFileName(p))))
        {
            added.Add(path);
            pending.Add(path);
        }
        foreach (var path in set.Run)
            if (files.Add(path) is { } warning) tell(warning);
        foreach (var path in NativeFolder.Gather(set.Native)) files.AddNative(path);
    }

    /// <summary>The file that <c>#r "…"</c> means; null for an assembly of the runtime, which cells have anyway.</summary>
    static string? Find(string directive)
    {
        var path = Path.GetFullPath(directive);
        if (!File.Exists(path))
        {
            var name = Path.GetFileNameWithoutExtension(directive + (directive.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? "" : ".dll"));
            if (!directive.Contains('/') && AssemblyFiles.Framework.Any(p => Path.GetFileNameWithoutExtension(p).Equals(name, StringComparison.OrdinalIgnoreCase))) return null;
            throw new KernelException($"#r \"{directive}\": there is no file {path}. Paths are relative to the notebook's folder; build the project first if it is yours.");
        }
        try
        {
            AssemblyName.GetAssemblyName(path);
            return path;
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException or UnauthorizedAccessException)
        {
            throw new KernelException($"#r \"{directive}\": {path} is not a .NET assembly.");
        }
    }
}
