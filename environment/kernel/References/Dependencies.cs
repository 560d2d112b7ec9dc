using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.DependencyModel;

namespace ModelCollapse.Kernel.References;

/// <summary>What a reference brings along: assemblies to compile against, assemblies to load, native libraries.</summary>
sealed record Dependencies(IReadOnlyList<string> Compile, IReadOnlyList<string> Run, IReadOnlyList<string> Native)
{
    static readonly string[] Platforms = Fallbacks();

    /// <summary>
    /// Those of an assembly, by the <c>.deps.json</c> beside it: other projects' assemblies, and packages, which are looked for beside the
    /// assembly and then in the NuGet folders.
    /// </summary>
    public static Dependencies Of(string assembly)
    {
        var file = Path.ChangeExtension(assembly, ".deps.json");
        if (!File.Exists(file)) return new([assembly], [assembly], []);
        using var stream = File.OpenRead(file);
        using var reader = new DependencyContextJsonReader();
        var run = new List<string> { assembly };
        var native = new List<string>();
        foreach (var library in reader.Read(stream).RuntimeLibraries)
        {
            run.AddRange(Assets(library.RuntimeAssemblyGroups).Select(a => Locate(assembly, library, a)).OfType<string>().Where(p => p != assembly));
            native.AddRange(Assets(library.NativeLibraryGroups).Select(a => Locate(assembly, library, a)).OfType<string>());
        }
        return new(run, run, native);
    }

    /// <summary>Those of a restored project, by its <c>project.assets.json</c>.</summary>
    public static Dependencies Of(JsonElement assets)
    {
        var folders = assets.GetProperty("packageFolders").EnumerateObject().Select(f => f.Name).ToArray();
        var target = assets.GetProperty("targets").EnumerateObject().MaxBy(t => t.Name.Length).Value;
        var (compile, run, native) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var library in target.EnumerateObject())
        {
            var path = assets.GetProperty("libraries").GetProperty(library.Name).GetProperty("path").GetString()!;
            foreach (var (kind, list) in new[] { ("compile", compile), ("runtime", run), ("native", native) })
                if (library.Value.TryGetProperty(kind, out var group))
                    foreach (var asset in group.EnumerateObject().Where(a => !a.Name.EndsWith("/_._", StringComparison.Ordinal)))
                        if (folders.Select(f => Path.Combine(f, path, asset.Name)).FirstOrDefault(File.Exists) is { } found) list.Add(found);
        }
        return new(compile, run, native);
    }

    // The most specific group for this system.
    static IEnumerable<string> Assets(IReadOnlyList<RuntimeAssetGroup> groups) =>
        Platforms.Select(p => groups.FirstOrDefault(g => (g.Runtime ?? "") == p)).FirstOrDefault(g => g is not null)?.AssetPaths ?? [];

    static string? Locate(string assembly, RuntimeLibrary library, string asset)
    {
        var folder = Path.GetDirectoryName(assembly)!;
        var places = new List<string> { Path.Combine(folder, Path.GetFileName(asset)), Path.Combine(folder, asset) };
        if (library.Path is { } path) places.AddRange(NuGetFolders().Select(f => Path.Combine(f, path, asset)));
        return places.FirstOrDefault(File.Exists);
    }

    static IEnumerable<string> NuGetFolders() =>
    [
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
    ];

    static string[] Fallbacks()
    {
        var architecture = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();
        string[] families = OperatingSystem.IsWindows() ? ["win"] : OperatingSystem.IsMacOS() ? ["osx", "unix"] : ["linux", "unix"];
        return [.. families.SelectMany(f => new[] { $"{f}-{architecture}", f }), "any", ""];
    }
}
