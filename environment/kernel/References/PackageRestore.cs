using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ModelCollapse.Kernel.References;

/// <summary>
/// Gets NuGet packages by <c>dotnet restore</c> of a project in the user's cache that names them all. What was restored once is found there
/// again by a marker of its own: a restore that fails leaves its assets file too.
/// </summary>
static partial class PackageRestore
{
    public static readonly string Cache = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } folder ? folder : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "csharp-kernel");

    /// <summary>The program that runs this kernel.</summary>
    public static string DotNet { get; } = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";

    /// <param name="packages">Name and version of each; an empty version is the newest stable one.</param>
    /// <exception cref="KernelException">A package or version does not exist, the network cannot be reached, or the packages do not fit.</exception>
    public static Dependencies Restore(IReadOnlyDictionary<string, string> packages, CancellationToken cancellation)
    {
        var project = new StringBuilder($"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net{Environment.Version.Major}.0</TargetFramework>
                <RuntimeIdentifier>{RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifier>
                <SelfContained>false</SelfContained>
                <UseAppHost>false</UseAppHost>
                <ImportDirectoryBuildProps>false</ImportDirectoryBuildProps>
                <ImportDirectoryBuildTargets>false</ImportDirectoryBuildTargets>
                <ImportDirectoryPackagesProps>false</ImportDirectoryPackagesProps>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>

            """);
        foreach (var (name, version) in packages.OrderBy(p => p.Key, StringComparer.OrdinalIgnoreCase))
            project.AppendLine($"""    <PackageReference Include="{SecurityElement.Escape(name)}" Version="{SecurityElement.Escape(version.Length > 0 ? version : "*")}" />""");
        project.AppendLine("  </ItemGroup>\n</Project>");
        var text = project.ToString();

        var folder = Path.Combine(Cache, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text + Environment.CurrentDirectory)))[..16]);
        var (assets, marker) = (Path.Combine(folder, "obj", "project.assets.json"), Path.Combine(folder, "restored"));
        if (File.Exists(marker) && Read(assets) is { } known) return known;
        Directory.CreateDirectory(folder);
        // Kernels that want the same packages take turns.
        using var turn = Turn(Path.Combine(folder, "lock"), cancellation);
        File.WriteAllText(Path.Combine(folder, "packages.csproj"), text);
        File.Delete(marker);
        Run(folder, packages, cancellation);
        File.WriteAllText(marker, "");
        return Read(assets) ?? throw new KernelException($"dotnet restore left nothing usable in {folder}: delete that folder and run the cell again.");
    }

    /// <summary>Null where packages of an earlier restore are gone.</summary>
    static Dependencies? Read(string assets)
    {
        if (!File.Exists(assets)) return null;
        using var document = JsonDocument.Parse(File.ReadAllBytes(assets));
        var root = document.RootElement;
        var folders = root.GetProperty("packageFolders").EnumerateObject().Select(f => f.Name).ToArray();
        var complete = root.GetProperty("libraries").EnumerateObject().All(l => folders.Any(f => Directory.Exists(Path.Combine(f, l.Value.GetProperty("path").GetString()!))));
        return complete ? Dependencies.Of(root) : null;
    }

    static void Run(string folder, IReadOnlyDictionary<string, string> packages, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(DotNet) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // The sources are those of the notebook's folder.
        foreach (var argument in new[] { "restore", "packages.csproj", "--nologo", "-v", "quiet", $"-p:RestoreRootConfigDirectory={Environment.CurrentDirectory}" })
            start.ArgumentList.Add(argument);
        // A kernel that was itself started from a build must not hand its settings on.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray()) start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var process = Process.Start(start)!;
        using var stop = cancellation.Register(() => process.Kill(entireProcessTree: true));
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = process.StandardOutput.ReadToEnd() + error.Result;
        process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        if (process.ExitCode != 0) throw new KernelException(Sentence(output, packages));
    }

    /// <summary>One sentence for what restore printed.</summary>
    static string Sentence(string output, IReadOnlyDictionary<string, string> packages)
    {
        var errors = Errors().Matches(output).Select(m => (Code: m.Groups[1].Value, Text: m.Groups[2].Value.Trim())).ToArray();
        string Named(string text) => packages.Keys.FirstOrDefault(p => text.Contains(p, StringComparison.OrdinalIgnoreCase)) is { } name ? $"'{name}'" : "a package";
        if (errors.FirstOrDefault(e => e.Code == "NU1301") is { Code: not null } offline)
            return $"The package source cannot be reached, so {Named(string.Join(" ", packages.Keys))} was not restored: check the network. ({offline.Text})";
        if (errors.FirstOrDefault(e => e.Code == "NU1101") is { Code: not null } missing)
            return $"There is no package {Named(missing.Text)}: check its name.";
        if (errors.FirstOrDefault(e => e.Code is "NU1102" or "NU1103") is { Code: not null } version)
            return $"Package {Named(version.Text)} has no such version: {version.Text}";
        return errors.Length > 0 ? $"The packages cannot be restored: {errors[0].Code}: {errors[0].Text}" : $"The packages cannot be restored: {output.Trim()}";
    }

    static FileStream Turn(string path, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try { return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
            catch (IOException) { Thread.Sleep(100); }
        }
    }

    [GeneratedRegex(@"error (NU\d+|MSB\d+|NETSDK\d+)\s*: (.*?)(?: \[[^\]]*\])?$", RegexOptions.Multiline)]
    private static partial Regex Errors();
}
