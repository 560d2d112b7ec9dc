using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace ModelCollapse.Kernel.References;

/// <summary>
/// Finds assemblies and native libraries of packages and of <c>#r</c> when code asks for them. All assemblies go into the default load context:
/// in several contexts one type would be several.
/// </summary>
sealed class AssemblyFiles
{
    /// <summary>Where the system's loader looks by itself; Debian's folders are named after the architecture.</summary>
    static readonly string[] SystemFolders =
    [
        .. (Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries),
        "/usr/local/lib", "/usr/lib", "/usr/lib64", .. RuntimeInformation.OSArchitecture switch { Architecture.X64 => ["/usr/lib/x86_64-linux-gnu"], Architecture.Arm64 => ["/usr/lib/aarch64-linux-gnu"], _ => (string[])[] },
    ];

    readonly Lock sync = new();
    readonly Dictionary<string, string> assemblies = new(StringComparer.OrdinalIgnoreCase);
    readonly Dictionary<string, string> natives = new(StringComparer.OrdinalIgnoreCase);

    public AssemblyFiles()
    {
        foreach (var path in PlatformAssemblies) assemblies[Path.GetFileNameWithoutExtension(path)] = path;
        AssemblyLoadContext.Default.Resolving += (context, name) => Find(assemblies, name.Name!) is { } path ? context.LoadFromAssemblyPath(path) : null;
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => FindNative(name) is { } path ? NativeLibrary.Load(path) : 0;
    }

    /// <summary>The assemblies of the runtime and of the kernel.</summary>
    public static IReadOnlyList<string> PlatformAssemblies { get; } =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The runtime's assemblies alone.</summary>
    public static IReadOnlySet<string> Framework { get; } =
        PlatformAssemblies.Where(p => Path.GetDirectoryName(p) == Path.GetDirectoryName(typeof(object).Assembly.Location)).ToHashSet();

    /// <summary>The file that is used for the assembly in <paramref name="path"/>: that one, unless another of its name came first.</summary>
    public string InUse(string path) => Find(assemblies, Path.GetFileNameWithoutExtension(path)) ?? path;

    /// <summary>Makes an assembly available.</summary>
    /// <returns>A warning, where another file of that name is already in use: a process cannot have both.</returns>
    public string? Add(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        lock (sync)
        {
            if (assemblies.TryAdd(name, path) || assemblies[name] == path) return null;
            var (old, @new) = (Version(assemblies[name]), Version(path));
            return old is null || @new is null || old >= @new ? null
                : $"{name} {@new} was asked for, but {old} is already in use, and stays so. To change that, restart the kernel and ask for all packages in the first cell.";
        }
    }

    /// <summary>Makes a native library available, before one of that name that the system has: Debian's libtorch of Python is not TorchSharp's.</summary>
    public void AddNative(string path)
    {
        lock (sync)
            if (!natives.TryAdd(Path.GetFileName(path), path)) return;
        // The system's would be found before anybody asks here. One that is loaded already is what its name means from then on.
        if (OperatingSystem.IsLinux() && SystemFolders.Any(f => File.Exists(Path.Combine(f, Path.GetFileName(path))))) NativeLibrary.TryLoad(path, out _);
    }

    string? FindNative(string name) =>
        new[] { name, $"lib{name}", $"{name}.so", $"lib{name}.so", $"{name}.dll", $"{name}.dylib", $"lib{name}.dylib" }
            .Select(file => Find(natives, file)).FirstOrDefault(path => path is not null);

    string? Find(Dictionary<string, string> files, string name)
    {
        lock (sync) return files.GetValueOrDefault(name);
    }

    static Version? Version(string path)
    {
        try { return AssemblyName.GetAssemblyName(path).Version; }
        catch (Exception e) when (e is BadImageFormatException or IOException) { return null; }
    }
}
