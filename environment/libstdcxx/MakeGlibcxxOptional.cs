using System;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies a 64-bit ELF library and, where the system's libstdc++ is older than <c>GLIBCXX_3.4.32</c>, marks the library's
/// reference to that version's single symbol as weak. README.md in this folder says why that is safe.
/// </summary>
public class MakeGlibcxxOptional : Task
{
    const string Version = "GLIBCXX_3.4.32", Symbol = "_ZSt21ios_base_library_initv";
    const uint DynamicSymbols = 11, VersionRequirements = 0x6ffffffe;
    const byte Weak = 2;
    static readonly Encoding Latin1 = Encoding.GetEncoding(28591); // one byte, one character

    [Required] public string Source { get; set; } = "";
    [Required] public string Destination { get; set; } = "";

    public override bool Execute()
    {
        var elf = File.ReadAllBytes(Source);
        if (!SystemHasVersion()) MarkWeak(elf);
        Directory.CreateDirectory(Path.GetDirectoryName(Destination)!);
        File.WriteAllBytes(Destination, elf);
        return !Log.HasLoggedErrors;
    }

    static bool SystemHasVersion()
    {
        var folders = new[] { "/usr/lib/x86_64-linux-gnu", "/lib/x86_64-linux-gnu", "/usr/lib64", "/lib64", "/usr/lib" };
        var library = folders.Select(f => Path.Combine(f, "libstdc++.so.6")).FirstOrDefault(File.Exists);
        return library != null
            && Latin1.GetString(File.ReadAllBytes(library)).IndexOf(Version + "\0", StringComparison.Ordinal) >= 0;
    }

    void MarkWeak(byte[] elf)
    {
        var sections = Enumerable.Range(0, BitConverter.ToUInt16(elf, 60))
            .Select(i => (int)BitConverter.ToUInt64(elf, 40) + 64 * i).ToArray();
        uint Type(int s) => BitConverter.ToUInt32(elf, s + 4);
        int Offset(int s) => (int)BitConverter.ToUInt64(elf, s + 24);
        int Size(int s) => (int)BitConverter.ToUInt64(elf, s + 32);
        int Strings(int s) => Offset(sections[BitConverter.ToUInt32(elf, s + 40)]);
        bool Named(int at, string name) => Latin1.GetString(elf, at, name.Length + 1) == name + "\0";

        var changed = 0;
        foreach (var s in sections.Where(s => Type(s) == DynamicSymbols))
            for (var entry = Offset(s); entry < Offset(s) + Size(s); entry += 24)
                if (Named(Strings(s) + BitConverter.ToInt32(elf, entry), Symbol))
                {
                    elf[entry + 4] = (byte)(Weak << 4 | elf[entry + 4] & 15);
                    changed++;
                }

        foreach (var s in sections.Where(s => Type(s) == VersionRequirements))
            for (var file = Offset(s); ; file += BitConverter.ToInt32(elf, file + 12))
            {
                var version = file + BitConverter.ToInt32(elf, file + 8);
                for (var i = BitConverter.ToUInt16(elf, file + 2); i > 0; i--, version += BitConverter.ToInt32(elf, version + 12))
                    if (Named(Strings(s) + BitConverter.ToInt32(elf, version + 8), Version))
                    {
                        elf[version + 4] |= Weak;
                        changed++;
                    }
                if (BitConverter.ToInt32(elf, file + 12) == 0) break;
            }

        if (changed == 2)
            Log.LogMessage(MessageImportance.Normal, $"{Path.GetFileName(Source)}: {Symbol}@{Version} made optional for this system's libstdc++.");
        else
            Log.LogWarning($"{Source} no longer refers to {Symbol}@{Version} as expected: environment/libstdcxx may no longer be needed.");
    }
}
