using System.Text.RegularExpressions;
using ModelCollapse.Results.Claims;

namespace ModelCollapse.Tests;

/// <summary>The order of lib/README.md, read from the sources: no arrow between two folders runs up.</summary>
public partial class LayersTests
{
    /// <summary>From bottom to top. The root of the base assembly is below all.</summary>
    static readonly string[] Order =
    [
        "Statistics", "Provenance", "Store", "Text", "Generations", "Curation", "Monitoring", "ClosedForm", "Data", "Metrics", "Results",
        "Tensors", "Models", "Training", "Sampling", "Language", "Images", "Recipes",
    ];

    static readonly string Lib = Path.Combine(Repository.Root, "lib");

    [Fact]
    public void No_arrow_runs_up()
    {
        var files = Sources().ToList();
        var types = files.SelectMany(f => TopLevelType().Matches(f.Code).Select(m => (f.Layer, Type: m.Groups[1].Value))).ToLookup(t => t.Type, t => t.Layer);
        List<string> up = [];
        foreach (var file in files)
            foreach (var layer in ReferencesOf(file.Code, types).Where(layer => Rank(layer) > Rank(file.Layer)).Distinct())
                up.Add($"{file.Path} is in {Named(file.Layer)} but refers to {layer}");

        Assert.True(up.Count == 0, string.Join('\n', up));
    }

    [Fact]
    public void An_arrow_that_runs_up_is_found_by_using_and_by_qualified_name()
    {
        var types = new[] { ("Recipes", "Recipe") }.ToLookup(t => t.Item2, t => t.Item1);

        Assert.Equal(["Recipes"], ReferencesOf("using ModelCollapse.Recipes;\nnamespace ModelCollapse.Store;", types));
        Assert.Equal(["Recipes"], ReferencesOf("namespace ModelCollapse.Store;\nclass A { Recipes.Recipe x; }", types));
        Assert.Empty(ReferencesOf("namespace ModelCollapse.Store;\nclass A { int Recipes; int B => Recipes.Length; }", types));
    }

    [Fact]
    public void Every_folder_has_its_place()
    {
        var folders = Sources().Select(f => f.Layer).Where(l => l.Length > 0).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(Order.Order(StringComparer.Ordinal), folders);
        Assert.All(Order, layer => Assert.Contains(layer, File.ReadAllText(Path.Combine(Lib, "README.md"))));
    }

    [Fact]
    public void The_base_assembly_needs_neither_libtorch_nor_ONNX_Runtime()
    {
        var seen = new HashSet<string>();
        var open = new Queue<System.Reflection.Assembly>([typeof(Seeds).Assembly]);
        while (open.TryDequeue(out var assembly))
            foreach (var name in assembly.GetReferencedAssemblies().Where(n => seen.Add(n.Name!) && !n.Name!.StartsWith("System.", StringComparison.Ordinal)))
                open.Enqueue(System.Reflection.Assembly.Load(name));

        Assert.Contains("MathNet.Numerics", seen);
        Assert.DoesNotContain(seen, name => name.Contains("TorchSharp", StringComparison.OrdinalIgnoreCase) || name.Contains("Onnx", StringComparison.OrdinalIgnoreCase));
    }

    static IEnumerable<(string Path, string Layer, string Code)> Sources()
    {
        foreach (var assembly in (string[])["ModelCollapse", "ModelCollapse.Neural"])
            foreach (var path in Directory.EnumerateFiles(Path.Combine(Lib, assembly), "*.cs", SearchOption.AllDirectories))
            {
                var parts = Path.GetRelativePath(Path.Combine(Lib, assembly), path).Split(Path.DirectorySeparatorChar);
                if (parts[0] is "bin" or "obj") continue;
                yield return (Path.GetRelativePath(Lib, path), parts.Length == 1 ? "" : parts[0], Comment().Replace(File.ReadAllText(path), ""));
            }
    }

    /// <summary>The layers that a file names: in its usings, and before a type of theirs.</summary>
    static IEnumerable<string> ReferencesOf(string code, ILookup<string, string> types) =>
        Using().Matches(code).Select(m => m.Groups[1].Value)
            .Concat(Qualified().Matches(code).Where(m => types[m.Groups[2].Value].Contains(m.Groups[1].Value)).Select(m => m.Groups[1].Value));

    /// <summary>Registration in the root of the upper assembly and everything in the root of the lower one are below all.</summary>
    static int Rank(string layer) => Array.IndexOf(Order, layer);

    static string Named(string layer) => layer.Length == 0 ? "the root" : layer;

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"using (?:static )?ModelCollapse\.(\w+)[\w.]*;")]
    private static partial Regex Using();

    [GeneratedRegex(@"(?<![\w.])(?:ModelCollapse\.)?([A-Z]\w+)\.(?:\w+\.)?([A-Z]\w+)")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"^(?:public |internal |static |sealed |abstract |partial |readonly |unsafe )*(?:record struct|class|record|struct|interface|enum) (\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();
}
