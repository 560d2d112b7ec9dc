using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace ModelCollapse.Kernel.Execution;

/// <summary>
/// The chain of compiled cells. Each is a Roslyn submission that sees the ones before it. References and imports are given once and inherited
/// along the chain: given again, types become ambiguous.
/// </summary>
sealed class ScriptSession(string name)
{
    /// <summary>Namespaces that every cell sees; the last entries hold what is displayed with.</summary>
    public static readonly ImmutableArray<string> Imports =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Text", "System.Threading", "System.Threading.Tasks",
        "Microsoft.DotNet.Interactive.Formatting", "ModelCollapse.Kernel.Cells", "ModelCollapse.Kernel.Cells.CellFunctions",
    ];

    object?[] instances = new object?[64];
    int filled = 1; // the first place is that of a host object, which there is none of
    int compiled;

    /// <summary>The last cell that compiled.</summary>
    public CSharpCompilation? Last { get; private set; }

    /// <summary>Compiles and loads a cell, which from then on is part of the chain, whatever happens when it runs.</summary>
    /// <param name="references">Those that earlier cells did not have.</param>
    /// <exception cref="CompilationException">It does not compile; the chain is as before.</exception>
    public Func<Task<object?>> Compile(CellSource source, IEnumerable<MetadataReference> references, CancellationToken cancellation)
    {
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, scriptClassName: $"Submission#{compiled}", usings: Last is null ? Imports : [],
            optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Annotations,
            concurrentBuild: false, // cells are small: handing parts of them to other threads costs more than it saves
            sourceReferenceResolver: LoadedFiles.Instance, assemblyIdentityComparer: DesktopAssemblyIdentityComparer.Default);
        var compilation = CSharpCompilation.CreateScriptCompilation($"{name}-{compiled}", source.Tree, references, options, Last, typeof(object));
        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        var emitted = compilation.Emit(assembly, symbols, options: new(debugInformationFormat: DebugInformationFormat.PortablePdb), cancellationToken: cancellation);
        if (emitted.Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error)) throw new CompilationException(emitted.Diagnostics, source);
        Last = compilation;
        // Usings and directives alone are not emitted.
        if (!emitted.Success) return () => Task.FromResult<object?>(null);
        (assembly.Position, symbols.Position) = (0, 0);
        var loaded = AssemblyLoadContext.Default.LoadFromStream(assembly, symbols);
        var entry = compilation.GetEntryPoint(cancellation)!;
        var factory = loaded.GetType(entry.ContainingType.MetadataName, throwOnError: true)!
            .GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
            .CreateDelegate<Func<object?[], Task<object?>>>();
        compiled++;
        return () =>
        {
            if (filled + 1 >= instances.Length) Array.Resize(ref instances, instances.Length * 2);
            try { return factory(instances); }
            finally { if (instances[filled] is not null) filled++; }
        };
    }

    /// <summary>Whether the value of <paramref name="source"/>, just compiled, is one to show: a call without a result has none.</summary>
    public bool HasValue(CellSource source) =>
        source.Result is { } expression && Last!.GetSemanticModel(source.Tree).GetTypeInfo(expression).Type?.SpecialType != SpecialType.System_Void;

    /// <summary>Files of <c>#load</c>, relative to the notebook, with checks in their loops too.</summary>
    sealed class LoadedFiles : SourceFileResolver
    {
        public static readonly LoadedFiles Instance = new();

        LoadedFiles() : base([], Environment.CurrentDirectory) { }

        public override SourceText ReadText(string resolvedPath)
        {
            var code = LoadedScript.WithoutReferences(base.ReadText(resolvedPath).ToString(), resolvedPath);
            return SourceText.From(LoopChecks.For(CellSource.Parse(code, resolvedPath).GetRoot()).Apply(code), Encoding.UTF8);
        }
    }
}
