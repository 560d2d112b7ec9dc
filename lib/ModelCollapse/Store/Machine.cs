using System.Reflection;
using System.Runtime.InteropServices;

namespace ModelCollapse.Store;

/// <summary>The machine and the code behind a run.</summary>
public sealed record Machine
{
    /// <summary>This one.</summary>
    public static Machine This { get; } = new()
    {
        Host = Environment.MachineName,
        Processor = ProcessorName(),
        Cores = Environment.ProcessorCount,
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        System = RuntimeInformation.OSDescription,
        Runtime = RuntimeInformation.FrameworkDescription,
        Code = typeof(Machine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        CodeHash = AtomicFolder.HashOf(typeof(Machine).Assembly.Location),
        TorchSharp = VersionOf("TorchSharp"),
    };

    /// <summary>Name of the machine.</summary>
    public required string Host { get; init; }

    /// <summary>Model of the processor.</summary>
    public required string Processor { get; init; }

    /// <summary>Logical processors.</summary>
    public required int Cores { get; init; }

    /// <summary>Memory in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Operating system.</summary>
    public required string System { get; init; }

    /// <summary>Version of .NET.</summary>
    public required string Runtime { get; init; }

    /// <summary>Version of this library, with the commit where it was built from one.</summary>
    public required string Code { get; init; }

    /// <summary>SHA-256 of the library's assembly.</summary>
    public required string CodeHash { get; init; }

    /// <summary>Version of TorchSharp; null in a process that does not use it.</summary>
    public string? TorchSharp { get; init; }

    /// <summary>Version of an assembly of this process, by its simple name; null where it is not loaded.</summary>
    static string? VersionOf(string assembly) => AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(a => a.GetName().Name == assembly)
        ?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    static string ProcessorName()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var line = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
