using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace ModelCollapse.Kernel.References;

/// <summary>
/// Puts native libraries of several packages into one folder, because they look for each other beside themselves, and applies the remedy of
/// <c>environment/libstdcxx</c> to TorchSharp's. The folder has links, and lives in the user's cache.
/// </summary>
static class NativeFolder
{
    const string TorchSharp = "libLibTorchSharp.so";

    /// <returns>The files as they are to be loaded.</returns>
    public static IReadOnlyList<string> Gather(IReadOnlyList<string> files)
    {
        // Windows has no such links for everybody, and finds libraries that are loaded already.
        var fromPackage = files.Any(f => Path.GetFileName(f) == TorchSharp && f.Contains($"{Path.DirectorySeparatorChar}runtimes{Path.DirectorySeparatorChar}"));
        if (OperatingSystem.IsWindows() || (files.Select(Path.GetDirectoryName).Distinct().Count() <= 1 && !fromPackage)) return files;
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', files))))[..16];
        var folder = Path.Combine(PackageRestore.Cache, "native-" + name);
        if (!Directory.Exists(folder))
        {
            // Under another name until it is whole: two kernels may do this at once.
            var temporary = Directory.CreateDirectory($"{folder}.{Environment.ProcessId}").FullName;
            foreach (var file in files.DistinctBy(Path.GetFileName))
                if (fromPackage && Path.GetFileName(file) == TorchSharp) Relink(file, Path.Combine(temporary, TorchSharp));
                else File.CreateSymbolicLink(Path.Combine(temporary, Path.GetFileName(file)), file);
            try { Directory.Move(temporary, folder); }
            catch (IOException) when (Directory.Exists(folder)) { Directory.Delete(temporary, recursive: true); }
        }
        return [.. files.Select(f => Path.Combine(folder, Path.GetFileName(f)))];
    }

    static void Relink(string source, string destination)
    {
        var targets = Path.Combine(AppContext.BaseDirectory, "libstdcxx", "libstdcxx.targets");
        var project = destination + ".proj";
        File.WriteAllText(project, $"""
            <Project>
              <Import Project="{targets}" />
              <Target Name="Relink"><MakeGlibcxxOptional Source="{source}" Destination="{destination}" /></Target>
            </Project>
            """);
        using var process = Process.Start(new ProcessStartInfo(PackageRestore.DotNet, ["msbuild", project, "-t:Relink", "--nologo", "-v:quiet", "-nodeReuse:false"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + error.Result;
        process.WaitForExit();
        File.Delete(project);
        if (process.ExitCode != 0 || !File.Exists(destination)) throw new KernelException($"{TorchSharp} could not be made to fit this system's C++ library: {output.Trim()}");
    }
}
