using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ModelCollapse.Kernel.Editor;

/// <summary>
/// What the cells so far declare, as one short script: usings, types, functions, and variables with their types but without their values. Completion
/// works on it instead of the chain of all cells, whose cost grows with each of them.
/// </summary>
sealed class SessionSummary
{
    readonly List<string> usings = [];
    readonly Dictionary<string, string> declarations = [];

    public void Add(CSharpCompilation cell)
    {
        foreach (var tree in cell.SyntaxTrees)
            foreach (var directive in tree.GetCompilationUnitRoot().Usings)
                if (!usings.Contains(directive.ToString())) usings.Add(directive.ToString());
        if (cell.ScriptClass is not { } script) return;
        foreach (var member in script.GetMembers().Where(m => !m.IsImplicitlyDeclared))
            if (Declaration(member) is { } declaration)
            {
                // What is declared again takes the place of the old one.
                declarations.Remove(Key(member));
                declarations[Key(member)] = declaration;
            }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var line in usings.Concat(declarations.Values)) text.AppendLine(line);
        return text.ToString();
    }

    static string Key(ISymbol member) =>
        member is IMethodSymbol method ? $"{method.Name}({string.Join(',', method.Parameters.Select(p => p.Type.ToDisplayString()))})" : member.Name;

    static string? Declaration(ISymbol member) => member switch
    {
        IFieldSymbol { Type: { IsAnonymousType: false, TypeKind: not TypeKind.Error } type } => $"{type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)} {Escaped(member.Name)};",
        IFieldSymbol => Source(member)?.FirstAncestorOrSelf<VariableDeclarationSyntax>() is { } declaration ? declaration + ";" : null,
        INamedTypeSymbol or IPropertySymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary } => Source(member)?.ToString(),
        _ => null,
    };

    static SyntaxNode? Source(ISymbol member) => member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax();

    static string Escaped(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
}
