using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ModelCollapse.Kernel.Execution;

/// <summary>A file of <c>#load</c>. Its <c>#r</c> are the kernel's to resolve, as those of cells are, but relative to the file.</summary>
static class LoadedScript
{
    /// <summary>Paths and packages that a file and those that it loads refer to, in order; none where it cannot be read, which the compiler says.</summary>
    /// <param name="path">Full path of the file.</param>
    public static IReadOnlyList<string> ReferencesOf(string path) => ReferencesOf(path, []);

    /// <summary>The code of a file with its <c>#r</c> blanked out.</summary>
    public static string WithoutReferences(string code, string path)
    {
        var blank = new StringBuilder(code);
        foreach (var directive in DirectivesOf(code, path).OfType<ReferenceDirectiveTriviaSyntax>())
            for (var i = directive.SpanStart; i < code.Length && code[i] is not ('\n' or '\r'); i++) blank[i] = ' ';
        return blank.ToString();
    }

    static List<string> ReferencesOf(string path, HashSet<string> seen)
    {
        List<string> found = [];
        if (!File.Exists(path) || !seen.Add(path)) return found;
        foreach (var directive in DirectivesOf(File.ReadAllText(path), path))
            switch (directive)
            {
                case ReferenceDirectiveTriviaSyntax { IsActive: true, File.ValueText: { Length: > 0 } file }:
                    found.Add(IsPath(file) ? BesideIt(file) : file);
                    break;
                case LoadDirectiveTriviaSyntax { IsActive: true, File.ValueText: { Length: > 0 } file }:
                    found.AddRange(ReferencesOf(BesideIt(file), seen));
                    break;
            }
        return found;

        string BesideIt(string file) => Path.GetFullPath(file, Path.GetDirectoryName(path)!);
    }

    static bool IsPath(string reference) => !reference.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase) && (reference.Contains('/') || reference.Contains('\\'));

    static IEnumerable<SyntaxNode> DirectivesOf(string code, string path) =>
        CellSource.Parse(code, path).GetRoot().DescendantTrivia(descendIntoTrivia: true).Where(t => t.IsDirective).Select(t => t.GetStructure()!);
}
